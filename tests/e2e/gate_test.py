#!/usr/bin/env python3
"""Validation as a gate: what is new and wrong is refused where the team wants it so, what was wrong before blocks
nobody, and findings are let pass by who may, with a reason and until a day."""
import datetime
import json
import pathlib
import shutil
import tempfile

from hub import Desk, HubTest
from people import AECOS, main, run
import small_model

HOUSE, WAIVERS = "models/house.ifc", ".aecos/waivers.json"

IDS = """<?xml version="1.0" encoding="utf-8"?>
<ids xmlns="http://standards.buildingsmart.org/IDS" xmlns:xs="http://www.w3.org/2001/XMLSchema"><info><title>House</title>
</info><specifications><specification name="Fire rating" ifcVersion="IFC4">
<applicability minOccurs="0" maxOccurs="unbounded"><entity><name><simpleValue>IFCWALL</simpleValue></name></entity>
</applicability><requirements><property dataType="IFCLABEL" instructions="Ask the fire engineer">
<propertySet><simpleValue>Pset_WallCommon</simpleValue></propertySet><baseName><simpleValue>FireRating</simpleValue>
</baseName><value><xs:restriction base="xs:string"><xs:pattern value="REI [0-9]+"/></xs:restriction></value></property>
</requirements></specification></specifications></ids>
"""


def roles(**branches):
    return json.dumps({
        "version": 1,
        "members": {"olga": {"roles": ["lead"]}, "ana": {"roles": ["architect"]}, "wes": {"roles": ["quality"]},
                    "cara": {"roles": ["architect"]}},
        "roles": {
            "lead": {"may": [{"write": "**"}, {"manage": "roles"}, {"approve": "main"}]},
            "architect": {"may": [{"write": "models/**"}, {"write": "elements/**"}, {"write": ".aecos/**"}]},
            "quality": {"may": [{"write": "**"}, {"manage": "waivers"}, {"approve": "main"}]}},
        "branches": branches}, indent=2) + "\n"


def model(**walls):
    """W_1="REI 60": the fire ratings that are not REI 60. Its GlobalIds are all of letters that IFC has."""
    values = {name.replace("_", "-"): {"FireRating": rating} for name, rating in walls.items()}
    return small_model.model(values).replace("psetW-", "psetW_")


def day(later):
    return (datetime.datetime.now(datetime.timezone.utc).date() + datetime.timedelta(days=later)).isoformat()


class GateTest(HubTest):
    develop = {"protected": True, "through": "integration", "checks": ["validate"]}
    first = model()

    def more(self):
        return {}

    def setUp(self):
        super().setUp()
        self.project("house", "olga", ana="write", wes="write", cara="write")
        olga = Desk(self.hub, "house", "olga")
        for name, content in {HOUSE: self.first, ".aecos/ids/fire.ids": IDS,
                              ".aecos/project.json": '{\n  "version": 1,\n  "name": "House"\n}\n',
                              ".aecos/roles.json": roles(develop=self.develop, main={
                                  "protected": True, "through": "change-request", "checks": ["validate"]}),
                              **self.more()}.items():
            olga.write(name, content)
        olga.commit("The house")
        olga.push("HEAD:develop")
        self.desks = {"olga": olga}

    def desk(self, login):
        if login not in self.desks:
            self.desks[login] = Desk(self.hub, "house", login)
        self.desks[login].pull()
        return self.desks[login]

    def aecos(self, desk, *arguments, check=True):
        return run(AECOS, *arguments, folder=desk.folder, check=check)

    def save(self, desk, text, name=HOUSE):
        desk.write(name, text)
        return desk.commit("The model")

    def told(self, *types):
        return [event for event in self.hub.all_events("house") if event["type"] in types]

    def waive(self, desk, *arguments, until=30):
        self.aecos(desk, "waive", *arguments, "--reason", "rated by the maker, sheet 12", "--until", day(until))
        return desk.commit("Let it pass")


class Required(GateTest):
    def test_what_is_new_and_wrong_is_refused_and_told(self):
        ana = self.desk("ana")
        head = self.save(ana, model(W_1="none"))
        self.assert_refused(ana.push(check=False), "check validate: 1 new fault", "IfcWall W-1", "Fire rating",
                            "to mend it: Ask the fire engineer", "aecos waive")
        failed, = self.told("check.failed")
        data = failed["data"]
        self.assertEqual((failed["subject"], data["actor"], data["branch"], data["commit"]),
                         ("validate", "ana", "develop", head))
        self.assertEqual((data["check"], data["state"], data["required"], data["new"]), ("validate", "failed", True, 1))
        self.assertEqual(data["findings"][0]["element"]["name"], "W-1")
        self.assertEqual(data["findings"][0]["specification"], "Fire rating")
        self.assertEqual(data["elements"][0]["globalId"], small_model.GUIDS["W-1"])
        self.assertIn("W-1: Fire rating", data["summary"])
        self.assertEqual(len(self.told("push.rejected")), 1)
        self.save(ana, model(W_1="REI 90"))
        ana.push()
        passed = self.told("check.passed")[-1]["data"]
        self.assertEqual((passed["new"], passed["required"]), (0, True))
        integrated = self.told("commit.integrated")[-1]["data"]
        self.assertEqual(integrated["checks"], [{"name": "validate", "state": "passed"}])
        self.assert_sound()

    def test_waivers_let_pass_and_run_out(self):
        ana, wes = self.desk("ana"), self.desk("wes")
        self.save(wes, model(W_1="none"))
        self.assert_refused(wes.push(check=False), "1 new fault")
        # Who may not waive is refused, and that is told.
        self.save(ana, model(W_1="none"))
        self.waive(ana, "W-1")
        self.assert_refused(ana.push(check=False), "ana may not let findings pass: ask who may manage waivers")
        self.assertIn("ana may not let findings pass", self.told("push.rejected")[-1]["data"]["reasons"])
        self.assertEqual([], self.told("waiver.added"))
        # Who may, lets it pass.
        self.waive(wes, "W-1")
        wes.push()
        added, = self.told("waiver.added")
        self.assertEqual(added["data"]["actor"], "wes")
        self.assertEqual(added["data"]["waiver"]["reason"], "rated by the maker, sheet 12")
        self.assertEqual(added["data"]["waiver"]["specification"], "Fire rating")
        passed = self.told("check.passed")[-1]["data"]
        self.assertEqual([(one["id"], one["findings"]) for one in passed["waivers"]], [(added["subject"], 1)])
        listed = json.loads(self.aecos(wes, "waivers", "--json").stdout)["waivers"]
        self.assertEqual([(one["state"], one["by"]) for one in listed], [("active", "Wes")])
        report = json.loads(self.aecos(wes, "validate", "--json").stdout)
        self.assertEqual((report["errors"], report["waived"]), (0, 1))
        self.assertIn("waived", self.aecos(wes, "validate").stdout)
        # One that is over lets nothing new pass, and says so.
        wes.pull()
        waivers = json.loads((wes.folder / WAIVERS).read_text())
        for waiver in waivers["waivers"].values():
            waiver.update(at=day(-40), until=day(-1), element=small_model.GUIDS["W-2"])
        wes.write(WAIVERS, json.dumps(waivers, indent=2) + "\n")
        self.save(wes, model(W_1="none", W_2="none"))
        self.assert_refused(wes.push(check=False), "1 new fault", "W-2", "is over)")
        over = self.aecos(wes, "validate", check=False)
        self.assertEqual(over.returncode, 1)
        self.assertIn("is over)", over.stdout)

    def test_what_was_found_is_kept_over_a_restart(self):
        ana = self.desk("ana")
        self.save(ana, model(W_1="REI 90"))
        ana.push()
        kept = self.hub.data / "validated" / "house"
        self.assertFalse(kept.exists())  # An integration makes no file of its own.
        self.hub.stop()
        self.assertTrue(list(kept.iterdir()))
        self.hub.start()
        self.save(ana, model(W_1="none"))
        self.assert_refused(ana.push(check=False), "check validate: 1 new fault")

    def test_taking_a_waiver_back_is_told(self):
        wes = self.desk("wes")
        self.save(wes, model(W_1="none"))
        self.waive(wes, "W-1")
        wes.push()
        name, = json.loads((wes.folder / WAIVERS).read_text())["waivers"]
        self.aecos(wes, "waivers", "--remove", name)
        wes.commit("No more")
        wes.push()  # What is there already blocks nobody.
        self.assertEqual([event["subject"] for event in self.told("waiver.removed")], [name])

    def test_who_comes_at_the_same_time_keeps_both_waivers(self):
        wes, olga = self.desk("wes"), self.desk("olga")
        self.save(wes, model(W_1="none"))
        self.waive(wes, "W-1")
        self.aecos(olga, "waive", "models/**", "--specification", "Fire rating", "--reason", "later", "--until", day(9),
                   "--force")
        olga.commit("To come")
        wes.push()
        olga.push()
        wes.pull()
        self.assertEqual(len(json.loads((wes.folder / WAIVERS).read_text())["waivers"]), 2)
        self.assertFalse((wes.folder / ".aecos/conflicts").exists())

    def test_a_path_means_the_copy_that_lies_there(self):
        wes = self.desk("wes")
        one = model(W_1="none")
        for folder in ("a", "b"):
            wes.write(f"elements/{folder}/element.ifc", one)
        for first, second in (("a", "b"), ("b", "a")):
            self.assertEqual(self.fire_faults(wes), ["elements/a/element.ifc"])
            told = json.loads(self.aecos(wes, "waive", f"elements/{first}/**", "--specification", "Fire rating",
                                         "--reason", "x", "--until", day(3), "--json").stdout)
            self.assertEqual(told["findings"], 1)
            self.assertEqual(self.fire_faults(wes), [f"elements/{second}/element.ifc"])
            self.aecos(wes, "waive", f"elements/{second}/**", "--specification", "Fire rating", "--reason", "x", "--until",
                       day(3))
            self.assertEqual(self.fire_faults(wes), [])
            listed = json.loads(self.aecos(wes, "waivers", "--json").stdout)["waivers"]
            self.assertEqual([(each["state"], each["findings"]) for each in listed], [("active", 1)] * 2)
            (wes.folder / WAIVERS).unlink()

    def fire_faults(self, desk):
        report = json.loads(self.aecos(desk, "validate", "--json", check=False).stdout)
        return [each["path"] for each in report["findings"]
                if each.get("specification") == "Fire rating" and "waived" not in each]

    def test_what_a_waiver_must_say(self):
        wes = self.desk("wes")
        self.save(wes, model(W_1="none"))
        for arguments, words in ((["W-2"], "finds nothing wrong there"),
                                 (["W-1", "--until", "2099-01-01"], "more than a year"),
                                 (["W-1", "--reason", " "], "it has no reason"),
                                 (["W-1", "--rule", "ids-propety"], "is no rule of aecos validate"),
                                 (["W-3", "--rule", "ids-property", "--force"], "W-3 is neither an element"),
                                 (["W-1", "--specification", "Other"], "nothing that this would let pass")):
            more = [] if "--reason" in arguments else ["--reason", "x"]
            more += [] if "--until" in arguments else ["--until", day(3)]
            done = self.aecos(wes, "waive", *arguments, *more, check=False)
            self.assertEqual(done.returncode, 2, done.stderr)
            self.assertIn(words, done.stderr)
        self.assertFalse((wes.folder / WAIVERS).exists())
        wes.write(WAIVERS, '{"version": 1, "waivers": {"w-1": {"rule": "ids-property"}}}\n')
        report = json.loads(self.aecos(wes, "validate", "--json", check=False).stdout)
        self.assertIn((WAIVERS, "project-file"), [(one["path"], one["rule"]) for one in report["findings"]])
        for command in (["waivers"], ["waivers", "--remove", "w-1"],
                        ["waive", "W-1", "--reason", "x", "--until", day(3)]):
            self.assertIn(f"aecos: {WAIVERS}:1:", self.aecos(wes, *command, check=False).stderr)

    def test_an_element_without_findings_is_waived_by_its_name(self):
        wes = self.desk("wes")
        self.save(wes, model(W_1="none"))
        told = self.aecos(wes, "waive", "W-2", "--specification", "Fire rating", "--reason", "x", "--until", day(3),
                          "--force").stdout
        self.assertIn("there is none yet.", told)
        (waiver,) = json.loads((wes.folder / WAIVERS).read_text())["waivers"].values()
        self.assertIn(waiver["element"], model(W_1="none"))
        self.assertNotIn("path", waiver)
        (name,) = json.loads((wes.folder / WAIVERS).read_text())["waivers"]
        self.assertEqual(json.loads(self.aecos(wes, "waivers", "--remove", name, "--json").stdout), {"removed": name})

    def test_sync_tells_before_it_pushes_and_loses_nothing(self):
        ana = self.desk("ana")
        self.aecos(ana, "init")
        before = self.hub.refs("house")["refs/heads/develop"]
        ana.write(HOUSE, model(W_1="none"))
        done = self.aecos(ana, "sync", check=False)
        self.assertEqual(done.returncode, 4, done.stdout + done.stderr)
        for words in ("nothing was pushed", "W-1", "Fire rating"):
            self.assertIn(words, done.stdout + done.stderr)
        self.assertEqual(self.hub.refs("house")["refs/heads/develop"], before)
        self.assertEqual([], self.told("push.rejected"))  # It was not even tried.
        self.assertIn("'none'", ana.git("show", f"HEAD:{HOUSE}").stdout)
        ana.write(HOUSE, model(W_1="REI 120"))
        self.aecos(ana, "sync")
        self.assertIn("REI 120", run("git", "show", f"develop:{HOUSE}",
                                     folder=self.hub.data / "repositories/house.git").stdout)
        self.assertEqual(self.aecos(ana, "status", check=False).stderr, "")

    def test_a_hub_that_was_killed_tells_the_same(self):
        ana = self.desk("ana")
        self.save(ana, model(W_1="REI 90"))
        ana.push()
        self.hub.kill()
        self.hub.start()
        self.save(ana, model(W_1="none"))
        self.assert_refused(ana.push(check=False), "1 new fault")
        self.save(ana, model(W_1="REI 30"))
        ana.push()
        self.assertEqual(len(self.told("check.passed")), 2)
        self.assert_sound()


class OldFaults(GateTest):
    first = model(W_1="none")

    def test_what_was_wrong_before_blocks_nobody(self):
        ana = self.desk("ana")
        self.save(ana, model(W_1="none", W_2="REI 90"))
        ana.push()
        self.assertEqual(self.told("check.passed")[-1]["data"]["new"], 0)
        self.save(ana, model(W_1="none", W_2="never"))
        self.assert_refused(ana.push(check=False), "1 new fault", "W-2")
        self.save(ana, model())
        ana.push()
        self.assertEqual(self.told("check.passed")[-1]["data"]["mended"], 1)

    def test_a_change_request_is_looked_at_as_a_whole(self):
        olga, wes = self.desk("olga"), self.desk("wes")
        olga.git("push", "-q", "origin", f"{olga.head()}:refs/heads/main", check=False)
        if "refs/heads/main" not in self.hub.refs("house"):
            self.fail("main could not be begun")
        self.save(olga, model(W_1="none", W_2="REI 90"))
        olga.push("HEAD:refs/heads/user/olga/more")
        path = "/api/v1/projects/house/change-requests"
        made = self.hub.ask("POST", path, "olga", {"title": "More", "source": "user/olga/more", "target": "main"})[2]
        one = f"{path}/{made['changeRequest']['number']}"
        state = self.hub.get(one, "olga")
        self.assertIn("check validate: 1 fault;", state["missing"][0])
        check, = [check for check in state["checks"] if check["name"] == "validate"]
        self.assertEqual(check["state"], "failed")
        self.assertIn("W-1", check["summary"])
        status, _, answer = self.hub.ask("POST", f"{one}/merge", "olga", {})
        self.assertEqual(status, 403)
        self.assertIn("check validate: 1 fault", answer["detail"])
        self.assertEqual(self.told("check.failed")[-1]["data"]["branch"], "main")
        # Mended.
        self.save(olga, model(W_2="REI 90"))
        olga.push("HEAD:refs/heads/user/olga/more")
        state = self.hub.get(one, "olga")
        self.assertEqual(([], ["passed"]), (state["missing"], [check["state"] for check in state["checks"]]))
        self.assertEqual(self.hub.ask("POST", f"{one}/merge", "olga", {})[0], 200)
        self.assertEqual(self.told("check.passed")[-1]["data"]["branch"], "main")

    def test_what_could_not_be_looked_at_once_is_looked_at_again(self):
        olga = self.desk("olga")
        olga.git("push", "-q", "origin", f"{olga.head()}:refs/heads/main")
        self.save(olga, model(W_2="REI 90"))
        olga.push("HEAD:refs/heads/user/olga/more")
        path = "/api/v1/projects/house/change-requests"
        made = self.hub.ask("POST", path, "olga", {"title": "More", "source": "user/olga/more", "target": "main"})[2]
        one = f"{path}/{made['changeRequest']['number']}"
        self.hub.kill()  # What it has open, it can still read.
        objects = self.hub.data / "repositories/house.git/objects"
        for pack in objects.glob("pack/*.pack"):
            away = pathlib.Path(shutil.move(pack, objects.parent / pack.name))
            run("sh", "-c", f"git unpack-objects -q < '{away}'", folder=objects.parent)
        for index in objects.glob("pack/*"):
            index.unlink()
        blob = olga.git("rev-parse", f"HEAD:{HOUSE}").stdout.strip()
        kept, away = objects / blob[:2] / blob[2:], objects.parent / blob
        kept.rename(away)
        self.hub.start()
        missing = self.hub.get(one, "olga")["missing"]
        self.assertIn("check validate: not made: ", missing[0])
        away.rename(kept)
        state = self.hub.get(one, "olga")
        self.assertEqual(([], ["passed"]), (state["missing"], [check["state"] for check in state["checks"]]))


class Pushed(GateTest):
    """A branch that asks for it and moves as it is pushed."""

    def setUp(self):
        super().setUp()
        olga = self.desk("olga")
        olga.write(".aecos/roles.json", roles(**{"develop": self.develop, "release/*": {"checks": ["validate"]}}))
        olga.commit("Releases are valid")
        olga.push("HEAD:develop")

    def test_what_is_new_and_wrong_is_refused_whatever_way_it_comes(self):
        ana = self.desk("ana")
        good = ana.head()
        self.save(ana, model(W_1="none"))
        self.assert_refused(ana.push("HEAD:release/1", check=False), "check validate: 1 new fault", "W-1")
        self.assertEqual(self.told("check.failed")[-1]["data"]["branch"], "release/1")
        self.assertNotIn("refs/heads/release/1", self.hub.refs("house"))
        ana.push(f"{good}:refs/heads/release/1")
        self.assertEqual(self.told("check.passed")[-1]["data"]["branch"], "release/1")
        self.assert_refused(ana.push("HEAD:release/1", check=False), "check validate: 1 new fault")
        self.save(ana, model(W_1="REI 90"))
        ana.push("HEAD:release/1")
        self.assertEqual(self.hub.refs("house")["refs/heads/release/1"], ana.head())
        self.save(ana, model(W_1="none"))
        ana.git("reset", "-q", "--soft", "HEAD~2")
        ana.commit("Another history")
        self.assert_refused(ana.push("--force", "HEAD:release/1", check=False), "check validate: 1 new fault")
        self.assert_sound()


class Many(GateTest):
    """More faults than are told of one file."""
    COUNT = 1300

    @staticmethod
    def many(mended):
        walls = "\n".join(f"#{k + 10}=IFCWALL('{k:022d}',$,'W-{k}',{repr('good') if k < mended else '$'},$,$,$,$,$);"
                          for k in range(Many.COUNT))
        return ("ISO-10303-21;\nHEADER;\nFILE_DESCRIPTION((''),'2;1');\nFILE_NAME('','',(''),(''),'','','');\n"
                f"FILE_SCHEMA(('IFC4'));\nENDSEC;\nDATA;\n{walls}\nENDSEC;\nEND-ISO-10303-21;\n")

    def more(self):
        begin, end = IDS.index("<property "), IDS.index("</property>") + len("</property>")
        attribute = "<attribute><name><simpleValue>Description</simpleValue></name></attribute>"
        return {"models/many.ifc": self.many(0),
                ".aecos/ids/described.ids": (IDS[:begin] + attribute + IDS[end:]).replace("Fire rating", "Described")}

    def test_mending_some_brings_nothing_new(self):
        ana = self.desk("ana")
        self.save(ana, self.many(2), "models/many.ifc")
        ana.push()
        passed = self.told("check.passed")[-1]["data"]
        self.assertEqual((passed["new"], passed["mended"]), (0, 2))
        self.aecos(ana, "init")  # From now on there are the hook and the sync that look before the hub does.
        self.save(ana, self.many(5), "models/many.ifc")
        self.aecos(ana, "sync")
        self.assertEqual(self.told("check.passed")[-1]["data"]["mended"], 3)
        ana.write("models/many.ifc", self.many(3))
        self.assertIn("2 new faults", self.aecos(ana, "sync", check=False).stderr)


class Advisory(GateTest):
    develop = {"protected": True, "through": "integration", "advisory": ["validate"]}

    def test_it_integrates_and_tells(self):
        ana = self.desk("ana")
        self.save(ana, model(W_1="none"))
        done = ana.push()
        self.assertIn("warning: check validate: 1 new fault", done.stderr)
        failed, = self.told("check.failed")
        self.assertEqual((failed["data"]["required"], failed["data"]["new"]), (False, 1))
        self.assertEqual(self.told("commit.integrated")[-1]["data"]["checks"], [{"name": "validate", "state": "failed"}])

    def test_a_sync_tells_it_in_json_too(self):
        ana = self.desk("ana")
        self.aecos(ana, "init")
        ana.write(HOUSE, model(W_1="none"))
        warnings = json.loads(self.aecos(ana, "sync", "--json").stdout)["warnings"]
        self.assertIn("check validate: 1 new fault", "\n".join(warnings))

    def test_whose_checks_are_the_hubs_cannot_be_reported(self):
        status, _, answer = self.hub.ask("POST", "/api/v1/projects/house/checks", "olga",
                                         {"commit": self.desks["olga"].head(), "name": "validate", "state": "passed"})
        self.assertEqual(status, 403, answer)


class TooLarge(GateTest):
    first = model()

    def setUp(self):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="aecos-gate-"))
        self.addCleanup(shutil.rmtree, folder)
        (folder / "hub.toml").write_text("[limits]\nvalidate-mb = 1\n")
        self.options = ("--config", str(folder / "hub.toml"))
        super().setUp()

    def test_what_is_not_looked_at_does_not_pass(self):
        ana = self.desk("ana")
        self.save(ana, model() + "/* " + "x" * (2 << 20) + " */\n", "models/large.ifc")
        self.assert_refused(ana.push(check=False), "check validate: not made: more than 1 MB", "limits.validate-mb")
        data = self.told("check.failed")[-1]["data"]
        self.assertEqual(data["state"], "notChecked")
        self.assertIn("not made", data["summary"])


if __name__ == "__main__":
    main()
