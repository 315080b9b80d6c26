#!/usr/bin/env python3
"""Two people and everything that files can do."""
import json
import os
import stat
import unittest

from people import Person, Team, main

WALL = {"globalId": "3cUkl32yn9qRSPvBJVyWYp", "class": "IfcWall", "name": "W-12",
        "properties": {"Pset_WallCommon": {"FireRating": "REI 60", "LoadBearing": True, "Width": 1.10}}}
PROPERTIES = "properties"


def wall_text(**changes):
    wall = json.loads(json.dumps(WALL))
    wall[PROPERTIES]["Pset_WallCommon"].update(changes)
    return json.dumps(wall, indent=2) + "\n"


class TwoPeople(Team):
    def setUp(self):
        super().setUp()
        self.ana, self.ben = self.people("ana", "ben", files={
            "elements/w/metadata.json": wall_text(), "notes.md": "# Notes\n\nOne.\n\nTwo.\n", "plan.txt": "a\nb\nc\n"})

    def both(self):
        self.settle([self.ana, self.ben])
        self.assert_same([self.ana, self.ben])

    def test_edits_of_one_file_meet(self):
        self.ana.write("elements/w/metadata.json", wall_text(FireRating="REI 120"))
        self.ben.write("elements/w/metadata.json", wall_text(LoadBearing=False))
        self.ana.sync()
        report = self.ben.sync()
        self.assertEqual(report["conflicts"], [])
        self.both()
        self.assertEqual(self.ana.read("elements/w/metadata.json"), wall_text(FireRating="REI 120", LoadBearing=False))

    def test_a_conflict_is_recorded_on_both(self):
        self.ana.write("elements/w/metadata.json", wall_text(FireRating="REI 90"))
        self.ben.write("elements/w/metadata.json", wall_text(FireRating="REI 120"))
        self.ana.sync()
        done = self.ben.aecos("sync", "--json")
        self.assertEqual(done.returncode, 1)
        self.both()
        self.assertIn("REI 90", self.ben.read("elements/w/metadata.json"))  # What was integrated first stays.
        (record,) = self.ana.records().values()
        self.assertEqual((record["ours"]["value"], record["ours"]["author"]), ("REI 90", "ana"))
        self.assertEqual((record["theirs"]["value"], record["theirs"]["author"]), ("REI 120", "ben"))
        self.assertEqual(record["base"]["value"], "REI 60")
        self.assertEqual((record["kind"], record["chosen"]), ("both-changed", "ours"))

    def test_the_message_speaks_of_the_building(self):
        self.ana.write("elements/w/metadata.json", wall_text(FireRating="REI 120"))
        self.ana.sync()
        message = self.ana.git("log", "-1", "--format=%B").stdout
        self.assertIn("REI 60 → REI 120", message.splitlines()[0])
        self.assertIn("Aecos-Actor: ana <ana@example.org>", message)

    def test_new_folders_deletions_renames_and_odd_names(self):
        self.ana.write("new/ä ö/x\ty.txt", "x")
        self.ana.write("-dash.txt", "dash")
        self.ana.path("plan.txt").rename(self.ana.path("plan2.txt"))
        self.ben.write("deep/a/b/c/d.txt", "d")
        self.ben.path("notes.md").unlink()
        self.both()
        self.assertFalse(self.ana.path("notes.md").exists())
        self.assertTrue(self.ben.path("plan2.txt").exists())
        self.assertFalse(self.ben.path("plan.txt").exists())
        self.assertEqual(self.ben.read("new/ä ö/x\ty.txt"), "x")
        self.ana.path("deep/a/b/c/d.txt").unlink()
        self.both()
        self.assertFalse(self.ben.path("deep").exists())

    def test_a_renamed_file_takes_the_other_ones_edit_along(self):
        self.ana.path("plan.txt").rename(self.ana.path("renamed.txt"))
        self.ben.write("plan.txt", "a\nb\nchanged\n")
        self.both()
        self.assertEqual(self.ana.read("renamed.txt"), "a\nb\nchanged\n")
        self.assertFalse(self.ana.path("plan.txt").exists())

    def test_file_and_folder_change_places(self):
        self.ana.path("plan.txt").unlink()
        self.ana.write("plan.txt/inside.txt", "i")
        self.both()
        self.assertEqual(self.ben.read("plan.txt/inside.txt"), "i")
        self.ben.path("plan.txt/inside.txt").unlink()
        self.ben.path("plan.txt").rmdir()
        self.ben.write("plan.txt", "a file again")
        self.both()

    def test_modes_and_line_ends_are_kept(self):
        os.chmod(self.ana.path("plan.txt"), 0o755)
        self.ben.write("notes.md", "# Notes\r\n\r\nOne.\r\n")
        self.both()
        self.assertTrue(os.stat(self.ben.path("plan.txt")).st_mode & stat.S_IXUSR)
        self.assertEqual(self.ana.path("notes.md").read_bytes(), b"# Notes\r\n\r\nOne.\r\n")

    def test_line_ends_by_attribute(self):
        self.ana.write(".gitattributes", "*.txt text eol=crlf\n")
        self.ana.write("crlf.txt", b"one\r\ntwo\r\n")
        self.both()
        self.assertEqual(self.ben.path("crlf.txt").read_bytes(), b"one\r\ntwo\r\n")
        self.ben.write("crlf.txt", b"one\r\nzwei\r\n")
        self.ana.write("crlf.txt", b"eins\r\ntwo\r\n")
        self.settle([self.ana, self.ben])
        self.assertEqual(self.ana.read("crlf.txt"), self.ben.read("crlf.txt"))
        self.assertNotIn(b"\r\r", self.ana.path("crlf.txt").read_bytes())

    def test_links_inside_travel_and_links_outside_do_not(self):
        os.symlink("plan.txt", self.ana.path("link"))
        os.symlink("/etc/passwd", self.ana.path("out"))
        os.symlink("../../x", self.ana.path("up"))
        report = self.ana.sync()
        self.assertEqual(sorted(held["path"] for held in report["held"]), ["out", "up"])
        self.ben.sync()
        self.assertEqual(os.readlink(self.ben.path("link")), "plan.txt")
        self.assertFalse(os.path.lexists(self.ben.path("out")))

    def test_a_link_out_of_the_tree_that_git_brought_is_not_placed(self):
        os.symlink("/etc", self.ana.path("evil"))
        self.ana.git("add", "evil")
        self.ana.git("commit", "-q", "-m", "by hand")
        self.ana.git("push", "-q", "origin", "HEAD:develop")
        report = self.ben.sync()
        self.assertEqual([waiting["path"] for waiting in report["waiting"]], ["evil"])
        self.assertFalse(os.path.lexists(self.ben.path("evil")))
        self.ben.write("plan.txt", "still works\n")
        self.ben.sync()
        self.ana.sync()
        self.assertTrue(os.path.islink(self.ana.path("evil")))
        self.assertEqual(self.ana.read("plan.txt"), "still works\n")

    def test_what_tools_leave_behind_is_not_shared(self):
        for name in ("~$plan.docx", "x.tmp", "house.ifc.bak", "y.lock", ".~lock.plan.odt#", "a.0001.rvt", ".DS_Store"):
            self.ana.write(name, "rubbish")
        report = self.ana.sync()
        self.assertEqual(report["commits"], [])
        self.ana.write("kept.lock", "a lock file that is work")
        self.ana.git("add", "kept.lock")
        self.ana.git("commit", "-q", "-m", "by hand")
        self.both_share("kept.lock")

    def both_share(self, name):
        self.ana.sync()
        self.ben.sync()
        self.assertEqual(self.ana.path(name).read_bytes(), self.ben.path(name).read_bytes())

    def test_a_half_written_model_stays_where_it_is(self):
        self.ana.write("house.ifc", "ISO-10303-21;\nHEADER;\nFILE_DESC")
        self.ana.write("half.json", '{"a": [1, 2')
        report = self.ana.sync()
        self.assertEqual(sorted(held["path"] for held in report["held"]), ["half.json", "house.ifc"])
        self.assertEqual(report["commits"], [])
        self.assertEqual(self.ana.read("house.ifc"), "ISO-10303-21;\nHEADER;\nFILE_DESC")
        self.ana.write("half.json", '{"a": [1, 2]}')
        self.assertEqual(self.ana.sync()["commits"][0]["paths"], ["half.json"])

    def test_broken_json_is_shared_for_all_to_see(self):
        self.ana.write("broken.json", '{"a": 1, "a": 2}')
        self.both_share("broken.json")

    def test_a_submodule_is_left_alone(self):
        other = Person(self, "other")
        other.write("x", "x")
        other.git("add", "x")
        other.git("commit", "-q", "-m", "x")
        self.ana.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", str(other.folder), "lib")
        self.ana.git("commit", "-q", "-m", "add lib")
        self.ana.sync()
        self.ben.sync()
        self.ana.write("lib/x", "edited inside")
        self.ana.git("-C", "lib", "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "-a", "-m", "inside")
        self.assertEqual(self.ana.sync()["commits"], [])
        self.ben.write("plan.txt", "b\n")
        self.ben.sync()
        self.assertEqual(self.ana.sync()["placed"], ["plan.txt"])

    def test_ignored_files_are_never_shared_nor_overwritten(self):
        self.ana.write(".gitignore", "private.txt\n")
        self.ana.write("private.txt", "mine")
        self.ana.sync()
        self.ben.sync()
        self.ben.write("private.txt", "everybody's")
        self.ben.git("add", "-f", "private.txt")
        self.ben.git("commit", "-q", "-m", "by hand")
        self.ben.sync()
        for _ in range(2):
            report = self.ana.sync()
            self.assertEqual(report["waiting"][0]["path"], "private.txt")
            self.assertEqual(self.ana.read("private.txt"), "mine")
        self.assertEqual(self.ben.read("private.txt"), "everybody's")
        self.assertNotIn("mine", self.ana.git("log", "-p", "--all").stdout)

    def test_a_file_in_use_is_placed_later_and_edits_of_it_are_merged(self):
        self.ana.write("elements/w/metadata.json", wall_text(FireRating="REI 120"))
        self.ana.write("plan.txt", "a\nb\nc\nd\n")
        self.ana.sync()
        self.ben.write("elements/w/~$metadata.json", "")
        report = self.ben.sync()
        self.assertEqual([waiting["path"] for waiting in report["waiting"]], ["elements/w/metadata.json"])
        self.assertEqual(self.ben.read("plan.txt"), "a\nb\nc\nd\n")
        self.assertEqual(self.ben.read("elements/w/metadata.json"), wall_text())
        self.assertEqual(self.ben.sync()["commits"], [])
        self.ben.write("elements/w/metadata.json", wall_text(Width=2.5))
        self.ben.path("elements/w/~$metadata.json").unlink()
        self.ben.sync()
        self.assertEqual(self.ben.read("elements/w/metadata.json"), wall_text(FireRating="REI 120", Width=2.5))
        self.both()

    def test_offline_work_waits_and_then_goes(self):
        self.ana.write("plan.txt", "offline\n")
        self.ana.sync("--offline")
        self.ben.sync()
        self.assertEqual(self.ben.read("plan.txt"), "a\nb\nc\n")
        self.ana.write("notes.md", "# Notes\n")
        moved = self.folder / "away.git"
        self.origin.rename(moved)
        done = self.ana.aecos("sync", check=False)
        self.assertEqual(done.returncode, 5, done.stderr)
        self.assertEqual(len(done.stderr.strip().splitlines()), 1)
        moved.rename(self.origin)
        self.both()
        self.assertEqual(self.ben.read("plan.txt"), "offline\n")
        self.assertEqual(self.ben.read("notes.md"), "# Notes\n")

    def test_a_refused_push_still_brings_what_others_did(self):
        hook = self.origin / "hooks/pre-receive"
        self.ben.write("plan.txt", "from ben\n")
        self.ben.sync()
        hook.write_text("#!/bin/sh\necho no; exit 1\n")
        hook.chmod(0o755)
        self.ana.write("notes.md", "# From ana\n")
        done = self.ana.aecos("sync", check=False)
        self.assertEqual(done.returncode, 4, done.stderr)
        self.assertEqual(self.ana.read("plan.txt"), "from ben\n")
        hook.unlink()
        self.both()
        self.assertEqual(self.ben.read("notes.md"), "# From ana\n")

    def test_plain_git_in_between_does_no_harm(self):
        self.ana.write("plan.txt", "by hand\n")
        self.ana.git("commit", "-q", "-a", "-m", "by hand")
        self.ana.write("notes.md", "# staged\n")
        self.ana.git("add", "notes.md")
        self.ana.write("notes.md", "# staged, then edited\n")
        self.both()
        self.assertEqual(self.ben.read("plan.txt"), "by hand\n")
        self.assertEqual(self.ben.read("notes.md"), "# staged, then edited\n")

    def test_somebody_who_comes_later_has_everything(self):
        self.ana.write("plan.txt", "new\n")
        self.both()
        carl = Person(self, "carl")
        carl.sync()
        self.assert_same([self.ana, self.ben, carl])

    def test_two_projects_that_started_apart_become_one(self):
        lone = Person.__new__(Person)
        lone.team, lone.name, lone.folder = self, "lone", self.folder / "lone"
        lone.folder.mkdir()
        lone.git("init", "-q", "-b", "user/lone")
        lone.git("config", "user.name", "lone")
        lone.git("config", "user.email", "lone@example.org")
        lone.write("mine.txt", "mine")
        lone.sync()
        lone.git("remote", "add", "origin", str(self.origin))
        lone.sync()
        self.settle([self.ana, self.ben, lone])
        self.assert_same([self.ana, self.ben, lone])
        self.assertEqual(self.ana.read("mine.txt"), "mine")

    def test_two_syncs_of_one_work_tree_do_not_meet(self):
        import subprocess
        from people import AECOS, ENVIRONMENT
        lock = self.ana.path(".git/aecos")
        lock.mkdir(exist_ok=True)
        runs = [subprocess.Popen([AECOS, "sync"], cwd=self.ana.folder, env=ENVIRONMENT, stdout=subprocess.DEVNULL,
                                 stderr=subprocess.PIPE, text=True) for _ in range(4)]
        statuses = []
        for run in runs:
            error = run.communicate()[1]
            statuses.append(run.returncode)
            if run.returncode == 3:
                self.assertIn("in use", error)
        self.assertTrue(set(statuses) <= {0, 3}, statuses)
        self.assertIn(0, statuses)


if __name__ == "__main__":
    main()
