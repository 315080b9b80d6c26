#!/usr/bin/env python3
"""Status, conflicts, resolve, undo, log, blame and doctor, as people use them."""
import http.server
import json
import subprocess
import threading
import time
import unittest

from people import AECOS, ENVIRONMENT, Team, main, run

GUID = "3cUkl32yn9qRSPvBJVyWYp"
WALL = {"globalId": GUID, "class": "IfcWall", "name": "W-12",
        "properties": {"FireRating": "REI 60", "LoadBearing": True, "Width": 0.3}}
FILE = "elements/wall-w12-3cUkl32y/metadata.json"

MODEL = """ISO-10303-21;
HEADER;
FILE_DESCRIPTION(('ViewDefinition [CoordinationView]'),'2;1');
FILE_NAME('house.ifc','2026-01-01T00:00:00',(''),(''),'','','');
FILE_SCHEMA(('IFC4'));
ENDSEC;
DATA;
#1=IFCPROJECT('0AAAAAAAAAAAAAAAAAAAA0',$,'House',$,$,$,$,$,#2);
#2=IFCUNITASSIGNMENT((#3));
#3=IFCSIUNIT(*,.LENGTHUNIT.,$,.METRE.);
#10=IFCWALL('3cUkl32yn9qRSPvBJVyWYp',$,'W-12',$,$,$,$,$,$);
#11=IFCPROPERTYSINGLEVALUE('FireRating',$,IFCLABEL('REI 60'),$);
#12=IFCPROPERTYSINGLEVALUE('Width',$,IFCLENGTHMEASURE(0.3),$);
#13=IFCPROPERTYSET('2PSETAAAAAAAAAAAAAAAAA',$,'Pset_WallCommon',$,(#11,#12));
#14=IFCRELDEFINESBYPROPERTIES('3RELAAAAAAAAAAAAAAAAAA',$,$,$,(#10),#13);
ENDSEC;
END-ISO-10303-21;
"""


class Commands(Team):
    def setUp(self):
        super().setUp()
        self.ana, self.ben = self.people("ana", "ben", files={
            FILE: json.dumps(WALL, indent=2) + "\n", "house.ifc": MODEL, "notes.md": "# Notes\n\nOne.\n",
            "photo.png": b"\x89PNG\0base"})

    def set(self, person, **properties):
        person.edit_json(FILE, lambda wall: wall["properties"].update(properties))

    def fire(self, person, value):
        person.write("house.ifc", person.read("house.ifc").replace(
            person.read("house.ifc").split("IFCLABEL('")[1].split("'")[0], value, 1))

    def conflict(self, kind="json"):
        """Ana's REI 90 stands, ben's REI 120 is recorded; its id."""
        if kind == "json":
            self.set(self.ana, FireRating="REI 90")
            self.set(self.ben, FireRating="REI 120")
        elif kind == "ifc":
            self.fire(self.ana, "REI 90")
            self.fire(self.ben, "REI 120")
        elif kind == "binary":
            self.ana.write("photo.png", b"\x89PNG\0ana")
            self.ben.write("photo.png", b"\x89PNG\0ben")
        else:
            self.ana.path("notes.md").unlink()
            self.ben.write("notes.md", "# Notes\n\nOne, changed.\n")
        self.ana.sync()
        self.ben.sync()
        self.ana.sync()
        (record,) = self.ana.records()
        return record

    def share(self, person):
        person.sync()
        self.settle([self.ana, self.ben])
        self.assert_same([self.ana, self.ben])
        self.assertEqual(self.ben.records(), {})

    def test_an_empty_folder_in_another_work_tree_becomes_a_project_of_its_own(self):
        around = self.ana.git("config", "--local", "--list").stdout
        desk = self.ana.folder / "inside/desk"
        desk.mkdir(parents=True)
        environment = {**ENVIRONMENT, "HOME": str(self.folder)}
        del environment["GIT_CONFIG_GLOBAL"]
        (self.folder / ".gitconfig").write_text("[user]\n\tname = Ana\n\temail = ana@example.org\n")
        subprocess.run([AECOS, "-C", desk, "init", "--remote", self.origin], check=True, capture_output=True,
                       env=environment)
        self.assertTrue((desk / ".git").is_dir())
        self.assertEqual((desk / "house.ifc").read_text(), MODEL)
        self.assertIn("Nothing saved", run(AECOS, "status", folder=desk).stdout)
        self.assertEqual(self.ana.git("config", "--local", "--list").stdout, around)

    def test_a_project_that_cannot_be_joined_leaves_nothing_behind(self):
        desk = self.folder / "desk"
        desk.mkdir()
        (desk / "house.ifc").write_text("mine")
        environment = {**ENVIRONMENT, "HOME": str(desk)}
        del environment["GIT_CONFIG_GLOBAL"]
        (desk / ".gitconfig").write_text("[user]\n\tname = Ana\n\temail = ana@example.org\n")

        def init(address, status):
            done = subprocess.run([AECOS, "init", "--remote", address], cwd=desk, env=environment, text=True,
                                  capture_output=True)
            self.assertEqual(done.returncode, status, done.stderr)
            self.assertNotIn(".;", done.stderr)
            return done.stderr
        init(self.folder / "nosuch.git", 2)
        self.assertEqual({path.name for path in desk.iterdir()}, {"house.ifc", ".gitconfig"})
        self.assertIn("house.ifc; move them aside and", init(self.origin, 3))
        self.assertFalse((desk / ".git").exists())
        (desk / "house.ifc").unlink()
        init(self.origin, 0)
        self.assertEqual((desk / "house.ifc").read_text(), MODEL)

    def test_a_remote_that_cannot_be_reached_is_not_kept(self):
        desk = self.folder / "desk"
        run("git", "init", "-q", desk, folder=self.folder)
        for key, value in (("user.name", "ana"), ("user.email", "ana@example.org")):
            run("git", "config", key, value, folder=desk)
        done = run(AECOS, "init", "--remote", self.folder / "nosuch.git", folder=desk, check=False)
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertEqual(run("git", "remote", folder=desk).stdout, "")
        run(AECOS, "init", "--remote", self.origin, folder=desk)

    def test_conflicts_are_told(self):
        self.assertEqual(self.ana.aecos("conflicts").stdout, "No open conflicts.\n")
        name = self.conflict()
        listed = self.ana.aecos("conflicts")
        self.assertEqual(listed.returncode, 1)
        for word in (name, "W-12" if "W-12" in listed.stdout else FILE, "REI 90 (ana) or REI 120 (ben)"):
            self.assertIn(word, listed.stdout)
        told = self.ana.aecos("conflicts", name[:6]).stdout
        for word in ("REI 60", "REI 90", "REI 120", "ana", "ben", "stands (policy integrated)", "aecos resolve"):
            self.assertIn(word, told)
        (data,) = json.loads(self.ana.aecos("conflicts", "--json").stdout)
        self.assertEqual((data["id"], data["ours"]["value"], data["theirs"]["author"]), (name, "REI 90", "ben"))
        unknown = self.ana.aecos("conflicts", "c-ffffffffffff", check=False)
        self.assertEqual((unknown.returncode, unknown.stdout), (2, ""))

    def test_a_conflict_is_settled_by_a_side(self):
        for choice, value in (("--theirs", "REI 120"), ("--ours", "REI 90"), ("--base", "REI 60")):
            with self.subTest(choice):
                name = self.conflict()
                self.ana.aecos("resolve", name, choice)
                self.assertEqual(self.ana.read_json(FILE)["properties"]["FireRating"], value)
                self.assertEqual(self.ana.records(), {})
                self.assertEqual(self.ana.git("status", "--porcelain").stdout, "")
                self.share(self.ana)
                self.assertEqual(self.ben.read_json(FILE)["properties"]["FireRating"], value)
                self.set(self.ana, FireRating="REI 60")
                self.share(self.ana)

    def test_a_conflict_is_settled_by_a_value(self):
        name = self.conflict()
        self.ana.aecos("resolve", name, "--value", "REI 180")
        self.assertEqual(self.ana.read_json(FILE)["properties"]["FireRating"], "REI 180")
        self.share(self.ana)

    def test_a_conflict_in_a_model_is_settled(self):
        name = self.conflict("ifc")
        self.assertIn("REI 90", self.ana.read("house.ifc"))
        self.ana.aecos("resolve", name, "--theirs")
        self.assertIn("IFCLABEL('REI 120')", self.ana.read("house.ifc"))
        self.assertNotIn("REI 90", self.ana.read("house.ifc"))
        self.share(self.ana)

    def test_a_side_stands_also_against_what_was_edited_since(self):
        name = self.conflict()
        self.set(self.ben, FireRating="EI 30", Width=0.5)
        self.ben.aecos("resolve", name, "--ours")
        properties = self.ben.read_json(FILE)["properties"]
        self.assertEqual((properties["FireRating"], properties["Width"]), ("REI 90", 0.5))

    def test_as_it_is(self):
        name = self.conflict()
        self.set(self.ben, FireRating="EI 30")
        self.ben.aecos("resolve", name, "--as-is")
        self.assertEqual(self.ben.read_json(FILE)["properties"]["FireRating"], "EI 30")
        self.share(self.ben)

    def test_whole_files(self):
        name = self.conflict("binary")
        self.assertEqual(self.ana.path("photo.png").read_bytes(), b"\x89PNG\0ana")
        self.ana.aecos("resolve", name, "--theirs")
        self.assertEqual(self.ana.path("photo.png").read_bytes(), b"\x89PNG\0ben")
        self.share(self.ana)
        name = self.conflict("deleted")
        self.assertIn("changed", self.ana.read("notes.md"))  # The change stays, the deletion is the conflict.
        self.ana.aecos("resolve", name, "--ours")
        self.assertFalse(self.ana.path("notes.md").exists())
        self.share(self.ana)

    def test_a_wrong_choice_changes_nothing(self):
        name = self.conflict()
        before = self.ana.files()
        for arguments in ((name,), (name, "--ours", "--theirs"), ("c-nothing", "--ours")):
            done = self.ana.aecos("resolve", *arguments, check=False)
            self.assertEqual(done.returncode, 2)
            self.assertEqual(len(done.stderr.strip().splitlines()), 1, done.stderr)
        self.assertEqual(self.ana.files(), before)

    def test_undo_takes_back_and_brings_back(self):
        self.set(self.ben, Width=0.5)
        self.ben.write("extra.txt", "from ben\n")
        self.ben.sync()
        self.set(self.ana, LoadBearing=False)
        self.ana.sync()
        self.ana.aecos("undo")
        properties = self.ana.read_json(FILE)["properties"]
        self.assertEqual((properties["Width"], properties["LoadBearing"]), (0.3, False))
        self.assertFalse(self.ana.path("extra.txt").exists())
        self.ana.aecos("undo")
        self.assertEqual(self.ana.read_json(FILE)["properties"]["Width"], 0.5)
        self.assertTrue(self.ana.path("extra.txt").exists())
        self.share(self.ana)

    def test_undo_where_there_is_nothing(self):
        done = self.ben.aecos("undo", check=False)
        self.assertEqual(done.returncode, 2)

    def test_status(self):
        self.assertIn("Nothing saved", self.ana.aecos("status").stdout)
        self.set(self.ana, FireRating="REI 90")
        self.ana.write("x.tmp", "")
        text = self.ana.aecos("status").stdout
        self.assertIn("REI 60 → REI 90", text)
        self.assertNotIn("x.tmp", text)
        self.ana.write("cut.ifc", MODEL[:-30])
        self.ana.write("open.json", "{")
        held = {each["path"]: each["reason"] for each in json.loads(self.ana.aecos("status", "--json").stdout)["held"]}
        self.assertEqual(held.keys(), {"cut.ifc", "open.json"})
        self.assertEqual({each["path"]: each["reason"] for each in self.ana.sync("--offline")["held"]}, held)
        self.assertIn("held back cut.ifc: half-written", self.ana.aecos("status").stdout)
        self.ana.path("cut.ifc").unlink()
        self.ana.path("open.json").unlink()
        self.ana.sync("--offline")
        self.assertIn("1 commit to share", self.ana.aecos("status").stdout)
        away = self.folder / "away.git"
        self.origin.rename(away)
        self.assertIn("; what was saved is committed", self.ana.aecos("sync", check=False).stderr)
        self.assertNotIn(".;", self.ana.aecos("sync", check=False).stderr)
        away.rename(self.origin)
        data = json.loads(self.ana.aecos("status", "--json").stdout)
        self.assertEqual((data["toShare"], data["changes"], data["openConflicts"]), (1, [], 0))

    def test_log_and_blame(self):
        self.set(self.ben, FireRating="REI 90")
        self.fire(self.ben, "REI 90")
        self.ben.sync()
        self.set(self.ana, Width=0.5)
        self.ana.write("notes.md", "# Other\n")
        self.ana.sync()
        self.assertIn("REI 60 → REI 90", self.ana.aecos("log").stdout)
        element = self.ana.aecos("log", "--element", GUID).stdout
        self.assertIn("REI 60 → REI 90", element)
        self.assertNotIn("Other", element)
        told = [edit for edit in json.loads(self.ana.aecos("log", "--element", GUID, "--json").stdout)]
        self.assertEqual({edit["author"] for edit in told}, {"ana", "ben"})
        blamed = json.loads(self.ana.aecos("blame", GUID, "FireRating", "--json").stdout)
        self.assertEqual({(b["author"], b["change"]["before"], b["change"]["after"]) for b in blamed},
                         {("ben", "REI 60", "REI 90")})
        widths = json.loads(self.ana.aecos("blame", GUID, "Width", "--json").stdout)
        self.assertIn(("ana", 0.3, 0.5), {(b["author"], b["change"]["before"], b["change"]["after"]) for b in widths})
        everything = self.ana.aecos("blame", GUID).stdout
        self.assertIn("the element", everything)
        self.assertEqual(self.ana.aecos("blame", "0000000000000000000000", check=False).returncode, 2)
        self.assertEqual(self.ana.aecos("blame", "W-12").stdout, everything)
        self.assertEqual(self.ana.aecos("log", "--element", "W-12").stdout, element)
        for command in (("blame", "W-13"), ("log", "--element", "W-13")):
            done = self.ana.aecos(*command, check=False)
            self.assertEqual((done.returncode, done.stdout), (2, ""))
            self.assertIn("no element is called W-13", done.stderr)

    def test_diff_tells_what_was_saved_and_what_lies_between_revisions(self):
        self.assertEqual(self.ana.aecos("diff").stdout, "nothing changed\n")
        self.fire(self.ana, "REI 90")
        self.ana.write("more.md", "# More\n")
        self.ana.write("half.ifc", MODEL[:len(MODEL) // 2])
        done = self.ana.aecos("diff", statuses=(1,))
        for told in ("house.ifc", "REI 60 → REI 90", "more.md", "+ # More"):
            self.assertIn(told, done.stdout)
        self.assertIn("half.ifc", done.stderr)
        (self.ana.folder / "half.ifc").unlink()
        data = json.loads(self.ana.aecos("diff", "--json", statuses=(1,)).stdout)
        self.assertEqual([file["path"] for file in data["files"]], ["house.ifc", "more.md"])
        self.ana.sync()
        self.assertEqual(self.ana.aecos("diff").stdout, "nothing changed\n")
        two = self.ana.aecos("diff", "HEAD~1", "HEAD", statuses=(1,)).stdout
        self.assertIn("REI 60 → REI 90", two)
        self.assertEqual(self.ana.aecos("diff", "HEAD~1..HEAD", statuses=(1,)).stdout, two)
        self.assertNotIn("More", self.ana.aecos("diff", "HEAD~1..HEAD", "house.ifc", statuses=(1,)).stdout)
        one = self.ana.aecos("diff", "HEAD~1", check=False)
        self.assertEqual((one.returncode, one.stdout), (2, ""))
        self.assertIn("one revision alone", one.stderr)

    def test_models_in_lfs_are_told_in_building_terms(self):
        rules = {"members": {"ana": {"roles": ["free"]}},
                 "roles": {"free": {"may": [{"write": "**"}]}, "fire": {"owns": [{"property": "*.Smoke"}]}}}
        self.ana.write(".aecos/roles.json", json.dumps(rules))
        self.ana.sync()
        self.ana.git("config", "aecos.member", "ana")
        self.ana.git("lfs", "install", "--local")
        self.ana.git("lfs", "track", "*.ifc")
        self.ana.git("add", "--renormalize", ".")
        self.ana.git("commit", "-qam", "models in LFS")
        self.assertIn("git-lfs", self.ana.git("cat-file", "-p", "HEAD:house.ifc").stdout)
        self.fire(self.ana, "REI 90")
        for command in ("status", "diff"):
            self.assertIn("REI 60 → REI 90", self.ana.aecos(command).stdout)
        self.ana.path(".git/lfs/objects").rename(self.folder / "away")
        asked = []

        class Remote(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                asked.append(self.path)
                self.send_error(404)

            def log_message(self, *_):
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Remote)
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        threading.Thread(target=server.serve_forever).start()
        self.ana.git("config", "lfs.url", f"http://127.0.0.1:{server.server_port}")
        status = self.ana.aecos("status").stdout
        self.assertRegex(status, "house.ifc +changed")
        self.assertNotIn("would be refused", status)  # What is not here cannot be known.
        self.assertEqual(asked, [])  # Only looked at.
        self.ana.aecos("diff")
        self.assertNotEqual(asked, [])

    def test_a_file_that_is_to_be_ignored_leaves_the_project_and_stays_here(self):
        self.ana.git("rm", "-q", "--cached", "photo.png")
        self.assertEqual(self.ana.sync()["commits"], [])  # All that lies here is the project's.
        self.ana.git("rm", "-q", "--cached", "photo.png")
        self.ana.write(".gitignore", "photo.png\nnotes.md\n")  # Of those, only one was taken out.
        self.assertIn("photo.png", self.ana.aecos("status").stdout)
        self.ana.sync()
        self.assertTrue(self.ana.path("photo.png").exists())
        listed = self.ana.git("ls-tree", "-r", "--name-only", "HEAD").stdout.split()
        self.assertEqual(("photo.png" in listed, "notes.md" in listed), (False, True))
        self.assertEqual(self.ana.git("status", "--porcelain").stdout, "")
        self.ben.sync()
        self.assertFalse(self.ben.path("photo.png").exists())
        self.ben.sync()
        self.ana.sync()
        self.assertTrue(self.ana.path("photo.png").exists())

    def test_people_read_their_clocks_and_machines_utc(self):
        self.set(self.ana, Width=0.4)
        commit = ("-c", "user.name=ana", "commit", "-aqm", "wider", "--date=2026-07-15T12:00:00Z")
        self.ana.git(*commit)
        for zone, shown in (("UTC", "2026-07-15 12:00"), ("Europe/Berlin", "2026-07-15 14:00"),
                            ("Pacific/Auckland", "2026-07-16 00:00")):
            for command in (("log", "-n", "1"), ("blame", GUID, "Width")):
                asked = dict(cwd=self.ana.folder, capture_output=True, text=True,
                             env={**ENVIRONMENT, "HOME": str(self.ana.folder), "TZ": zone})
                self.assertIn(shown, subprocess.run([AECOS, *command], **asked).stdout, command)
                told = subprocess.run([AECOS, *command, "--json"], **asked).stdout
                self.assertIn("2026-07-15T12:00:00.000000Z", told, command)

    def test_what_is_in_the_way_of_watching_is_told_once(self):
        self.ana.aecos("init", "--remote", str(self.origin))
        self.ana.git("config", "--unset", "user.name")
        self.set(self.ana, Width=0.4)
        watching = subprocess.Popen([AECOS, "sync", "--watch"], cwd=self.ana.folder, text=True, stderr=subprocess.PIPE,
                                    stdout=subprocess.DEVNULL, env={**ENVIRONMENT, "HOME": str(self.ana.folder)})
        time.sleep(3)
        watching.terminate()
        told = watching.communicate(timeout=30)[1]
        self.assertEqual(told.count("git does not know who you are"), 1, told)

    def test_blame_follows_what_stands_after_a_conflict(self):
        self.conflict()
        blamed = json.loads(self.ben.aecos("blame", GUID, "FireRating", "--json").stdout)
        by_path = {b["path"]: (b["author"], b["change"]["after"]) for b in blamed if b["change"]["kind"] != "added"}
        self.assertEqual(by_path[FILE], ("ana", "REI 90"))

    def test_doctor(self):
        found = json.loads(self.ana.aecos("doctor", "--json").stdout)
        self.assertTrue(any(not finding["good"] and "aecos init" in finding["mend"] for finding in found))
        self.ana.aecos("init", "--remote", str(self.origin))
        self.ana.sync()
        done = self.ana.aecos("doctor")
        self.assertEqual(done.returncode, 0, done.stdout)
        moved = self.folder / "away.git"
        self.origin.rename(moved)
        self.assertEqual(self.ana.aecos("doctor").returncode, 1)
        self.assertEqual(self.ana.aecos("doctor", "--offline").returncode, 0)
        moved.rename(self.origin)

    def test_what_cannot_be_meant_is_refused_in_one_line(self):
        self.ana.write("own.ifc", MODEL)
        for command, words in ((("sample", "--edits", "-1", "x.ifc"), "--edits"),
                               (("sample", "--storeys", "2", "--from", "own.ifc", "x.ifc"), "--from"),
                               (("log", "-n", "-1"), "-n"),
                               (("hub", "project", "member", "house", "ben", "wrote"), "see aecos hub project member --help"),
                               (("bcf", "show"), "see aecos bcf show --help"),
                               (("-C", "/nosuch", "status"), "/nosuch: there is no such folder")):
            done = self.ana.aecos(*command, check=False)
            self.assertEqual((done.returncode, done.stdout), (2, ""), command)
            self.assertIn(words, done.stderr)
            self.assertEqual(len(done.stderr.splitlines()), 1)
        self.assertFalse(self.ana.path("x.ifc").exists())

    def test_outside_a_project(self):
        for command in ("sync", "status", "conflicts", "undo", "log", "doctor"):
            self.ana.team = self
            done = run(__import__("people").AECOS, command, folder=self.folder, check=False)
            self.assertEqual(done.returncode, 2, command)
            self.assertIn("aecos init", done.stderr)
            self.assertEqual(len(done.stderr.strip().splitlines()), 1)

    def test_what_plain_git_left_unmerged(self):
        for person in (self.ana, self.ben):
            person.aecos("init", "--remote", str(self.origin))
            person.sync()
        self.settle([self.ana, self.ben])
        self.set(self.ana, FireRating="REI 90")
        self.set(self.ben, FireRating="REI 120")
        self.ana.sync()
        self.ben.git("commit", "-q", "-a", "-m", "by hand")
        self.ben.git("fetch", "-q")
        merged = self.ben.git("merge", "-q", "origin/develop", check=False)
        self.assertEqual(merged.returncode, 1)
        self.assertEqual(self.ben.aecos("sync", check=False).returncode, 2)
        (data,) = json.loads(self.ben.aecos("conflicts", "--json").stdout)
        self.assertTrue(data["local"])
        self.ben.aecos("resolve", data["id"], "--ours")
        self.assertEqual(self.ben.git("diff", "--name-only", "--diff-filter=U").stdout, "")
        self.ben.git("commit", "-q", "--no-edit")
        self.share(self.ben)
        values = {json.dumps(data["ours"]["value"])}
        self.assertIn(json.dumps(self.ana.read_json(FILE)["properties"]["FireRating"]), values)


if __name__ == "__main__":
    main()
