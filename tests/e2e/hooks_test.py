"""Git's hooks: what they check, how a check is skipped and who sees that, and that hooks of the user stay."""
import hashlib
import json
import os
import statistics
import time

from hub import Desk, HubTest
from notify_stand_ins import StandIns
from people import AECOS, ENVIRONMENT, Team, main, run
import small_model
from small_model import GUIDS

HOOKS = ("pre-commit", "commit-msg", "post-merge")
HOUSE = "models/house.ifc"


def model(*arguments, **more):
    """Its GlobalIds, all of letters that IFC has."""
    return small_model.model(*arguments, **more).replace("psetW-", "psetW_")


class Hooks(Team):
    def setUp(self):
        super().setUp()
        self.ana, self.ben = self.people("ana", "ben", files={"README.md": "# House\n", HOUSE: model()})
        self.ana.aecos("init")

    def hook(self, name):
        return self.ana.path(".git/hooks") / name

    def commit(self, *arguments, skip=None, before=()):
        self.ana.git("add", "-A")
        environment = {**ENVIRONMENT, "HOME": str(self.ana.folder), **({"AECOS_SKIP": skip} if skip is not None else {})}
        return run("env", *[f"{name}={value}" for name, value in environment.items()], "git", *before, "commit", "-q",
                   "-m", "by hand", *arguments, folder=self.ana.folder, check=False)

    def message(self):
        return self.ana.git("log", "-1", "--format=%B").stdout

    def assert_refused(self, done, *words):
        self.assertNotEqual(done.returncode, 0, done.stderr)
        self.assertIn("nothing was committed", done.stderr)
        for word in words:
            self.assertIn(word, done.stderr)
        self.ana.git("reset", "-q", "--hard")

    # What is checked.

    def test_a_file_that_is_no_json_is_told_once(self):
        self.ana.write(".aecos/roles.json", '{ "roles": [ }')
        done = self.commit()
        self.assert_refused(done, ".aecos/roles.json:1:14: ")
        self.assertEqual(done.stderr.count("roles.json"), 1, done.stderr)
        self.ana.write(".aecos/roles.json", '{ "roles": {"lead": 1} }')
        self.assert_refused(self.commit(), "validate", ".aecos/roles.json")

    def test_a_model_must_be_sound(self):
        text = model()
        for wrong, words in ((text.replace("ENDSEC;\nEND-ISO", "#9000=IFCWALL('\nENDSEC;\nEND-ISO"), [HOUSE + ":"]),
                             (text.replace(GUIDS["W-2"], GUIDS["W-1"]), ["has the GlobalId", "W-2"]),
                             (text.replace("ENDSEC;\nEND-ISO", "#9000=IFCGROUP('0group0000000000000000',#8999,$,$,$);\n"
                                           "ENDSEC;\nEND-ISO"), ["refers to #8999, which is not there"]),
                             (text.replace("IFCWALL('" + GUIDS["W-1"] + "'", "IFCWALL($"), ["has no GlobalId"])):
            self.assertNotEqual(wrong, text)
            self.ana.write(HOUSE, wrong)
            self.assert_refused(self.commit(), "soundness", *words)
        self.ana.write(HOUSE, model({"W-1": {"FireRating": "REI 90"}}))
        self.assertEqual(self.commit().returncode, 0)

    def test_json_must_be_readable(self):
        self.ana.write("elements/w/metadata.json", '{\n  "globalId": "none"\n}\n')
        self.assert_refused(self.commit(), "elements/w/metadata.json:2:15: ")
        self.ana.write("notes/a.json", '{\n  "a": 1,\n}\n')
        self.assert_refused(self.commit(), "notes/a.json:3:1: ")

    def test_metadata_and_model_must_agree(self):
        one = model({"W-1": {"FireRating": "REI 60"}}, count=1)
        metadata = {"globalId": GUIDS["W-1"], "class": "IfcWall", "name": "W-1",
                    "properties": {"Pset_WallCommon": {"FireRating": "REI 60"}}}
        self.ana.write("elements/w-1/element.ifc", one)
        self.ana.write_json("elements/w-1/metadata.json", metadata)
        self.assertEqual(self.commit().returncode, 0)
        metadata["properties"]["Pset_WallCommon"]["FireRating"] = "REI 120"
        self.ana.write_json("elements/w-1/metadata.json", metadata)
        self.assert_refused(self.commit(), "agreement", "Pset_WallCommon.FireRating", "REI 120", "REI 60")
        self.ana.write_json("elements/w-1/metadata.json", metadata)
        self.ana.write("elements/w-1/element.ifc", one.replace("REI 60", "REI 120"))
        self.assertEqual(self.commit().returncode, 0)

    def test_old_faults_hold_nobody_up(self):
        broken = model().replace("ENDSEC;\nEND-ISO", "#9000=IFCGROUP($,$,'G',$,$);\nENDSEC;\nEND-ISO")
        self.ana.write(HOUSE, broken)
        self.assertEqual(self.commit("--no-verify").returncode, 0)
        self.ana.write(HOUSE, broken.replace("'W-1'", "'W-1a'"))
        self.assertEqual(self.commit().returncode, 0)
        self.ana.git("checkout", "-q", "-b", "side", "HEAD~2")
        self.ana.write("other.md", "x\n")
        self.assertEqual(self.commit().returncode, 0)
        self.ana.git("merge", "-q", "--no-commit", "-")  # What another branch has is not new either.
        self.assertEqual(self.commit().returncode, 0)

    def test_what_is_out_of_reach_holds_nobody_up(self):
        """A model that Git LFS keeps somewhere else."""
        text = model({"W-1": {"FireRating": "REI 90"}})
        self.ana.write("models/l.ifc", "version https://git-lfs.github.com/spec/v1\n"
                       f"oid sha256:{hashlib.sha256(text.encode()).hexdigest()}\nsize {len(text)}\n")
        self.assertEqual(self.commit("--no-verify").returncode, 0)
        self.ana.write_json(".aecos/waivers.json", {"version": 1, "waivers": {}})
        done = self.commit()
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stderr, "validate was not checked: models/l.ifc: .*Git LFS")
        self.ana.git("mv", "models/l.ifc", "models/m.ifc")
        done = self.commit()
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stderr, "soundness was not checked: models/m.ifc: .*Git LFS")
        self.ana.write("bad.json", "{")
        self.ana.git("rm", "-q", ".aecos/waivers.json")
        self.assert_refused(self.commit(), "bad.json:1:", "validate was not checked: models/m.ifc: ")

    # Skipping.

    def test_a_check_is_skipped_with_a_reason_that_the_commit_keeps(self):
        broken = model().replace("ENDSEC;\nEND-ISO", "#9000=IFCGROUP($,$,'G',$,$);\nENDSEC;\nEND-ISO")
        for skip, words in (("soundness", "takes a reason"), ("soundness: ", "takes a reason"),
                            ("sound:x", "there is no check \"sound\""), ("agreement:not this one", "has no GlobalId")):
            self.ana.write(HOUSE, broken)
            done = self.commit(skip=skip)
            self.assertNotEqual(done.returncode, 0, skip)
            self.assertIn(words, done.stderr)
        self.assertEqual(self.commit(skip="soundness: the exporter: writes it so").returncode, 0)
        self.assertEqual(self.message(), "by hand\n\nAecos-Skipped: soundness: the exporter: writes it so\n\n")
        self.ana.write(HOUSE, broken.replace("'G'", "$"))
        done = self.commit(before=("-c", "aecos.skip=soundness,agreement:half „fertig“"))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("soundness was not checked: half „fertig“", done.stderr)
        self.assertEqual(self.message().splitlines()[2:4], ["Aecos-Skipped: soundness: half „fertig“",
                                                            "Aecos-Skipped: agreement: half „fertig“"])

    def test_an_empty_message_still_commits_nothing(self):
        self.ana.write("a.md", "a\n")
        self.ana.git("add", "-A")
        before = self.ana.git("rev-parse", "HEAD").stdout
        done = self.ana.git("-c", "aecos.skip=soundness:x", "-c", "core.editor=true", "commit", check=False)
        self.assertNotEqual(done.returncode, 0)
        self.assertEqual(self.ana.git("rev-parse", "HEAD").stdout, before)

    # After a merge.

    def test_what_a_merge_brought_is_told(self):
        self.ben.aecos("init")
        self.ben.write(HOUSE, model({"W-1": {"FireRating": "REI 90"}}))
        self.ben.sync()
        self.ana.git("fetch", "-q")
        done = self.ana.git("merge", "origin/develop")
        self.assertIn("received", done.stdout + done.stderr)
        self.assertIn("REI 60 → REI 90", done.stdout + done.stderr)
        self.ana.git("reset", "-q", "--hard", "HEAD@{1}")
        self.assertNotIn("received", self.ana.git("merge", "--squash", "origin/develop").stderr)

    def test_who_merges_into_the_shared_branch_by_hand_tells_the_team(self):
        them = StandIns(rates=False)
        them.start()
        self.addCleanup(them.stop)
        self.ana.write(".env", f"SLACK_WEBHOOK={them.url('slack')}\n")
        self.ana.write(".git/info/exclude", ".env\n")
        self.ana.git("switch", "-q", "-c", "idea")
        self.ana.write(HOUSE, model({"W-1": {"FireRating": "REI 90"}}))
        self.assertEqual(self.commit().returncode, 0)
        self.ana.git("switch", "-q", "user/ana/work")
        self.ana.git("merge", "-q", "idea")  # One's own branch concerns nobody.
        self.ana.git("switch", "-q", "develop")
        self.ana.git("merge", "-q", "idea")
        text = them.wait_for("slack", 1)[0].body.decode()
        for part in ("ana", "W-1", "REI 60", "REI 90"):
            self.assertIn(part, text)
        self.assertEqual((1, []), (len(them.received("slack")), them.faults))

    # Hooks of the user.

    def test_hooks_of_the_user_are_run_first_and_kept(self):
        for name in HOOKS:
            self.hook(name).write_text(f"#!/bin/sh\necho mine {name} \"$@\" >> calls\n[ ! -e stop ]\n")
            self.hook(name).chmod(0o755)
        done = self.ana.aecos("init")
        for name in HOOKS:
            self.assertIn(f"your hook {name} is ", done.stderr)
            self.assertIn("echo mine", self.hook(name + ".yours").read_text())
        self.assertNotIn("yours", self.ana.aecos("init").stderr)
        self.ana.write(".gitignore", "calls\nstop\n")
        self.assertEqual(self.commit(skip="soundness:x").returncode, 0)
        self.assertIn("Aecos-Skipped", self.message())
        self.assertEqual(self.ana.read("calls"), "mine pre-commit\nmine commit-msg .git/COMMIT_EDITMSG\n")
        self.ana.write("stop", "")
        self.ana.write("a.md", "a\n")
        self.assertNotEqual(self.commit().returncode, 0)
        self.ana.path("stop").unlink()
        self.ana.write("bad.json", "{")
        self.assert_refused(self.commit(), "bad.json:1:")
        self.hook("pre-commit").write_text("#!/bin/sh\nexit 0\n")
        done = self.ana.aecos("init")
        self.assertIn("they are left as they are", done.stderr)
        self.assertEqual(self.hook("pre-commit").read_text(), "#!/bin/sh\nexit 0\n")

    def test_a_folder_of_hooks_elsewhere_is_left_alone(self):
        for name in HOOKS:
            self.hook(name).unlink()
        self.ana.git("config", "core.hooksPath", "tools/hooks")
        done = self.ana.aecos("init")
        self.assertIn('let its pre-commit call: aecos hook pre-commit "$@"', done.stderr)
        self.assertEqual([], [name for name in HOOKS if os.path.lexists(self.hook(name))])
        self.assertFalse(self.ana.path("tools").exists())
        findings = json.loads(self.ana.aecos("doctor", "--json", check=False).stdout)
        self.assertEqual(3, len([each for each in findings if "git's hook" in each["what"] and not each["good"]]))
        for name in HOOKS:
            self.ana.write("tools/hooks/" + name, f"#!/bin/sh\nexec '{AECOS}' hook {name} \"$@\"\n")
            self.ana.path("tools/hooks/" + name).chmod(0o755)
        self.assertNotIn("hooks of yours", self.ana.aecos("init").stderr)
        self.assertIn("git's hooks call aecos", self.ana.aecos("doctor", check=False).stdout)
        self.ana.write("bad.json", "{")
        self.assertIn("bad.json:1:", self.commit().stderr)

    def test_doctor_sees_what_is_missing_and_init_mends_it(self):
        self.assertIn("git's hooks call aecos", self.ana.aecos("doctor", check=False).stdout)
        self.hook("pre-commit").unlink()
        self.hook("commit-msg").chmod(0o644)
        self.hook("post-merge").write_text(self.hook("post-merge").read_text().replace(AECOS, "/nowhere/aecos"))
        told = self.ana.aecos("doctor", check=False).stdout
        for name in HOOKS:
            self.assertIn(f"git's hook {name} does not call this aecos; run aecos init once more", told)
        self.ana.aecos("init")
        self.assertIn("git's hooks call aecos", self.ana.aecos("doctor", check=False).stdout)

    def test_a_link_of_an_older_set_up_works_and_is_replaced(self):
        self.hook("pre-commit").unlink()
        self.hook("pre-commit").symlink_to(AECOS)
        self.ana.write("bad.json", "{")
        self.assert_refused(self.commit(), "bad.json:1:")
        self.ana.aecos("init")
        self.assertFalse(self.hook("pre-commit").is_symlink())

    def test_one_element_takes_no_time(self):
        """Printed, not judged: a machine may be busy."""
        self.ana.write("elements/w-1/element.ifc", model(count=1))
        self.ana.write_json("elements/w-1/metadata.json", {"globalId": GUIDS["W-1"], "class": "IfcWall", "name": "W-1"})
        self.ana.git("add", "-A")
        taken_ms = []
        for _ in range(20):
            begun = time.monotonic()
            run(AECOS, "hook", "pre-commit", folder=self.ana.folder)
            taken_ms.append((time.monotonic() - begun) * 1000)
        print(f"pre-commit, one element: median {statistics.median(taken_ms):.0f} ms, most {max(taken_ms):.0f} ms")


class AtHub(HubTest):
    def test_a_skipped_check_stands_in_the_audit_trail(self):
        self.project()
        ana = Desk(self.hub, "house", "ana")
        ana.commit(README_md="x")
        ana.push("HEAD:develop")
        run(AECOS, "init", folder=ana.folder)
        ana.write("bad.json", "{")
        ana.git("add", "-A")
        ana.git("-c", "aecos.skip=soundness:comes with the next one", "commit", "-q", "-m", "half of it")
        commit = ana.head()
        ana.write("bad.json", "{}")
        ana.git("commit", "-q", "-a", "-m", "the other half")
        ana.push()
        event = self.hub.all_events("house")[-1]
        self.assertEqual(event["type"], "commit.integrated")
        self.assertEqual(event["data"]["skippedChecks"],
                         [{"check": "soundness", "reason": "comes with the next one", "commit": commit}])
        ana.git("pull", "-q")
        self.assertIn("skippedChecks", run(AECOS, "audit", "--json", folder=ana.folder).stdout)
        self.assert_sound()


if __name__ == "__main__":
    main()
