"""The pyRevit extension: its buttons pressed by people of whom one sits at a played Revit; all else is real."""
import os
import pathlib
import re
import subprocess
import sys
import unittest

from hub import HubTest
from people import AECOS, ENVIRONMENT, main, run
from python_package_test import has, pythons
from small_model import GUIDS, model

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
EXTENSION = ROOT / "integrations/pyrevit/aecos.extension"


class Extension(HubTest):
    def play(self, python):
        name = "at-" + re.sub("[^0-9]+", "-", run(python, "--version", folder=self.folder).stderr or python)[:20].strip("-")
        folder = self.folder / name
        self.project(name, "ana", ben="write")
        (folder / "exports").mkdir(parents=True)
        for login in ("ana", "ben"):
            (folder / login).mkdir()
            run("git", "init", "-q", folder=folder / login)
            for key, value in (("user.name", login.capitalize()), ("user.email", f"{login}@example.org")):
                run("git", "config", key, value, folder=folder / login)
            run(AECOS, "init", "--remote", self.hub.address(name, login), folder=folder / login)
        walls = {"W-1": {"FireRating": "REI 61"}, "W-2": {"FireRating": "REI 120"}}
        (folder / "exports/first.ifc").write_text(model(walls))
        walls["W-2"]["FireRating"] = "REI 122"
        (folder / "exports/second.ifc").write_text(model(walls, start=400, spelling="exported", salt="x"))
        environment = {**ENVIRONMENT, "HOME": str(self.folder), "AECOS": AECOS, "SCENARIO_FOLDER": str(folder),
                       "SCENARIO_EXTENSION": str(EXTENSION), "PYTHONDONTWRITEBYTECODE": "1",
                       "SCENARIO_WALLS": f"{GUIDS['W-1']} {GUIDS['W-2']}"}
        done = subprocess.run([python, str(ROOT / "tests/e2e/pyrevit_scenario.py")], capture_output=True, text=True,
                              env=environment, cwd=folder, timeout=300)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_the_buttons_do_what_they_say(self):
        self.play(sys.executable)

    def test_the_buttons_do_it_in_python_2_7_too(self):
        """The same syntax and types as IronPython's; that one itself runs inside Revit alone."""
        python = pythons().get("2.7")
        if not python:
            self.skipTest("no Python 2.7 on this machine")
        self.play(python)

    @unittest.skipUnless(has("yaml"), "PyYAML is not installed")
    def test_every_bundle_is_one(self):
        import yaml
        panel = EXTENSION / "aecos.tab/Team.panel"
        layout = yaml.safe_load((panel / "bundle.yaml").read_text())["layout"]
        buttons = sorted(panel.glob("*.pushbutton"))
        self.assertEqual(sorted(layout), [each.stem for each in buttons])
        self.assertEqual(yaml.safe_load((panel.parent / "bundle.yaml").read_text())["layout"], [panel.stem])
        for each in buttons:
            bundle = yaml.safe_load((each / "bundle.yaml").read_text())
            self.assertEqual({"title", "tooltip", "author"}, set(bundle))
            self.assertTrue((each / "script.py").read_text().startswith('"""' + bundle["tooltip"].strip() + '"""'))

    def test_only_one_file_talks_to_revit(self):
        for path in EXTENSION.rglob("*.py"):
            talks = re.search(r"^\s*(?:from|import) (?:pyrevit|Autodesk|System|clr)\b", path.read_text(), re.M)
            self.assertEqual(bool(talks), path.name == "aecos_revit.py", path)

    @unittest.skipUnless(has("ifcopenshell"), "PyPI's ifcopenshell is not installed")
    def test_global_ids_are_written_as_ifc_does(self):
        import uuid

        import ifcopenshell.guid
        sys.path.insert(0, str(EXTENSION / "lib"))
        from aecos_guid import compressed
        for number in [0, 1, 2 ** 128 - 1, *(uuid.uuid4().int for _ in range(500))]:
            guid = uuid.UUID(int=number)
            self.assertEqual(compressed(str(guid)), ifcopenshell.guid.compress(guid.hex))
            self.assertEqual(compressed("{%s}" % str(guid).upper()), ifcopenshell.guid.compress(guid.hex))


if __name__ == "__main__":
    main()
