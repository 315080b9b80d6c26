"""What BCF 2.1 and 3.0 ask of the XML texts of an archive, as far as aecos writes them: elements, their order and number,
attributes, forms."""
import io
import re
import xml.etree.ElementTree as ElementTree
import zipfile

GUID = {"2.1": r"[a-fA-F0-9]{8}(-[a-fA-F0-9]{4}){3}-[a-fA-F0-9]{12}", "3.0": r"[a-f0-9]{8}(-[a-f0-9]{4}){3}-[a-f0-9]{12}"}
IFC_GUID = r"[0-9A-Za-z_$]{22}"
DATE = r"-?\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?"
DOUBLE = r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?"
BOOLEAN, INTEGER = "true|false|0|1", r"[+-]?\d+"
MANY = None


def element(*content, **attributes):
    """Attributes: a form, with "?" in front where it may be missing. Content: (name, least, most, what) in this order;
    what is a form or an element."""
    return content, attributes


def components(name, text, at_least):
    component = element(("OriginatingSystem", 0, 1, text), ("AuthoringToolId", 0, 1, text), IfcGuid="?" + IFC_GUID)
    return name, 0, 1, element(("Component", at_least, MANY, component))


def visualisation(version):
    text = r"(?s)\s*\S.*" if version == "3.0" else "(?s).*"
    point = element(("X", 1, 1, DOUBLE), ("Y", 1, 1, DOUBLE), ("Z", 1, 1, DOUBLE))
    view = [("CameraViewPoint", 1, 1, point), ("CameraDirection", 1, 1, point), ("CameraUpVector", 1, 1, point)]
    ratio = [("AspectRatio", 1, 1, DOUBLE)] if version == "3.0" else []
    hints = ("ViewSetupHints", 0, 1, element(SpacesVisible="?" + BOOLEAN, SpaceBoundariesVisible="?" + BOOLEAN,
                                             OpeningsVisible="?" + BOOLEAN))
    least = 0 if version == "3.0" else 1
    visibility = [components("Exceptions", text, least)]
    content = [components("Selection", text, least)]
    (visibility if version == "3.0" else content).insert(0, hints)
    content.append(("Visibility", least, 1, element(*visibility, DefaultVisibility="?" + BOOLEAN)))
    return element(("Components", 0, 1, element(*content)),
                   ("OrthogonalCamera", 0, 1, element(*view, ("ViewToWorldScale", 1, 1, DOUBLE), *ratio)),
                   ("PerspectiveCamera", 0, 1, element(*view, ("FieldOfView", 1, 1, DOUBLE), *ratio)),
                   Guid=GUID[version])


def listed(version, many, one, what):
    """A list in an element of its own, or side by side."""
    if version == "3.0":
        return many, 0, 1, element((one, 0, MANY, what))
    return (many if one in ("Label", "ViewPoint") else one), 0, MANY, what


def markup(version):
    is_3 = version == "3.0"
    text, guid = r"(?s)\s*\S.*" if is_3 else "(?s).*", GUID[version]
    file = element(("Filename", 0, 1, text), ("Date", 0, 1, DATE), ("Reference", 0, 1, text),
                   **{"IfcProject": "?" + IFC_GUID, "IfcSpatialStructureElement": "?" + IFC_GUID,
                      "IsExternal" if is_3 else "isExternal": "?" + BOOLEAN})
    comment = element(("Date", 1, 1, DATE), ("Author", 1, 1, text), ("Comment", 0 if is_3 else 1, 1, text),
                      ("Viewpoint", 0, 1, element(Guid=guid)), ("ModifiedDate", 0, 1, DATE),
                      ("ModifiedAuthor", 0, 1, text), Guid=guid)
    viewpoint = element(("Viewpoint", 0, 1, text), ("Snapshot", 0, 1, text), ("Index", 0, 1, INTEGER), Guid=guid)
    beside = [listed(version, "Comments", "Comment", comment), listed(version, "Viewpoints", "ViewPoint", viewpoint)]
    topic = element(
        listed(version, "ReferenceLinks", "ReferenceLink", text), ("Title", 1, 1, text), ("Priority", 0, 1, text),
        ("Index", 0, 1, INTEGER), listed(version, "Labels", "Label", text), ("CreationDate", 1, 1, DATE),
        ("CreationAuthor", 1, 1, text), ("ModifiedDate", 0, 1, DATE), ("ModifiedAuthor", 0, 1, text),
        ("DueDate", 0, 1, DATE), ("AssignedTo", 0, 1, text), ("Stage", 0, 1, text), ("Description", 0, 1, text),
        listed(version, "RelatedTopics", "RelatedTopic", element(Guid=guid)), *(beside if is_3 else []),
        **{"Guid": guid, "TopicType": ("" if is_3 else "?") + text, "TopicStatus": ("" if is_3 else "?") + text,
           **({"ServerAssignedId": "?" + text} if is_3 else {})})
    files = ("Files", 0, 1, element(("File", 0, MANY, file))) if is_3 else ("File", 1, MANY, file)
    return element(("Header", 0, 1, element(files)), ("Topic", 1, 1, topic), *([] if is_3 else beside))


def project(version):
    one = element(("Name", 0, 1, ".+"), ProjectId=".+")
    return element(("Project", 1, 1, one)) if version == "3.0" else element(
        ("Project", 0, 1, one), ("ExtensionSchema", 1, 1, ".*"))


EXTENSIONS = element(*((many, 0, 1, element((one, 0, MANY, r"(?s)\s*\S.*"))) for many, one in (
    ("TopicTypes", "TopicType"), ("TopicStatuses", "TopicStatus"), ("Priorities", "Priority"),
    ("TopicLabels", "TopicLabel"), ("Users", "User"), ("SnippetTypes", "SnippetType"), ("Stages", "Stage"))))


def faults_of(node, what, path):
    if isinstance(what, str):
        if len(node) or node.attrib or not re.fullmatch(what, node.text or ""):
            yield f"{path}: {node.text!r}"
        return
    content, attributes = what
    for name, value in node.attrib.items():
        form = attributes.get(name)
        if form is None or not re.fullmatch(form.removeprefix("?"), value):
            yield f"{path}/@{name}: {value!r}"
    for name, form in attributes.items():
        if not form.startswith("?") and name not in node.attrib:
            yield f"{path}/@{name} is missing"
    children = list(node)
    for name, least, most, inner in content:
        count = 0
        while children and children[0].tag == name and (most is MANY or count < most):
            count += 1
            yield from faults_of(children.pop(0), inner, f"{path}/{name}")
        if count < least:
            yield f"{path}/{name} is missing"
    if children:
        yield f"{path}/{children[0].tag} is not allowed here"


def check(archive):
    """What is against the format in an archive, a line each."""
    with zipfile.ZipFile(io.BytesIO(archive)) as files:
        names = files.namelist()
        version = ElementTree.fromstring(files.read("bcf.version")).attrib.get("VersionId")
        if version not in ("2.1", "3.0"):
            return [f"version {version}"]
        kinds = {"bcf.version": ("Version", element(VersionId=".+")), "extensions.xml": ("Extensions", EXTENSIONS),
                 "project.bcfp": ("ProjectInfo" if version == "3.0" else "ProjectExtension", project(version)),
                 "markup.bcf": ("Markup", markup(version))}
        found = [f"{name} is there twice" for name in set(names) if names.count(name) > 1]
        if version == "3.0" and "extensions.xml" not in names:
            found.append("extensions.xml is missing")
        for name in names:
            kind = kinds.get(name.split("/")[-1])
            if name.endswith(".bcfv"):
                kind = ("VisualizationInfo", visualisation(version))
            if kind is None:
                continue
            root = ElementTree.fromstring(files.read(name))
            if root.tag != kind[0]:
                found.append(f"{name}: <{root.tag}>")
            found += faults_of(root, kind[1], name)
            if name.endswith(".bcfv") and version == "3.0" and len(root) < 2:
                found.append(f"{name}: a camera is missing")
            if name.endswith("/markup.bcf"):
                if root.find("Topic").get("Guid") != name.split("/")[0]:
                    found.append(f"{name}: the folder is not called as the topic")
                views = [view.findtext("Viewpoint") for view in root.iter("ViewPoint" if version == "3.0" else "Viewpoints")
                         if view.findtext("Viewpoint")]
                found += [f"{name}: no {view}" for view in views if name.replace("markup.bcf", view) not in names]
        return found
