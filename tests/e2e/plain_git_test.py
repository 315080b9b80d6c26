#!/usr/bin/env python3
"""After aecos init, plain git understands building models: merge, pull, rebase, cherry-pick, diff, show, add."""
import json
import pathlib
import shutil
import unittest

from people import AECOS, Team, main, run
from small_model import GUIDS, LATER, exported, model

HOUSE = "models/a b/house ä.ifc"


class Member:
    """A work tree that aecos init made."""

    def __init__(self, team, name, *options, folder=None):
        self.folder = folder or team.folder / f"{name}'s work"
        self.folder.mkdir(exist_ok=True)
        self.name = name
        run("git", "init", "-q", "-b", "start", self.folder, folder=team.folder)
        self.git("config", "user.name", name)
        self.git("config", "user.email", f"{name}@example.org")
        self.init("--remote", team.origin, *options)

    def init(self, *options, status=0):
        done = run(AECOS, "init", *options, folder=self.folder, check=False)
        if done.returncode != status:
            raise AssertionError(f"aecos init: status {done.returncode}\n{done.stdout}\n{done.stderr}")
        return done

    def git(self, *arguments, status=0, **more):
        done = run("git", *arguments, folder=self.folder, check=False, **more)
        if status is not None and done.returncode != status:
            raise AssertionError(f"git {arguments}: status {done.returncode}\n{done.stdout}\n{done.stderr}")
        return done.stdout + (done.stderr if arguments[0] != "show" else "")

    def write(self, name, text):
        (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / name).write_bytes(text.encode())

    def read(self, name):
        return (self.folder / name).read_bytes().decode()

    def commit(self, message="change", **files):
        self.git("add", "-A")
        self.git("commit", "-q", "-m", message)
        return self.git("rev-parse", "HEAD").strip()

    def save(self, name, text, message="change"):
        self.write(name, text)
        return self.commit(message)

    def changed(self):
        """What git would commit. Alone by the size of a file that it filters, git status takes it for changed."""
        self.git("add", "-A")
        return self.git("status", "--porcelain")

    def unmerged(self):
        listed = self.git("-c", "core.quotePath=false", "diff", "--name-only", "--diff-filter=U").splitlines()
        return sorted(set(listed))

    def records(self):
        folder = self.folder / ".git/aecos/conflicts"
        return [json.loads(path.read_text()) for path in sorted(folder.glob("*.json"))]


class Init(Team):
    def test_a_new_project_is_made_and_joined(self):
        ana = Member(self, "Ana Müller", "--name", "House on the hill")
        self.assertEqual(ana.git("branch", "--show-current").strip(), "user/ana-müller/work")
        self.assertEqual(ana.git("status", "--porcelain"), "")
        project = json.loads(ana.read(".aecos/project.json"))
        self.assertEqual((project["name"], project["sharedBranch"]), ("House on the hill", "develop"))
        ben = Member(self, "ben")
        self.assertEqual(json.loads(ben.read(".aecos/project.json")), project)
        self.assertEqual(ben.git("rev-parse", "HEAD"), ana.git("rev-parse", "HEAD"))
        self.assertEqual(ben.git("rev-parse", "@{upstream}"), ben.git("rev-parse", "origin/develop"))

    def test_again_changes_nothing(self):
        ana = Member(self, "ana")
        before = (ana.git("rev-parse", "HEAD"), ana.git("config", "--local", "--list"), ana.read(".gitattributes"))
        ana.init()
        ana.init("--remote", self.origin)
        self.assertEqual(before, (ana.git("rev-parse", "HEAD"), ana.git("config", "--local", "--list"),
                                  ana.read(".gitattributes")))
        self.assertEqual(ana.git("status", "--porcelain"), "")

    def test_without_a_remote_at_first(self):
        folder = self.folder / "alone"
        folder.mkdir()
        run("git", "init", "-q", folder, folder=self.folder)
        run("git", "config", "user.name", "Ana", folder=folder)
        run("git", "config", "user.email", "a@example.org", folder=folder)
        run(AECOS, "init", folder=folder)
        run(AECOS, "init", "--remote", "../origin.git", folder=folder)
        self.assertEqual(run("git", "branch", "--show-current", folder=folder).stdout.strip(), "user/ana/work")
        url = run("git", "config", "remote.origin.url", folder=folder).stdout.strip()
        self.assertEqual(pathlib.Path(url).resolve(), self.origin.resolve())

    def test_who_are_you(self):
        folder = self.folder / "nobody"
        folder.mkdir()
        done = run(AECOS, "init", folder=folder, check=False)
        self.assertEqual(done.returncode, 2)
        self.assertIn("git config --global user.name", done.stderr)
        self.assertEqual(list(folder.iterdir()), [])

    def test_an_old_repository_keeps_its_history_and_what_is_uncommitted(self):
        folder = self.folder / "old"
        run("git", "init", "-q", "-b", "main", folder, folder=self.folder)
        run("git", "config", "user.name", "Ana", folder=folder)
        run("git", "config", "user.email", "a@example.org", folder=folder)
        (folder / ".gitattributes").write_text("*.ifc filter=lfs diff=lfs merge=lfs -text\n")
        (folder / "a.txt").write_text("1\n")
        run("git", "add", "-A", folder=folder)
        run("git", "commit", "-q", "-m", "first", folder=folder)
        (folder / "a.txt").write_text("2\n")
        (folder / "b.txt").write_text("new\n")
        first = run("git", "rev-parse", "HEAD", folder=folder).stdout
        run(AECOS, "init", folder=folder)
        self.assertEqual(run("git", "rev-parse", "main", folder=folder).stdout, first)
        self.assertEqual(run("git", "rev-parse", "develop~1", folder=folder).stdout, first)
        self.assertEqual(run("git", "status", "--porcelain", folder=folder).stdout, " M a.txt\n?? b.txt\n")
        attributes = run("git", "check-attr", "filter", "merge", "diff", "--", "x.ifc", folder=folder).stdout
        self.assertEqual(attributes, "x.ifc: filter: lfs\nx.ifc: merge: aecos\nx.ifc: diff: aecos-ifc\n")

    def test_files_in_the_way_are_kept(self):
        Member(self, "ana").git("push", "-q", "origin", "HEAD:develop")
        folder = self.folder / "ben"
        run("git", "init", "-q", folder, folder=self.folder)
        run("git", "config", "user.name", "Ben", folder=folder)
        run("git", "config", "user.email", "b@example.org", folder=folder)
        (folder / ".gitattributes").write_text("mine\n")
        done = run(AECOS, "init", "--remote", self.origin, folder=folder, check=False)
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertIn(".gitattributes", done.stderr)
        self.assertEqual((folder / ".gitattributes").read_text(), "mine\n")
        (folder / ".gitattributes").unlink()
        run(AECOS, "init", folder=folder)
        self.assertTrue((folder / ".aecos/project.json").exists())

    def test_a_program_whose_path_has_blanks_and_quotes(self):
        place = self.folder / "it's a program"
        place.mkdir()
        shutil.copy(AECOS, place / "aecos")
        ana = Member(self, "ana")
        run(place / "aecos", "init", folder=ana.folder)
        ana.save("a.json", '{"x": 1, "y": 1}\n')
        ana.git("checkout", "-q", "-b", "side")
        ana.save("a.json", '{"x": 2, "y": 1}\n')
        ana.git("checkout", "-q", "-")
        ana.save("a.json", '{"x": 1, "y": 2}\n')
        ana.git("merge", "-q", "side")
        self.assertEqual(json.loads(ana.read("a.json")), {"x": 2, "y": 2})


class TwoSides(Team):
    """One work tree with two branches that edited the same model."""

    def setUp(self):
        super().setUp()
        self.ana = Member(self, "ana")
        self.base = self.ana.save(HOUSE, model())

    def branch(self, ours, theirs, start=None):
        """`ours` on the current branch, `theirs` on the branch side."""
        self.ana.git("checkout", "-q", "-b", "side", start or self.base)
        self.ana.save(HOUSE, theirs, "theirs")
        self.ana.git("checkout", "-q", "user/ana/work")
        self.ana.save(HOUSE, ours, "ours")


class Merge(TwoSides):
    both = {"W-1": {"FireRating": "REI 90"}, "W-2": {"FireRating": "REI 120"}}
    one, other = {"W-1": both["W-1"]}, {"W-2": both["W-2"]}

    def test_merge(self):
        self.branch(model(self.one), model(self.other))
        self.ana.git("merge", "-q", "-m", "m", "side")
        self.assertEqual(self.ana.read(HOUSE), model(self.both))
        self.assertEqual(self.ana.git("status", "--porcelain"), "")

    def test_merge_of_a_reexport(self):
        self.branch(model(self.one), exported(self.other))
        self.ana.git("merge", "-q", "-m", "m", "side")
        self.assertEqual(self.ana.git("show", "HEAD:" + HOUSE), model(self.both, stamp=LATER))

    def test_rebase(self):
        self.branch(model(self.one), model(self.other))
        self.ana.git("rebase", "-q", "side")
        self.assertEqual(self.ana.read(HOUSE), model(self.both))
        self.assertEqual(self.ana.git("rev-list", "--count", "side..HEAD").strip(), "1")

    def test_cherry_pick(self):
        self.branch(model(self.one), model(self.other))
        self.ana.git("cherry-pick", "side")
        self.assertEqual(self.ana.read(HOUSE), model(self.both))

    def test_revert(self):
        first = self.ana.save(HOUSE, model(self.one))
        self.ana.save(HOUSE, model(self.both))
        self.ana.git("revert", "--no-edit", first)
        self.assertEqual(self.ana.read(HOUSE), model(self.other))

    def test_pull(self):
        self.ana.git("push", "-q", "origin", "HEAD:develop")
        ben = Member(self, "ben")
        ben.save(HOUSE, model(self.other))
        ben.git("push", "-q", "origin", "HEAD:develop")
        self.ana.save(HOUSE, model(self.one))
        self.ana.git("pull", "-q", "--no-edit")
        self.assertEqual(self.ana.read(HOUSE), model(self.both))

    def test_a_conflict_leaves_a_valid_file_and_a_record(self):
        self.branch(model({"W-1": {"FireRating": "REI 90", "Reference": "O"}}),
                    model({"W-1": {"FireRating": "REI 120"}, "W-2": {"Reference": "T"}}))
        said = self.ana.git("merge", "side", status=1)
        self.assertIn("FireRating", said)
        self.assertEqual(self.ana.unmerged(), [HOUSE])
        self.assertEqual(self.ana.read(HOUSE), model({"W-1": {"FireRating": "REI 90", "Reference": "O"},
                                                      "W-2": {"Reference": "T"}}))
        records = self.ana.records()
        self.assertEqual([(r["path"], r["at"], r["ours"]["value"], r["theirs"]["value"]) for r in records],
                         [(HOUSE, "Pset_WallCommon.FireRating", "REI 90", "REI 120")])
        self.assertEqual(records[0]["element"]["globalId"], GUIDS["W-1"])
        self.ana.git("add", "-A")
        self.ana.git("commit", "-q", "-m", "settled")
        self.assertEqual(self.ana.git("status", "--porcelain"), "")

    def test_a_conflict_that_is_met_again_replaces_its_record(self):
        self.branch(model({"W-1": {"FireRating": "REI 90"}}), model({"W-1": {"FireRating": "REI 120"}}))
        self.ana.git("merge", "side", status=1)
        self.ana.git("merge", "--abort")
        self.ana.save(HOUSE, model({"W-1": {"FireRating": "REI 30"}}))
        self.ana.git("merge", "side", status=1)
        self.assertEqual([r["ours"]["value"] for r in self.ana.records()], ["REI 30"])

    def test_the_shared_branch_stands(self):
        self.ana.git("push", "-q", "origin", "HEAD:develop")
        ben = Member(self, "ben")
        ben.save(HOUSE, model({"W-1": {"FireRating": "REI 120"}}))
        ben.git("push", "-q", "origin", "HEAD:develop")
        self.ana.save(HOUSE, model({"W-1": {"FireRating": "REI 90"}}))
        self.ana.git("pull", "-q", "--no-edit", status=1)
        self.assertEqual(self.ana.read(HOUSE), model({"W-1": {"FireRating": "REI 120"}}))
        self.assertEqual(self.ana.records()[0]["chosen"], "theirs")

    def test_what_is_no_model_is_kept_whole(self):
        self.ana.git("config", "aecos.skip", "soundness:it is to be broken")
        self.branch(model(self.one), "ISO-10303-21;\nbroken")
        self.ana.git("merge", "side", status=1)
        self.assertEqual(self.ana.read(HOUSE), model(self.one))
        self.assertEqual(self.ana.records()[0]["kind"], "unreadable")

    def test_criss_cross(self):
        self.branch(model(self.one), model(self.other))
        ours, theirs = self.ana.git("rev-parse", "HEAD").strip(), self.ana.git("rev-parse", "side").strip()
        self.ana.git("merge", "-q", "-m", "m1", theirs)
        self.ana.git("checkout", "-q", "side")
        self.ana.git("merge", "-q", "-m", "m2", ours)
        self.ana.save(HOUSE, model({**self.both, "W-2": {"FireRating": "REI 120", "Reference": "S"}}))
        self.ana.git("checkout", "-q", "user/ana/work")
        self.ana.save(HOUSE, model({**self.both, "W-1": {"FireRating": "REI 90", "Reference": "O"}}))
        self.ana.git("merge", "-q", "-m", "m3", "side")
        self.assertEqual(self.ana.read(HOUSE), model({"W-1": {"FireRating": "REI 90", "Reference": "O"},
                                                      "W-2": {"FireRating": "REI 120", "Reference": "S"}}))
        self.assertEqual(self.ana.records(), [])


class Show(TwoSides):
    def setUp(self):
        super().setUp()
        self.ana.save(HOUSE, model({"W-1": {"FireRating": "REI 90"}}), "harder")

    def test_diff_speaks_of_the_building(self):
        told = self.ana.git("diff", "HEAD~1")
        self.assertIn("W-1", told)
        self.assertIn("REI 60 → REI 90", told)
        self.assertNotIn("IFCPROPERTYSINGLEVALUE", told)

    def test_show_and_log_too(self):
        for command in (("show",), ("log", "-p", "-1"), ("show", "--ext-diff")):
            told = self.ana.git(*command)
            self.assertIn("FireRating", told)
            self.assertIn("REI 90", told)
            self.assertNotIn("IFCPROPERTYSINGLEVALUE", told)
            self.assertNotIn("W-2", told)

    def test_a_reexport_is_no_difference(self):
        self.ana.write(HOUSE, exported({"W-1": {"FireRating": "REI 90"}}))
        self.assertEqual(self.ana.git("diff"), "")
        self.assertEqual(self.ana.changed(), "")

    def test_new_deleted_and_unreadable(self):
        self.ana.git("config", "aecos.skip", "soundness:it is to be broken")
        self.ana.write("b.ifc", "ISO-10303-21;\nbroken")
        self.ana.git("add", "-A")
        self.assertIn("b.ifc (new)", self.ana.git("diff", "--cached"))
        self.ana.commit()
        self.ana.write("b.ifc", "ISO-10303-21;\nbroken otherwise")
        self.assertIn("b.ifc", self.ana.git("diff"))
        self.ana.git("add", "-A")
        self.assertIn("broken otherwise", self.ana.git("show", ":b.ifc"))


class Clean(TwoSides):
    def test_only_what_changed_is_stored(self):
        mine = exported({"W-2": {"FireRating": "REI 30"}})
        self.ana.save(HOUSE, mine)
        self.assertEqual(self.ana.git("show", "HEAD:" + HOUSE), model({"W-2": {"FireRating": "REI 30"}}, stamp=LATER))
        self.assertEqual(self.ana.read(HOUSE), mine, "the user's own file stays")
        self.assertEqual(self.ana.git("status", "--porcelain"), "")

    def test_the_filter_without_a_process_does_the_same(self):
        self.ana.git("config", "--unset", "filter.aecos-ifc.process")
        self.ana.save(HOUSE, exported({"W-2": {"FireRating": "REI 30"}}))
        self.assertEqual(self.ana.git("show", "HEAD:" + HOUSE),
                         model({"W-2": {"FireRating": "REI 30"}}, stamp=LATER))

    def test_what_cannot_be_read_passes(self):
        for text in ("", "no model", "ISO-10303-21;\nDATA;\n#1=IFCWALL(", exported()[:700]):
            self.ana.write(HOUSE, text)
            self.ana.git("add", "-A")
            self.assertEqual(self.ana.git("show", ":" + HOUSE), text)

    def test_many_files_in_one_go(self):
        for number in range(30):
            self.ana.write(f"models/{number}.ifc", model({"W-1": {"Reference": str(number)}}))
        self.ana.commit()
        for number in range(30):
            self.ana.write(f"models/{number}.ifc", exported({"W-1": {"Reference": str(number)}}))
        self.assertEqual(self.ana.changed(), "")

    def test_line_ends_of_an_exporter_do_not_matter(self):
        self.ana.write(HOUSE, exported().replace("\n", "\r\n"))
        self.assertEqual(self.ana.changed(), "")


class Lfs(TwoSides):
    def setUp(self):
        Team.setUp(self)
        if run("git", "lfs", "version", folder=self.folder, check=False).returncode != 0:
            self.skipTest("git-lfs is not installed")
        self.ana = Member(self, "ana")
        self.ana.git("lfs", "install", "--local", "--skip-repo")  # One of its hooks is ours, which does its work.
        self.ana.write(".gitattributes", self.ana.read(".gitattributes").replace(
            "# aecos: how files are merged", "*.ifc filter=lfs -text\n# aecos: how files are merged"))
        self.base = self.ana.save(HOUSE, model())

    def test_contents_are_merged_not_pointers(self):
        self.branch(model({"W-1": {"FireRating": "REI 90"}}), model({"W-2": {"FireRating": "REI 120"}}))
        self.ana.git("merge", "-q", "-m", "m", "side")
        self.assertEqual(self.ana.read(HOUSE), model(Merge.both))
        self.assertTrue(self.ana.git("show", "HEAD:" + HOUSE).startswith("version https://git-lfs"))
        self.assertEqual(self.ana.git("status", "--porcelain"), "")
        self.assertIn("REI 60 → REI 90", self.ana.git("diff", "HEAD~1", "--", HOUSE)
                      + self.ana.git("diff", "side", "--", HOUSE))


class IfcMerge(Team):
    def setUp(self):
        super().setUp()
        self.program = self.folder / "ifcmerge"
        self.program.symlink_to(AECOS)
        self.write("base.ifc", model())

    def write(self, name, text):
        (self.folder / name).write_text(text)

    def merge(self, local, remote, *options):
        self.write("local.ifc", local)
        self.write("remote.ifc", remote)
        (self.folder / "merged.ifc").unlink(missing_ok=True)
        return run(self.program, *options, "base.ifc", "local.ifc", "remote.ifc", "merged.ifc", folder=self.folder,
                   check=False)

    def merged(self):
        return (self.folder / "merged.ifc").read_text()

    def test_success(self):
        done = self.merge(model(Merge.one), model(Merge.other))
        self.assertEqual((done.returncode, done.stdout), (0, "Success!\n"))
        self.assertEqual(self.merged(), model(Merge.both))

    def test_conflicts_are_reported_and_nothing_is_written(self):
        done = self.merge(model({"W-1": {"Name": "O'Brien".replace("'", "''")}}), model({"W-1": {"Name": "R"}}))
        self.assertEqual(done.returncode, 1)
        self.assertFalse((self.folder / "merged.ifc").exists())
        report = json.loads(done.stdout)
        self.assertEqual(report["status"], "failed")
        conflict, = report["conflicts"]
        self.assertEqual(conflict["type"], "attribute_conflict")
        self.assertEqual(conflict["entity_class"], "IFCWALL")
        self.assertEqual(conflict["attribute_index"], 3)
        self.assertEqual((conflict["base_value"], conflict["local_value"], conflict["remote_value"],
                          conflict["selected_value"]), ("'W-1'", "'O''Brien'", "'R'", "'R'"))
        self.assertIn(f"#{conflict['entity_id']}=IFCWALL('{GUIDS['W-1']}'", model())

    def test_placements_are_settled_by_priority(self):
        local, remote = model({"W-1": {"X": "2."}}), model({"W-1": {"X": "3."}})
        done = self.merge(local, remote)
        self.assertEqual((done.returncode, done.stdout), (0, "Success!\n"))
        self.assertEqual(self.merged(), remote)
        self.assertEqual(self.merge(local, remote, "--prioritise-local").returncode, 0)
        self.assertEqual(self.merged(), local)

    def test_wrong_use(self):
        self.assertIn("Usage: ", run(self.program, "--help", folder=self.folder).stdout)
        self.assertNotEqual(run(self.program, "a", folder=self.folder, check=False).returncode, 0)
        done = run(self.program, "base.ifc", "base.ifc", "nothing.ifc", "m.ifc", folder=self.folder, check=False)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("nothing.ifc", done.stderr)

    def test_as_a_tool_of_git(self):
        """As Bonsai's Git panel sets it up and calls it."""
        repository = self.folder / "r"
        run("git", "init", "-q", "-b", "main", repository, folder=self.folder)
        for key, value in {"user.name": "Ana", "user.email": "a@example.org",
                           "mergetool.ifcmerge.cmd": f"'{self.program}' $BASE $LOCAL $REMOTE $MERGED > $MERGED.ifcmerge",
                           "mergetool.ifcmerge.trustExitCode": "true"}.items():
            run("git", "config", key, value, folder=repository)
        house = repository / "house.ifc"

        def commit(text):
            house.write_text(text)
            run("git", "add", "-A", folder=repository)
            run("git", "commit", "-q", "-m", "x", folder=repository)
        commit(model())
        run("git", "checkout", "-q", "-b", "side", folder=repository)
        commit(exported(Merge.other))
        run("git", "checkout", "-q", "main", folder=repository)
        commit(model(Merge.one))
        self.assertNotEqual(run("git", "merge", "side", folder=repository, check=False).returncode, 0)
        run("git", "mergetool", "--no-prompt", "--tool=ifcmerge", folder=repository)
        self.assertEqual((repository / "house.ifc.ifcmerge").read_text(), "Success!\n")
        self.assertEqual(run("git", "diff", "--name-only", "--diff-filter=U", folder=repository).stdout, "")
        self.assertIn("REI 90", house.read_text())
        self.assertIn("REI 120", house.read_text())


if __name__ == "__main__":
    main()
