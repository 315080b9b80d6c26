# -*- coding: utf-8 -*-
"""The buttons of the pyRevit extension, pressed: run by pyrevit_test.py, which says in the environment where all is.

Played are Revit and pyRevit alone, as their documentation describes what the extension uses of them; their members are
fixed, so that a call that they do not have fails. The scripts, the package, the program and the hub are real."""
from __future__ import print_function, unicode_literals

import json
import os
import runpy
import shutil
import sys
import types
import unittest
import uuid

FOLDER, EXTENSION = os.environ["SCENARIO_FOLDER"], os.environ["SCENARIO_EXTENSION"]
BUTTONS = os.path.join(EXTENSION, "aecos.tab", "Team.panel")
sys.path.insert(0, os.path.join(EXTENSION, "lib"))

import aecos_package  # noqa: E402
from aecos import Project  # noqa: E402

WALL_1, WALL_2 = os.environ["SCENARIO_WALLS"].split()


class Played(object):
    """Has the members that are listed, and no others."""

    def __init__(self, **members):
        self.__dict__.update(members)

    def __setattr__(self, name, value):
        if name not in self.__dict__:
            raise AttributeError(name)
        self.__dict__[name] = value


class Guid(object):
    def __init__(self, text):
        self._text = text

    def ToString(self):
        return self._text


class Parameter(object):
    def __init__(self, text):
        self._text = text

    def AsString(self):
        return self._text


class Element(object):
    def __init__(self, number, noted=None):
        self.Id, self.Document, self._noted = number, None, noted
        self.Category = Played(Name="Walls")

    def get_Parameter(self, which):
        assert which == "IFC_GUID", which
        return Parameter(self._noted) if self._noted is not None else None


class Document(object):
    def __init__(self):
        self.PathName, self.Title, self.exports, self.in_transaction = "", "Häuser am Hang", [], False

    def Export(self, folder, name, options):
        assert self.in_transaction, "Revit refuses to export IFC outside of a transaction"
        assert options.FileVersion == "IFC4" and os.path.isdir(folder), options
        if not self.exports:
            return False
        shutil.copyfile(self.exports.pop(0), os.path.join(folder, name))
        return True


class Transaction(object):
    def __init__(self, name):
        assert name

    def __enter__(self):
        DOCUMENT.in_transaction = True

    def __exit__(self, *_):
        DOCUMENT.in_transaction = False


class Person(object):
    """Who sits in front of Revit: what they answer, and all that they were shown and asked."""

    def __init__(self):
        self.answers, self.shown, self.asked, self.selected, self.settings = [], [], [], [], {}

    def answer(self, question):
        self.asked.append(question)
        answer = self.answers.pop(0)
        return answer(question) if callable(answer) else answer


DOCUMENT, PERSON = Document(), Person()


def module(name, **members):
    made = types.ModuleType(str(name))
    made.__dict__.update(members)
    sys.modules[str(name)] = made
    return made


def alert(msg, title=None, sub_msg=None, expanded=None, footer="", ok=True, cancel=False, yes=False, no=False, retry=False,
          warn_icon=True, options=None, exitscript=False):
    if yes:
        return PERSON.answer(msg)
    PERSON.shown.append(msg)


class CommandSwitchWindow(object):
    @classmethod
    def show(cls, context, title="User Input", width=500, height=600, **kwargs):
        answer = PERSON.answer((kwargs["message"], list(context)))
        assert answer is None or answer in context, (answer, context)
        return answer


class Config(object):
    def get_option(self, name, default_value=None):
        return json.loads(json.dumps(PERSON.settings.get(name, default_value)))

    def set_option(self, name, value):
        PERSON.settings[name] = value


def play():
    shown = Played(print_md=PERSON.shown.append)
    made = module("pyrevit")
    made.DB = module("pyrevit.DB", IFCExportOptions=lambda: Played(FileVersion=None, ExportBaseQuantities=False),
                     IFCVersion=Played(IFC4="IFC4", IFC2x3="IFC2x3"), BuiltInParameter=Played(IFC_GUID="IFC_GUID"),
                     ExportUtils=Played(GetExportId=lambda document, number: Guid(str(uuid.UUID(int=number)))))
    made.revit = module("pyrevit.revit", doc=DOCUMENT, Transaction=Transaction, get_selection=lambda: PERSON.selected)
    made.forms = module("pyrevit.forms", alert=alert, CommandSwitchWindow=CommandSwitchWindow,
                        ask_for_string=lambda default=None, prompt=None, title=None: PERSON.answer((prompt, default)),
                        pick_folder=lambda title=None, owner=None: PERSON.answer(title))
    made.script = module("pyrevit.script", get_output=lambda: shown, get_config=lambda section=None: Config(),
                         save_config=lambda: None)


def press(button, *answers):
    """What was shown."""
    PERSON.answers, PERSON.shown[:], PERSON.asked[:] = list(answers), [], []
    runpy.run_path(os.path.join(BUTTONS, button + ".pushbutton", "script.py"))
    assert not PERSON.answers, "not asked: %s" % PERSON.answers
    return "\n".join(PERSON.shown)


def accept(question):
    return question[1]


class Buttons(unittest.TestCase):
    def test_a_day_at_revit(self):
        ana, ben = Project.open(FOLDER + "/ana"), Project.open(FOLDER + "/ben")
        exports = FOLDER + "/exports/"

        # Nobody knows the project yet; who closes the question is left alone, who answers is not asked again.
        self.assertEqual("", press("Status", None))
        self.assertIn("is in no project", press("Status", FOLDER))
        self.assertIn("0 to share", press("Status", FOLDER + "/ana"))
        self.assertIn("develop", press("Sync"))

        # The first export is the model.
        DOCUMENT.exports = [exports + "first.ifc"]
        shown = press("Export and sync", lambda question: self.assertIn("models/", question[1]) or "models/haus.ifc")
        self.assertIn("shared: ", shown)
        self.assertEqual([], ana.status().changes)
        ben.sync()

        # Ben changes the one wall in the file itself, Revit exports the other one changed: all of it anew.
        model = os.path.join(ben.folder, "models", "haus.ifc")
        with open(model, "rb") as file:
            before = file.read()
        with open(model, "wb") as file:
            file.write(before.replace(b"'REI 61'", b"'REI 90'"))
        ben.sync()
        self.assertIn("REI 90", press("Sync"))
        DOCUMENT.exports = [exports + "second.ifc"]
        shown = press("Export and sync")
        self.assertIn("Kept: 1 changes by others to models/haus.ifc", shown)
        with open(os.path.join(ana.folder, "models", "haus.ifc"), "rb") as file:
            merged = file.read()
        self.assertTrue(b"'REI 90'" in merged and b"'REI 122'" in merged)
        ben.sync()
        self.assertEqual(["REI 120"], [change.before for change in ben.history(WALL_2)[0].changes if "Rating" in change.at])

        # Export again without a change: nothing to share, and ben's value is still there.
        DOCUMENT.exports = [exports + "second.ifc"]
        self.assertNotIn("shared", press("Export and sync"))
        self.assertEqual([], ben.sync().received)
        self.assertIn("Revit did not export", press("Export and sync"))

        # Locks by what Revit noted, and by what it derives.
        PERSON.selected = [Element(5, noted=WALL_1), Element(6)]
        shown = press("Lock", "Lock the selection", "Fassade")
        self.assertEqual(2, shown.count("is yours until"))
        self.assertEqual([WALL_1, "0000000000000000000006"], [lock.target for lock in ben.locks()])
        self.assertIn("locked by ana: Fassade", press("Lock", "Show all locks"))
        self.assertEqual(2, press("Lock", "Release the selection").count("is free again"))
        self.assertIn("was not locked", press("Lock", "Release the selection"))
        ben.lock(WALL_1, "Brandschutz")
        self.assertIn("locked by ben", press("Lock", "Lock the selection", "x", False))
        self.assertEqual("", ben.locks()[0].asked_by)
        self.assertIn("ben is asked for", press("Lock", "Lock the selection", "bitte", True))
        self.assertEqual("ana", ben.locks()[0].asked_by)
        PERSON.selected = []
        self.assertIn("the model", press("Lock", "Release the selection"))
        press("Lock", "Lock the selection", None)
        ben.unlock(WALL_1)
        ana.unlock("0000000000000000000006")

        # A conflict: both set the same property, and one says which value stands.
        with open(model, "rb") as file:
            before = file.read()
        with open(model, "wb") as file:
            file.write(before.replace(b"'REI 122'", b"'REI 180'"))
        ben.sync()
        with open(os.path.join(ana.folder, "models", "haus.ifc"), "wb") as file:
            file.write(merged.replace(b"'REI 122'", b"'REI 30'"))
        self.assertIn("to be settled", press("Sync"))
        self.assertIn("to be settled", press("Status"))
        press("Conflicts", None)
        press("Conflicts", lambda question: question[1][0], "Decide later")
        shown = press("Conflicts", lambda question: question[1][0],
                      lambda question: [each for each in question[1] if each.startswith("REI 180")][0])
        self.assertIn("is REI 180 now", shown)
        self.assertIn("All is settled", shown)
        press("Sync")
        self.assertIn("Nothing waits", press("Conflicts"))
        ben.sync()
        self.assertEqual([], ben.conflicts())

        # What cannot be done is one line, and the program's own.
        os.environ["AECOS"] = FOLDER + "/nothing"
        self.assertIn("which is no file", press("Sync"))


if __name__ == "__main__":
    play()
    unittest.main()
