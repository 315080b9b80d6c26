#!/usr/bin/env python3
"""aecos validate: reports of a project, a revision and what changed; schemas that say what the program reads."""
import json
import os
import pathlib
import subprocess
import unittest

from people import AECOS, ENVIRONMENT, Team, main, run

ROOT = pathlib.Path(__file__).resolve().parents[2]
REQUIREMENTS = (ROOT / "tests/validate/house.ids").read_text()
MODEL = "models/house.ifc"

METADATA = {"globalId": "3cUkl32yn9qRSPvBJVyWYp", "class": "IfcWall"}
RECORD = {"id": "c-1", "path": "a.ifc", "kind": "binary", "chosen": "ours"}
CHANNEL = {"kind": "slack", "secret": "SLACK"}
FORGE = {"kind": "github", "repository": "acme/house"}
# For each file: what it may hold, and what it may not. Both the program and the JSON schema must say so.
WAIVER = {"specification": "Fire rating", "element": "0wall00001xxxxxxxxxxxA", "reason": "rated by the maker",
          "until": "2027-03-01", "by": "ana", "at": "2026-11-29"}
SOUND = {
    "metadata": [METADATA, {**METADATA, "name": "W-12", "properties": {"P": {"A": True, "B": [1, "x"], "C": None}},
                            "quantities": {"Length": {"value": 5.0, "unit": "m"}, "Count": 3}, "more": {}}],
    "project": [{}, {"version": 1, "id": "x", "name": "House", "sharedBranch": "develop", "remote": "origin",
                     "integrationPolicy": "latest", "more": 1}],
    "roles": [{}, {"version": 1, "locks": "deny", "members": {"ana": {"roles": ["architect"], "email": "a@example.org",
                                                                    "login": {"github": "ana"}}},
                   "roles": {"architect": {"may": [{"write": "elements/**"}], "not": [{"property": "*.LoadBearing"}],
                                           "owns": [{"class": "IfcBeam"}]}},
                   "branches": {"main": {"protected": True, "through": "change-request", "approvals": 1,
                                         "checks": ["readable"], "advisory": ["validate"]}}}],
    "waivers": [{}, {"version": 1, "waivers": {}}, {"waivers": {"w-1": WAIVER}},
                {"waivers": {"w-1": {**WAIVER, "path": "models/**", "rule": "ids-property", "at": "2026-11-29T10:00:00Z"}}}],
    "notify": [{}, {"channels": {"team": CHANNEL, "me": {"kind": "inbox", "to": "everybody"}},
                    "routes": [{"to": "team", "events": ["commit.*"]}], "quiet": {"from": "22:00", "to": "06:30"}}],
    "forge": [FORGE, {**FORGE, "kind": "gitlab", "repository": "a/b/c", "api": "https://git.example.org/api/v4",
                      "token": "FORGE_A", "webhook": "FORGE_B"}],
    "conflict": [RECORD, {**RECORD, "element": {"globalId": ""}, "base": {"value": 1}}],
}
UNSOUND = {
    "metadata": [[], {}, {**METADATA, "globalId": "x"}, {**METADATA, "class": 1}, {**METADATA, "properties": {"P": 1}},
                 {**METADATA, "quantities": {"L": "5 m"}}, {**METADATA, "name": 7}, {**METADATA, "compliance": []}],
    "project": [[], {"sharedBranch": "-x"}, {"sharedBranch": "a..b"}, {"integrationPolicy": "mine"}, {"name": 1}],
    "roles": [[], {"version": 2}, {"more": 1}, {"locks": "maybe"}, {"roles": {"a": {"may": [{}]}}},
              {"roles": {"a": {"may": [{"write": ""}]}}}, {"branches": {"main": {"approvals": -1}}},
              {"branches": {"main": {"through": "luck"}}}, {"roles": {"a": {"may": [{"element": "x"}]}}}],
    "waivers": [[], {"version": 2}, {"more": 1}, {"waivers": []}, {"waivers": {"w-1": {}}},
                {"waivers": {"w-1": {**WAIVER, "forever": True}}}, {"waivers": {"w-1": {**WAIVER, "reason": " "}}},
                {"waivers": {"w-1": {**WAIVER, "until": "next year"}}}, {"waivers": {"w-1": {**WAIVER, "element": "x"}}},
                {"waivers": {"w-1": {k: v for k, v in WAIVER.items() if k != "until"}}},
                {"waivers": {"w-1": {k: v for k, v in WAIVER.items() if k != "specification"}}},
                {"waivers": {"w-1": {k: v for k, v in WAIVER.items() if k != "element"}}}],
    "notify": [[], {"more": 1}, {"channels": {"a b": CHANNEL}}, {"channels": {"a": {"kind": "pigeon"}}},
               {"channels": {"a": {"kind": "slack"}}}, {"channels": {"a": {**CHANNEL, "url": "x"}}},
               {"channels": {"a": {"kind": "webhook"}}}, {"quiet": {"from": "25:00", "to": "06:00"}},
               {"channels": {"team": CHANNEL}, "routes": [{}]}],
    "forge": [[], {}, {**FORGE, "kind": "svn"}, {**FORGE, "repository": "house"}, {**FORGE, "token": "OTHER"},
              {**FORGE, "more": "x"}, {**FORGE, "api": "ftp://x"}],
    "conflict": [[], {}, {**RECORD, "kind": "odd"}, {**RECORD, "chosen": "mine"}, {**RECORD, "id": ""}],
}
PLACES = {"metadata": "elements/w/metadata.json", "conflict": ".aecos/conflicts/c-1.json"}


class Project(Team):
    def setUp(self):
        super().setUp()
        [self.ana] = self.people("ana", files={"README.md": "# House\n"})
        run(AECOS, "sample", "house.ifc", folder=self.ana.folder)
        self.ana.write(MODEL, self.ana.read("house.ifc"))
        self.ana.path("house.ifc").unlink()
        self.ana.write(".aecos/project.json", "{}\n")
        self.ana.write(".aecos/ids/house.ids", REQUIREMENTS)
        self.ana.git("add", "-A")
        self.ana.git("commit", "-q", "-m", "House")

    def report(self, *arguments, status):
        done = self.ana.aecos("validate", "--json", *arguments, check=False)
        self.assertEqual(done.returncode, status, done.stdout[-2000:] + done.stderr)
        return json.loads(done.stdout)

    def test_findings_name_element_place_and_remedy(self):
        report = self.report(status=1)
        fire = [each for each in report["findings"] if each.get("specification") == "External walls resist fire"]
        self.assertEqual(len(fire), 8)
        self.assertEqual({each["message"] for each in fire},
                         {'Pset_WallCommon.FireRating is "REI 60", not one of REI 90, REI 120'})
        self.assertEqual(fire[0]["mend"], "The fire concept asks for REI 90")
        self.assertEqual((fire[0]["path"], fire[0]["element"]["class"]), (MODEL, "IfcWall"))
        line = self.ana.read(MODEL).split("\n")[fire[0]["line"] - 1]
        self.assertTrue(line.startswith(f"#{fire[0]['element']['id']}=IFCWALL('{fire[0]['element']['globalId']}'"))
        self.assertFalse([each for each in report["findings"] if each["rule"].startswith("ifc-")])
        passed = {each["name"] for each in report["specifications"] if each["pass"]}
        self.assertIn("Doors fill an opening", passed)

    def test_only_what_changed_is_looked_at(self):
        self.assertEqual(self.report("--changed", status=0)["files"], 0)
        text = self.ana.read(MODEL)
        self.ana.write(MODEL, text.replace("'W-02',$,$", "'Wall 2',$,$", 1))
        found = {(each["element"]["name"], each["specification"])
                 for each in self.report("--changed", status=1)["findings"]}
        self.assertIn(("Wall 2", "Walls are numbered"), found)
        self.assertEqual({name for name, _ in found}, {"Wall 2"})

    def test_a_revision_is_as_it_was(self):
        before = self.report("HEAD", status=1)
        self.ana.write(MODEL, self.ana.read(MODEL).replace("REI 60", "REI 90"))
        after = self.report(status=1)
        self.assertEqual(self.report("HEAD", status=1)["findings"], before["findings"])
        self.assertLess(len(after["findings"]), len(before["findings"]))

    def test_reports_of_all_kinds(self):
        done = self.ana.aecos("validate", "--sarif", "out.sarif", "--html", "out.html", check=False)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn("External walls resist fire  8 findings", done.stdout)
        self.assertIn("to mend it: The fire concept asks for REI 90", done.stdout)
        sarif = self.ana.read_json("out.sarif")
        self.assertEqual(sarif["version"], "2.1.0")
        self.assertEqual(len(sarif["runs"][0]["results"]), len(self.report(status=1)["findings"]))
        self.assertIn("External walls resist fire (8)", self.ana.read("out.html"))

    def test_element_folders_are_held_to_the_same(self):
        whole = self.report(MODEL, status=1)
        self.ana.aecos("import", MODEL)
        self.ana.path(MODEL).unlink()
        parts = self.report(status=1)

        def failed(report):
            return {(each["specification"], each["element"]["globalId"], each["message"])
                    for each in report["findings"]}
        self.assertEqual(failed(parts), failed(whole))
        passed = [{each["name"] for each in report["specifications"] if each["pass"]} for report in (whole, parts)]
        self.assertEqual(passed[0], passed[1])

    def test_the_answer_hangs_not_on_how_a_folder_is_named(self):
        wanted = self.report("models", status=1)["findings"]
        for where, name in ((".", "./models/"), (".", self.ana.path("models")), ("models", "."), ("models", "../models"),
                            (".", "models//house.ifc"), ("models", "house.ifc")):
            done = run(AECOS, "validate", "--json", str(name), folder=self.ana.path(where), check=False)
            self.assertEqual(json.loads(done.stdout)["findings"], wanted, (where, name))

    def test_what_git_ignores_is_no_part_of_the_project(self):
        wanted = self.report(status=1)["findings"]
        self.ana.write("build/old.ifc", self.ana.read(MODEL).replace("REI 60", "REI 30"))
        self.assertGreater(len(self.report(status=1)["findings"]), len(wanted))
        self.ana.write(".gitignore", "build\n")
        self.assertEqual(self.report(status=1)["findings"], wanted)
        self.assertTrue(self.report("build/old.ifc", status=1)["findings"])  # Unless it is asked for.
        self.ana.write("build/old.ifc", "no model")
        run("git", "init", "-q", folder=self.ana.path("build"))  # Nor is another repository.
        self.ana.write(".gitignore", "")
        self.assertEqual(self.report(status=1)["findings"], wanted)

    @unittest.skipUnless(hasattr(os, "geteuid") and os.geteuid() == 0, "only root can give files to others")
    def test_a_project_that_cannot_be_opened_is_none_that_is_not_there(self):
        self.ana.aecos("import", MODEL)
        self.ana.sync()
        [wall, *_] = sorted(self.ana.path("elements").glob("wall-*/element.ifc"))
        edited = wall.read_text().replace("REI 60", "REI 45")
        wall.write_text(edited)
        for path in [self.ana.folder, *self.ana.folder.rglob("*")]:
            os.lchown(path, 65534, 65534)
        for arguments in (("import", MODEL), ("validate",), ("status",)):
            done = self.ana.aecos(*arguments, check=False)
            self.assertEqual(done.returncode, 4, (arguments, done.stdout))
            self.assertIn("belongs to another user", done.stderr)
        self.assertEqual(wall.read_text(), edited)
        home = self.ana.folder.with_name("home")
        home.mkdir()
        (home / ".gitconfig").write_text("[safe]\n\tdirectory = *\n[user]\n\tname = ana\n\temail = ana@example.org\n")
        done = subprocess.run([AECOS, "status"], cwd=self.ana.folder, text=True, capture_output=True,
                              env={"PATH": ENVIRONMENT["PATH"], "HOME": str(home), "LC_ALL": "C.UTF-8"})
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("W-", done.stdout)

    def test_unsound_requirements_are_said(self):
        self.ana.write("bad.ids", "<!DOCTYPE ids [<!ENTITY a 'b'>]><ids/>")
        report = self.report(MODEL, "--ids", "bad.ids", status=1)
        self.assertIn(("ids-invalid", "bad.ids"), {(each["rule"], each["path"]) for each in report["findings"]})

    def test_names_and_missing_files(self):
        self.ana.path(".aecos/project.json").unlink()
        rules = {each["rule"] for each in self.report("--naming", "iso19650", status=1)["findings"]}
        self.assertLessEqual({"name-iso19650", "project-missing"}, rules)

    def test_schemas_say_what_the_program_reads(self):
        try:
            import jsonschema_rs
        except ImportError:
            self.skipTest("PyPI's jsonschema_rs is not installed")
        for kind, place in ((kind, PLACES.get(kind, f".aecos/{kind}.json")) for kind in SOUND):
            schema = json.loads((ROOT / f"docs/schemas/{kind}.schema.json").read_text())
            validator = jsonschema_rs.validator_for(schema)
            for value, expected in [(v, True) for v in SOUND[kind]] + [(v, False) for v in UNSOUND[kind]]:
                self.assertEqual(validator.is_valid(value), expected, (kind, value))
                keep = self.ana.read(place) if self.ana.path(place).exists() else None
                self.ana.write_json(place, value)
                report = json.loads(self.ana.aecos("validate", "--json", check=False).stdout)
                faults = [each for each in report["findings"] if each["rule"] == "project-file"]
                self.assertEqual(not faults, expected, (kind, value, faults))
                self.ana.path(place).unlink() if keep is None else self.ana.write(place, keep)


if __name__ == "__main__":
    main()
