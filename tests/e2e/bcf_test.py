#!/usr/bin/env python3
"""BCF: what aecos writes opens elsewhere, what others write is read, and a topic settled there settles its conflict."""
import datetime
import io
import json
import os
import pathlib
import stat
import unittest
import uuid
import warnings
import zipfile

import bcf_schema
from people import AECOS, Team, main, run
from small_model import GUIDS, model

try:
    import bcf.v2.bcfxml
    import bcf.v2.model
    import bcf.v3.bcfxml
    import bcf.v3.model
    import xmlschema
    from xsdata.models.datatype import XmlDateTime
except ImportError:
    bcf = None

ROOT = pathlib.Path(__file__).resolve().parents[2]
# buildingSMART's XML Schemas (schemas/2.1, schemas/3.0) and test cases (cases), where somebody has put them.
OFFICIAL = pathlib.Path(os.environ.get("AECOS_BCF") or ROOT.parent / "shared/data/bcf")
REQUIREMENTS = (ROOT / "tests/validate/house.ids").read_text()
MODEL = "models/house.ifc"
WALL = GUIDS["W-1"]
GUID = "3f6ac03e-de8e-4c5e-b3f0-c7bf5f87fe51"
VERSIONS = ("2.1", "3.0")


def archive(files):
    """A ZIP archive of names (or zipfile.ZipInfo) and texts."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as out, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Of one name twice, which is meant.
        for name, text in files:
            out.writestr(name, text)
    return made.getvalue()


def version_text(version):
    return f'<?xml version="1.0"?><Version VersionId="{version}"/>'


def markup_text(title="T", guid=GUID, more=""):
    return (f'<Markup><Topic Guid="{guid}" TopicType="Issue" TopicStatus="Open"><Title>{title}</Title>'
            f"<CreationDate>2026-03-31T12:00:00</CreationDate><CreationAuthor>a</CreationAuthor>{more}</Topic></Markup>")


class Archives(Team):
    def show(self, content, statuses=(0,)):
        path = self.folder / "shown.bcf"
        path.write_bytes(content)
        done = run(AECOS, "bcf", "show", path, "--json", folder=self.folder, check=False)
        self.assertIn(done.returncode, statuses, done.stderr)
        return json.loads(done.stdout)

    def refused(self, content):
        """The one line that says why."""
        path = self.folder / "refused.bcf"
        path.write_bytes(content)
        done = run(AECOS, "bcf", "show", path, folder=self.folder, check=False)
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
        self.assertIn("refused.bcf", done.stderr)
        return done.stderr

    def check(self, content):
        self.assertEqual(bcf_schema.check(content), [])
        if bcf is None or not (OFFICIAL / "schemas").is_dir():
            return
        with zipfile.ZipFile(io.BytesIO(content)) as files:
            version = "3.0" if "extensions.xml" in files.namelist() else "2.1"
            schemas = OFFICIAL / "schemas" / version
            kinds = {"version": "version", "bcfp": "project", "bcf": "markup", "bcfv": "visinfo", "xml": "extensions"}
            for name in files.namelist():
                kind = kinds.get(name.rsplit(".", 1)[-1])
                if kind:
                    xmlschema.validate(io.BytesIO(files.read(name)), str(schemas / f"{kind}.xsd"))
            if version == "2.1":  # Its own, narrower schema holds, too.
                own = self.folder / "own"
                own.mkdir(exist_ok=True)
                (own / "markup.xsd").write_bytes((schemas / "markup.xsd").read_bytes())
                (own / "extensions.xsd").write_bytes(files.read("extensions.xsd"))
                narrow = xmlschema.XMLSchema(str(own / "extensions.xsd"))
                for name in files.namelist():
                    if name.endswith("markup.bcf"):
                        narrow.validate(io.BytesIO(files.read(name)))


class Elsewhere(Archives):
    """What other programs wrote."""

    def test_habits_of_other_programs(self):
        upper = "{" + GUID.upper() + "}"
        view = ('<VisualizationInfo Guid="x"><Components><ViewSetupHints SpacesVisible="true" SpaceBoundariesVisible="false" '
                f'OpeningsVisible="false"/><Selection><Component IfcGuid="{WALL}"><OriginatingSystem>Any CAD</OriginatingSystem>'
                '</Component></Selection><Visibility DefaultVisibility="true"/></Components></VisualizationInfo>')
        markup = (f'\ufeff<?xml version="1.0" encoding="utf-8" standalone="yes"?>\r\n<Markup><Header><File isExternal="true">'
                  f'<Date>2026-03-31T09:00:00.1234567Z</Date></File></Header><Topic Guid="{upper}" TopicStatus="Active">'
                  "<ReferenceLink/><Title>Wand &amp; Tür</Title><Labels>ARC</Labels><Labels>STR</Labels><Index>1</Index>"
                  "<CreationDate>2026-03-31T12:00:00</CreationDate><CreationAuthor>Zoë</CreationAuthor><DueDate></DueDate>"
                  "<BimSnippet SnippetType='x'><Reference>a</Reference></BimSnippet><CustomField a='b'>?</CustomField></Topic>"
                  f'<Comment Guid="{GUID}"><Date>2026-03-31T12:00:00+02:00</Date><Author>Zoë</Author><Comment>Hm?</Comment>'
                  f'<Viewpoint Guid="{GUID}"/></Comment><Viewpoints Guid="{GUID}"><Viewpoint>viewpoint.bcfv</Viewpoint>'
                  "<Snapshot>snapshot.png</Snapshot></Viewpoints></Markup>")
        folder = GUID.upper()
        for separator in "/", "\\":
            shown = self.show(archive([
                ("bcf.version", version_text("2.1")), ("project.bcfp", "<ProjectExtension><Project ProjectId='7'/>"
                                                       "<ExtensionSchema>extensions.xsd</ExtensionSchema></ProjectExtension>"),
                (folder + separator, ""), (folder + separator + "markup.bcf", markup),
                (folder + separator + "viewpoint.bcfv", view), (folder + separator + "snapshot.png", b"\x89PNG\r\n")]))
            self.assertEqual((shown["version"], shown["faults"]), ("2.1", []))
            (topic,) = shown["topics"]
            self.assertEqual((topic["guid"], topic["title"], topic["status"]), (GUID, "Wand & Tür", "Active"))
            self.assertEqual((topic["labels"], topic["created"]), (["ARC", "STR"], "2026-03-31T12:00:00Z"))
            self.assertEqual(topic["comments"], [{"author": "Zoë", "text": "Hm?", "date": "2026-03-31T10:00:00Z"}])
            self.assertEqual(topic["viewpoints"][0]["selection"], [WALL])
            self.assertEqual(topic["viewpoints"][0]["snapshot"], "snapshot.png")

    def test_three_without_extensions_is_read(self):
        shown = self.show(archive([("bcf.version", version_text("3.0")), (f"{GUID}/markup.bcf", markup_text())]))
        self.assertEqual(len(shown["topics"]), 1)

    def test_a_table_for_people(self):
        path = self.folder / "a.bcf"
        path.write_bytes(archive([("bcf.version", version_text("3.0")), (f"{GUID}/markup.bcf", markup_text("Leak"))]))
        shown = run(AECOS, "bcf", "show", path, folder=self.folder).stdout
        self.assertIn("Leak", shown)
        self.assertIn("BCF 3.0, 1 topic", shown)

    def test_one_broken_topic_is_told_and_the_others_are_read(self):
        other = str(uuid.UUID(int=7))
        shown = self.show(archive([
            ("bcf.version", version_text("3.0")), ("a/markup.bcf", markup_text(guid="none")),
            ("b/markup.bcf", markup_text(guid=other)), ("c/markup.bcf", markup_text(more="<DueDate>soon</DueDate>")),
            ("d/markup.bcf", "<Markup>")]), statuses=(1,))
        self.assertEqual([topic["guid"] for topic in shown["topics"]], [other])
        self.assertEqual([fault.split("/")[0] for fault in shown["faults"]], ["a", "c", "d"])

    def test_hostile_archives_are_refused(self):
        head = ("bcf.version", version_text("3.0"))
        for name in ("../evil.txt", "/etc/evil", "C:\\evil", "a/../../evil", "..\\evil"):
            self.assertIn("leads out of it", self.refused(archive([head, (name, "x")])))
        link = zipfile.ZipInfo("a/link")
        link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
        self.assertIn("a link", self.refused(archive([head, (link, "/etc/passwd")])))
        twice = [head, (f"{GUID}/markup.bcf", markup_text()), (f"{GUID}/markup.bcf", markup_text("other"))]
        self.assertIn("two files", self.refused(archive(twice)))
        self.assertIn("would grow to more than", self.refused(archive([head, ("a/markup.bcf", b" " * (1 << 28))])))
        many = [head] + [(f"{number}/markup.bcf", "") for number in range(100_001)]
        self.assertIn("more than 100000 topics", self.refused(archive(many)))
        self.assertIn("no bcf.version", self.refused(archive([("a.txt", "x")])))
        self.assertIn("cannot be opened", self.refused(b"no archive"))
        self.assertIn("version", self.refused(archive([("bcf.version", version_text("1.0"))])))
        cut = archive([head, ("a/markup.bcf", markup_text())])
        self.refused(cut[: len(cut) // 2])

    def test_entities_do_nothing(self):
        laughs = ('<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]>'
                  "<Markup><Topic><Title>&b;&c;</Title></Topic></Markup>")
        shown = self.show(archive([("bcf.version", version_text("3.0")), ("a/markup.bcf", laughs)]), statuses=(1,))
        self.assertEqual(shown["topics"], [])
        self.assertEqual(len(shown["faults"]), 1)
        self.assertNotIn("root:", json.dumps(shown))

    @unittest.skipUnless((OFFICIAL / "cases").is_dir(), "the official test cases are not here")
    def test_official_archives(self):
        cases = sorted((OFFICIAL / "cases").iterdir())
        for case in cases:
            with self.subTest(case=case.name):
                shown = self.show(case.read_bytes())
                self.assertGreater(len(shown["topics"]), 0)
                with zipfile.ZipFile(case) as files:
                    markups = [name for name in files.namelist() if name.endswith("markup.bcf")]
                self.assertEqual(len(shown["topics"]), len(markups))
        print(f"{len(cases)} official archives")

    @unittest.skipIf(bcf is None, "bcf-client is not installed")
    def test_archives_of_bcf_client(self):
        for made in (bcf.v2.bcfxml.BcfXml.create_new("House"), bcf.v3.bcfxml.BcfXml.create_new("House")):
            topic = made.add_topic("Missing wall", "It is not there.\nWhy?", "zoe@example.org", "Issue", "Open")
            topic.add_viewpoint_from_point_and_guids(__import__("numpy").array([1.0, 2.0, 3.0]), WALL)
            path = self.folder / "client.bcf"
            made.save(path)
            shown = self.show(path.read_bytes())
            self.assertEqual((shown["version"], shown["project"], shown["faults"]), (made.version.version_id, "House", []))
            (read,) = shown["topics"]
            self.assertEqual((read["title"], read["description"]), ("Missing wall", "It is not there.\nWhy?"))
            self.assertEqual(read["viewpoints"][0]["selection"], [WALL])
            self.assertEqual(read["viewpoints"][0]["camera"]["kind"], "perspective")


class Conflicts(Archives):
    def setUp(self):
        super().setUp()
        self.ana, self.bo = self.people("ana", "bo", files={MODEL: model(), "notes.md": "# Notes\n\nOne.\n"})
        self.conflict("REI 90", "REI 120")

    def conflict(self, ours, theirs, wall="W-1"):
        self.ana.write(MODEL, model({wall: {"FireRating": ours}}))
        self.bo.write(MODEL, model({wall: {"FireRating": theirs}}))
        self.ana.sync()
        self.bo.sync()
        self.settle([self.ana, self.bo])
        ((self.id, self.record),) = self.ana.records().items()

    def export(self, version="3.0", person=None):
        path = self.folder / "conflicts.bcf"
        (person or self.ana).aecos("conflicts", "--bcf", path, "--bcf-version", version)
        return path.read_bytes()

    def import_(self, content, *more, person=None, status=0):
        path = self.folder / "back.bcf"
        path.write_bytes(content)
        done = (person or self.ana).aecos("bcf", "import", path, "--json", *more, statuses=(status,))
        return json.loads(done.stdout)

    def answered(self, content, *comments, status="Closed", labels=()):
        """As bcf-client saves it once somebody wrote these comments, of one minute after the other."""
        path = self.folder / "answered.bcf"
        path.write_bytes(content)
        is_3 = b"extensions.xml" in content
        module = bcf.v3 if is_3 else bcf.v2
        opened = module.bcfxml.BcfXml.load(path)
        (topic,) = opened.topics.values()
        topic.topic.topic_status = status
        made = [module.model.Comment(date=XmlDateTime.from_datetime(datetime.datetime(2026, 11, 29, 12, minute)),
                                     author="cem@example.org", comment=text, guid=str(uuid.uuid4()))
                for minute, text in enumerate(comments)]
        if is_3 and made:
            topic.topic.comments = module.model.TopicComments(comment=made)
        elif made:
            topic.markup.comment.extend(made)
        if labels and is_3:
            topic.topic.labels.label.extend(labels)
        elif labels:
            topic.topic.labels.extend(labels)
        saved = self.folder / "saved.bcf"
        opened.save(saved)
        opened.close()
        return saved.read_bytes()

    def fire_rating(self, value):
        self.assertIn(f"'FireRating',$,IFCLABEL('{value}')", self.ana.read(MODEL))

    def test_a_topic_says_what_stands_against_what(self):
        for version in VERSIONS:
            content = self.export(version)
            self.check(content)
            self.assertEqual(self.export(version), content)
            shown = self.show(content)
            self.assertEqual((shown["version"], shown["faults"]), (version, []))
            (topic,) = shown["topics"]
            self.assertEqual((topic["type"], topic["status"]), ("Conflict", "Open"))
            for word in ("REI 60", "REI 90", "REI 120", "ana", "bo", self.id, MODEL, self.record["ours"]["commit"]):
                self.assertIn(word, topic["description"])
            head = self.ana.git("rev-parse", "HEAD").stdout.strip()
            self.assertEqual(topic["referenceLinks"], [f"git:{head}"])
            self.assertEqual(topic["files"], [{"name": "house.ifc", "ifcProject": "0project00000000000000",
                                               "reference": f"git:{head}:{MODEL}"}])
            (view,) = topic["viewpoints"]
            self.assertEqual(view["selection"], [WALL])
            self.assertGreater(view["camera"]["position"][2], 0)

    def test_the_same_conflict_is_the_same_topic_for_everybody(self):
        first, other = (self.show(self.export(person=person))["topics"][0]["guid"] for person in (self.ana, self.bo))
        self.assertEqual(first, other)

    def test_links_lead_to_the_forge(self):
        self.ana.write_json(".aecos/forge.json", {"kind": "github", "repository": "acme/house"})
        self.ana.sync()
        head = self.ana.git("rev-parse", "HEAD").stdout.strip()
        (topic,) = self.show(self.export())["topics"]
        self.assertEqual(topic["referenceLinks"], [f"https://github.com/acme/house/commit/{head}"])
        self.assertEqual(topic["files"][0]["reference"], f"https://github.com/acme/house/blob/{head}/{MODEL}")

    def test_links_lead_to_the_hub_and_tell_no_secret(self):
        head = self.ana.git("rev-parse", "HEAD").stdout.strip()
        self.ana.git("config", "aecos.hub", "true")
        self.ana.git("remote", "set-url", "origin", "https://ana:not-for-others@hub.example.org/house.git")
        content = self.export()
        (topic,) = self.show(content)["topics"]
        hub = "https://hub.example.org"
        self.assertEqual(topic["referenceLinks"], [
            f"{hub}/projects/house/conflicts/{self.id}", f"{hub}/api/v1/projects/house/commits?from={head}",
            f"{hub}/projects/house/view?element={WALL}"])
        self.assertEqual(topic["files"][0]["reference"], f"git+{hub}/house.git#{head}:{MODEL}")
        with zipfile.ZipFile(io.BytesIO(content)) as files:
            for name in files.namelist():
                self.assertNotIn(b"not-for-others", files.read(name))

    def test_nothing_half_written(self):
        done = self.ana.aecos("conflicts", "--bcf", "no/such/folder/a.bcf", statuses=(2,))
        self.assertEqual(done.stderr.count("\n"), 1)
        done = self.ana.aecos("conflicts", "--bcf", "a.bcf", "--bcf-version", "1.0", check=False)
        self.assertEqual(done.returncode, 2)
        self.assertFalse(self.ana.path("a.bcf").exists())

    @unittest.skipIf(bcf is None, "bcf-client is not installed")
    def test_it_opens_in_bcf_client_and_what_is_decided_there_settles_it(self):
        for version, values in zip(VERSIONS, (("REI 90", "REI 120"), ("REI 30", "REI 180"))):
            if version == "3.0":
                self.conflict(*values, wall="W-2")
            content = self.export(version)
            answer = self.answered(content, "ours", "No, Bo is right.\naecos: Theirs.")
            before = self.ana.git("rev-parse", "HEAD").stdout
            trial = self.import_(answer, "--dry-run")
            self.assertEqual((trial["topics"][0]["what"], trial["topics"][0]["decision"]), ("settled", "theirs"))
            self.assertEqual(self.ana.git("rev-parse", "HEAD").stdout, before)
            self.assertNotEqual(self.ana.records(), {})
            for more in (("--dry-run",), ()):  # Nobody puts a new value into a model for its author.
                refused = self.import_(self.answered(content, "value: REI 240"), *more, status=1)["topics"][0]
                self.assertEqual(refused["what"], "undecided")
                self.assertIn("edit the model", refused["note"])
            self.assertEqual(self.ana.git("rev-parse", "HEAD").stdout, before)
            report = self.import_(answer)
            self.assertEqual(report["settled"], 1)
            self.assertEqual(report["topics"][0]["author"], "cem@example.org")
            self.fire_rating(values[1])
            self.assertEqual(self.ana.records(), {})
            message = self.ana.git("log", "-1", "--format=%B").stdout
            self.assertIn('Decided in BCF by cem@example.org: "aecos: Theirs."', message)
            self.assertIn(f"Aecos-Resolved: {self.id} theirs", message)
            head = self.ana.git("rev-parse", "HEAD").stdout
            again = self.import_(answer)
            self.assertEqual((again["settled"], again["topics"][0]["what"]), (0, "done"))
            self.assertEqual(self.ana.git("rev-parse", "HEAD").stdout, head)
            self.settle([self.ana, self.bo])
            self.assert_same([self.ana, self.bo])
            self.assertEqual(self.bo.records(), {})

    @unittest.skipIf(bcf is None, "bcf-client is not installed")
    def test_another_value(self):
        self.import_(self.answered(self.export(), "ours"))
        wall = {"globalId": WALL, "class": "IfcWall", "name": "W-1", "properties": {"Pset_WallCommon": {"FireRating": "A"}}}
        self.ana.write_json("elements/w/metadata.json", wall)
        self.settle([self.ana, self.bo])
        for person, value in ((self.ana, "B"), (self.bo, "C")):
            wall["properties"]["Pset_WallCommon"]["FireRating"] = value
            person.write_json("elements/w/metadata.json", wall)
        self.settle([self.ana, self.bo])
        report = self.import_(self.answered(self.export(), "value: REI 240", status="Resolved"))
        self.assertEqual(report["topics"][0]["decision"], "value: REI 240")
        wall["properties"]["Pset_WallCommon"]["FireRating"] = "REI 240"
        self.assertEqual(self.ana.read_json("elements/w/metadata.json"), wall)

    @unittest.skipIf(bcf is None, "bcf-client is not installed")
    def test_a_value_that_cannot_be_put_there_is_told(self):
        before = self.ana.git("rev-parse", "HEAD").stdout
        report = self.import_(self.answered(self.export(), "value: REI 240"), status=1)
        self.assertEqual((report["settled"], report["topics"][0]["what"]), (0, "undecided"))
        self.assertIn("--as-is", report["topics"][0]["note"])
        self.assertEqual(self.ana.git("rev-parse", "HEAD").stdout, before)

    @unittest.skipIf(bcf is None, "bcf-client is not installed")
    def test_a_label_decides(self):
        for version in VERSIONS:
            answer = self.answered(self.export(version), "Done.", labels=["base"])
            self.assertEqual(self.import_(answer, "--dry-run")["topics"][0]["decision"], "base")
        self.import_(answer)
        self.fire_rating("REI 60")

    @unittest.skipIf(bcf is None, "bcf-client is not installed")
    def test_nothing_is_guessed(self):
        content = self.export()
        for comments, status, what, code, note in (
                ((), "Open", "open", 0, '"Open"'), (("theirs",), "In Progress", "open", 0, "close it"),
                ((), "Closed", "undecided", 1, "without a decision"),
                (("theirs looks better to me",), "Closed", "undecided", 1, "without a decision"),
                (("value: ",), "Closed", "undecided", 1, "without a decision")):
            with self.subTest(comments=comments, status=status):
                report = self.import_(self.answered(content, *comments, status=status), status=code)
                self.assertEqual((report["settled"], report["topics"][0]["what"]), (0, what))
                self.assertIn(note, report["topics"][0]["note"])
        self.assertEqual(list(self.ana.records()), [self.id])

    @unittest.skipIf(bcf is None, "bcf-client is not installed")
    def test_both_files_of_an_element_are_settled_by_one_topic(self):
        self.import_(self.answered(self.export(), "ours"))

        def write(person, value):
            person.write("elements/w-2/element.ifc", model({"W-1": {"FireRating": value}}, count=1))
            person.write_json("elements/w-2/metadata.json", {
                "globalId": WALL, "class": "IfcWall", "name": "W-1",
                "properties": {"Pset_WallCommon": {"FireRating": value, "LoadBearing": True, "Reference": "A"}}})

        write(self.ana, "A")
        self.settle([self.ana, self.bo])
        write(self.ana, "B"), write(self.bo, "C")
        self.settle([self.ana, self.bo])
        content = self.export()
        self.check(content)
        shown = self.show(content)["topics"]
        self.assertEqual(len(shown), len(self.ana.records()))
        path = self.folder / "two.bcf"
        path.write_bytes(content)
        opened = bcf.v3.bcfxml.BcfXml.load(path)
        for topic in opened.topics.values():
            topic.topic.topic_status = "Closed"
            topic.topic.comments = bcf.v3.model.TopicComments(comment=[bcf.v3.model.Comment(
                date=XmlDateTime(2026, 11, 29, 12, 0, 0), author="cem", comment="theirs", guid=str(uuid.uuid4()))])
        opened.save(self.folder / "closed.bcf")
        opened.close()
        report = self.import_((self.folder / "closed.bcf").read_bytes())
        self.assertEqual(report["settled"], 1)
        self.assertEqual({topic["what"] for topic in report["topics"][1:]} - {"done"}, set())
        self.assertEqual(self.ana.records(), {})
        self.assertIn("IFCLABEL('C')", self.ana.read("elements/w-2/element.ifc"))
        self.assertEqual(self.ana.read_json("elements/w-2/metadata.json")["properties"]["Pset_WallCommon"]["FireRating"], "C")

    def test_topics_of_others_are_left_alone(self):
        closed = markup_text().replace('"Open"', '"Closed"').replace("</Topic>", "<Comments><Comment Guid=\"" + GUID +
                                       '"><Date>2026-01-01T00:00:00Z</Date><Author>a</Author><Comment>ours</Comment>'
                                       "</Comment></Comments></Topic>")
        report = self.import_(archive([("bcf.version", version_text("3.0")), (f"{GUID}/markup.bcf", closed)]))
        self.assertEqual(report["topics"][0]["what"], "unknown")
        stranger = self.people_of_another_project()
        report = self.import_(self.export(), person=stranger)
        self.assertEqual(report["topics"][0]["what"], "unknown")
        self.assertIn("not known here", report["topics"][0]["note"])

    def people_of_another_project(self):
        self.origin = self.folder / "other.git"
        run("git", "init", "-q", "--bare", "-b", "develop", self.origin, folder=self.folder)
        (cem,) = self.people("cem")
        return cem

    def test_what_it_says_to_people(self):
        path = self.folder / "a.bcf"
        path.write_bytes(self.export())
        done = self.ana.aecos("bcf", "import", path)
        self.assertIn("open", done.stdout)
        self.assertIn(self.id, done.stdout)
        self.assertIn("1 topic, 0 settled", done.stdout)


class Findings(Archives):
    def setUp(self):
        super().setUp()
        (self.ana,) = self.people("ana", files={MODEL: model({"W-1": {"FireRating": ""}}),
                                                ".aecos/ids/house.ids": REQUIREMENTS})

    def export(self, *more, version="3.0"):
        path = self.folder / "findings.bcf"
        done = self.ana.aecos("validate", "--json", "--bcf", path, "--bcf-version", version, *more)
        return path.read_bytes(), json.loads(done.stdout)

    def test_one_topic_for_each_finding(self):
        for version in VERSIONS:
            content, report = self.export(version=version)
            self.check(content)
            self.assertEqual(self.export(version=version)[0], content)
            topics = self.show(content)["topics"]
            self.assertGreater(len(topics), 0)
            self.assertEqual(len(topics), len(report["findings"]))
            for topic, finding in zip(topics, report["findings"]):
                self.assertEqual(topic["labels"], [finding["rule"]])
                self.assertIn(finding["message"], topic["description"])
                selected = [view["selection"] for view in topic["viewpoints"]]
                wanted = finding.get("element", {}).get("globalId")
                self.assertEqual(selected, [[wanted]] if wanted else [])
            self.assertEqual(len({topic["guid"] for topic in topics}), len(topics))

    def test_what_is_still_wrong_is_the_same_topic(self):
        before = {topic["guid"] for topic in self.show(self.export()[0])["topics"]}
        self.ana.write(MODEL, model({"W-1": {"FireRating": ""}, "W-2": {"Name": "W-20"}}, start=500))
        self.ana.sync()
        after = {topic["guid"] for topic in self.show(self.export()[0])["topics"]}
        self.assertGreater(len(before & after), 0)

    def test_a_revision_is_linked_to_its_commit(self):
        first = self.ana.git("rev-parse", "HEAD").stdout.strip()
        self.ana.write(MODEL, model())
        self.ana.sync()
        for topic in self.show(self.export("HEAD~1")[0])["topics"]:
            self.assertEqual(topic["referenceLinks"][0], f"git:{first}")

    def test_no_more_than_asked_for(self):
        topics = self.show(self.export("--most", "1")[0])["topics"]
        groups = [topic["labels"][0] for topic in topics]
        self.assertLessEqual(len(topics), len(self.export()[1]["findings"]))
        self.assertGreater(len(groups), 0)

    @unittest.skipIf(bcf is None, "bcf-client is not installed")
    def test_it_opens_in_bcf_client(self):
        for version in VERSIONS:
            content, report = self.export(version=version)
            path = self.folder / "opened.bcf"
            path.write_bytes(content)
            module = bcf.v3 if version == "3.0" else bcf.v2
            with module.bcfxml.BcfXml.load(path) as opened:
                self.assertEqual(opened.version.version_id, version)
                self.assertEqual(len(opened.topics), len(report["findings"]))
                self.assertTrue(opened.extensions)
                for topic in opened.topics.values():
                    self.assertTrue(topic.topic.title)
                    for view in topic.viewpoints.values():
                        (component,) = view.visualization_info.components.selection.component
                        self.assertRegex(component.ifc_guid, "^[0-9A-Za-z_$]{22}$")


if __name__ == "__main__":
    main()
