"""The only file that talks to Revit and pyRevit: what a button needs of them, and nothing that decides."""
import hashlib
import os

from pyrevit import DB, forms, revit, script

from aecos_guid import compressed
from aecos_package import aecos

_SECTION = "aecos"


class Desk(object):
    """The model that is open, the person in front of it, and what was said before."""

    def document_path(self):
        """Where the model's file is; empty: it was not saved yet."""
        return revit.doc.PathName

    def document_title(self):
        """What the model is called."""
        return revit.doc.Title

    def selection(self):
        """[(GlobalId, name)] of the selected elements."""
        return [(global_id(each), name_of(each)) for each in revit.get_selection()]

    def export_ifc(self, folder, name):
        """Exports the model; where the file is. Revit notes the GlobalIds in the model, so it wants a transaction."""
        options = DB.IFCExportOptions()
        options.FileVersion = DB.IFCVersion.IFC4
        options.ExportBaseQuantities = True
        with revit.Transaction("aecos: export IFC"):
            done = revit.doc.Export(folder, name, options)
        exported = os.path.join(folder, name)
        if not done or not os.path.isfile(exported):
            raise aecos.errors.Unavailable("Revit did not export the model to IFC")
        return exported

    # The person.

    def alert(self, message):
        forms.alert(message, title="aecos")

    def confirm(self, question):
        return bool(forms.alert(question, title="aecos", yes=True, no=True, ok=False))

    def choose(self, options, message):
        """One of them; None: nobody chose."""
        return forms.CommandSwitchWindow.show(options, message=message)

    def ask_text(self, prompt, default):
        """None: it was closed."""
        return forms.ask_for_string(default=default, prompt=prompt, title="aecos")

    def pick_folder(self, title):
        return forms.pick_folder(title=title)

    def show(self, title, lines):
        """In pyRevit's output window, as Markdown."""
        output = script.get_output()
        output.print_md("## %s\n\n%s" % (title, "\n".join(lines)))

    # What was said before, for each model.

    def remembered(self, name):
        return script.get_config(_SECTION).get_option(self._option(name), "")

    def remember(self, name, value):
        script.get_config(_SECTION).set_option(self._option(name), value)
        script.save_config()

    def _option(self, name):
        model = self.document_path() or self.document_title()
        return "%s_%s" % (name, hashlib.sha1(model.encode("utf-8")).hexdigest()[:16])


def global_id(element):
    """As the export writes it: what was noted in the element, else what Revit derives."""
    noted = element.get_Parameter(DB.BuiltInParameter.IFC_GUID)
    if noted is not None and noted.AsString():
        return noted.AsString()
    return compressed(DB.ExportUtils.GetExportId(element.Document, element.Id).ToString())


def name_of(element):
    """As people know it."""
    category = element.Category.Name if element.Category is not None else "Element"
    return "%s %s" % (category, element.Id)
