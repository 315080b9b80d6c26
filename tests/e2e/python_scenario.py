# -*- coding: utf-8 -*-
"""Two people with the package aecos at one hub, from any Python, 2.7 to 3.13: run by python_package_test.py, which
says in the environment where hub, project and tokens are. Nothing is played: the program, git and the hub are real."""
from __future__ import print_function, unicode_literals

import io
import json
import os
import subprocess
import sys
import threading
import time
import unittest
from decimal import Decimal

from aecos import Hub, Project, errors, sync

HUB, NAME, FOLDER = os.environ["SCENARIO_HUB"], os.environ["SCENARIO_PROJECT"], os.environ["SCENARIO_FOLDER"]
TOKENS = {"ana": os.environ["SCENARIO_ANA"], "ben": os.environ["SCENARIO_BEN"]}
GUID = "3cUkl32yn9qRSPvBJVyWYp"
WALL = "elements/wand-süd-w12/metadata.json"
HOUSE = {"globalId": GUID, "class": "IfcWall", "name": "Wand Süd",
         "properties": {"FireRating": "REI 60", "LoadBearing": True, "Width": 0.3}}


def as_path(text):
    """Python 2's own functions want paths as bytes."""
    return text.encode("utf-8") if sys.version_info[0] == 2 and not isinstance(text, bytes) else text


def git(folder, *arguments):
    subprocess.check_call([as_path(part) for part in ("git",) + arguments], cwd=as_path(folder))


def until(condition, what, seconds=20):
    deadline = time.time() + seconds
    while not condition():
        if time.time() > deadline:
            raise AssertionError("after %d s still not: %s" % (seconds, what))
        time.sleep(0.02)


def desk(login):
    """Somebody's work tree, in a folder with a name of its country."""
    folder = FOLDER + "/Büro " + login
    if not os.path.isdir(as_path(folder)):
        os.makedirs(as_path(folder))
        git(folder, "init", "-q")
        git(folder, "config", "user.name", login.capitalize())
        git(folder, "config", "user.email", login + "@example.org")
    return Project.join(HUB.replace("//", "//%s:%s@" % (login, TOKENS[login])) + "/%s.git" % NAME, folder)


def missing_until():
    return time.strftime("%Y-%m-%d", time.gmtime(time.time() + 30 * 24 * 3600))


def read(project):
    with io.open(os.path.join(project.folder, as_path(WALL)), encoding="utf-8") as file:
        return json.load(file)


def save(project, **properties):
    path = os.path.join(project.folder, as_path(WALL))
    wall = read(project) if os.path.exists(path) else json.loads(json.dumps(HOUSE))
    wall["properties"].update(properties)
    if not os.path.isdir(os.path.dirname(path)):
        os.makedirs(os.path.dirname(path))
    text = json.dumps(wall, indent=2, ensure_ascii=False)
    with io.open(path, "w", encoding="utf-8") as file:
        file.write((text if not isinstance(text, bytes) else text.decode("utf-8")) + "\n")


class Scenario(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.ana, cls.ben = desk("ana"), desk("ben")
        cls.here = cls.ana.hub()
        cls.at_hub = {login: Hub(HUB, token).project(NAME) for login, token in TOKENS.items()}
        save(cls.ana)
        cls.first = cls.ana.sync()
        cls.ben.sync()

    def both_sync(self):
        for person in (self.ana, self.ben, self.ana):
            person.sync()

    def test_what_one_shares_the_other_receives(self):
        self.assertTrue(self.first.pushed)
        self.assertEqual([WALL], self.first.commits[0].paths)
        save(self.ana, Width=0.36)
        status = self.ana.status()
        self.assertEqual([WALL], [each.path for each in status.changes])
        change = status.changes[0].changes[0]
        self.assertEqual((change.element.global_id, change.element.name, change.before, change.after),
                         (GUID, "Wand Süd", 0.3, 0.36))
        self.assertEqual([], sync.sync(self.ana).conflicts)
        received = self.ben.sync().received
        self.assertEqual([(0.3, 0.36)], [(each.before, each.after) for file in received for each in file.changes])
        self.assertEqual([], self.ben.status().changes)
        self.assertEqual(0.36, read(self.ben)["properties"]["Width"])

    def test_a_project_is_found_from_inside_and_missed_elsewhere(self):
        inside = os.path.join(self.ana.folder, as_path(os.path.dirname(WALL)))
        self.assertEqual(self.ana.folder, Project.open(inside).folder)
        for folder in (FOLDER, FOLDER + "/nowhere"):
            with self.assertRaises(errors.NotFound):
                Project.open(folder)

    def test_a_conflict_is_told_settled_and_shared(self):
        save(self.ana, FireRating="REI 90")
        save(self.ben, FireRating="EI 120 – geprüft")
        self.ana.sync()
        self.assertEqual(1, self.ben.sync().open_conflicts)
        conflict, = self.ben.conflicts()
        self.assertEqual(("REI 60", "REI 90", "EI 120 – geprüft"),
                         (conflict.base.value, conflict.ours.value, conflict.theirs.value))
        self.assertEqual(conflict.id, self.at_hub["ana"].conflicts()[0].id)
        self.assertEqual(self.ben.conflict(conflict.id[:8]).title, conflict.title)
        for wrong in ({}, {"choice": "mine"}, {"choice": "ours", "value": 1}):
            with self.assertRaises(errors.InvalidInput):
                self.ben.resolve(conflict, **wrong)
        settled = self.ben.resolve(conflict, value=["-REI 120 „neu“", {"ab": 2027}])
        self.assertEqual((conflict.id, 0), (settled.id, settled.open_in_path))
        self.both_sync()
        self.assertEqual([[], []], [self.ana.conflicts(), self.at_hub["ben"].conflicts()])
        self.assertEqual(["-REI 120 „neu“", {"ab": 2027}], read(self.ana)["properties"]["FireRating"])
        with self.assertRaises(errors.InvalidInput):
            self.ben.resolve(conflict.id, "ours")
        save(self.ana, FireRating="REI 60")
        self.both_sync()

    def test_locks_from_work_tree_and_hub_are_the_same(self):
        lock = self.ana.lock(GUID, reason="Öffnung", minutes=5)
        self.assertEqual(("ana", "element", "Öffnung"), (lock.holder, lock.kind, lock.reason))
        self.assertEqual([lock.id], [each.id for each in self.at_hub["ben"].locks()])
        for project in (self.ben, self.at_hub["ben"]):
            with self.assertRaises(errors.ChangedMeanwhile) as raised:
                project.lock(GUID)
            self.assertEqual(3 if project is self.ben else 409, raised.exception.status)
        self.assertEqual("ana", raised.exception.output["holder"])
        self.assertEqual("ben", self.at_hub["ben"].ask_for_lock(GUID, "für morgen").asked_by)
        self.assertEqual("ben", self.ana.hand_over(GUID).holder)
        with self.assertRaises(errors.Denied):
            self.at_hub["ana"].unlock(GUID)
        self.ben.unlock(GUID)
        folder = self.at_hub["ben"].lock("models/", reason="alles")
        self.assertEqual("path", folder.kind)
        self.ana.unlock("models/", force=True, reason="ben ist weg")
        properties = self.ana.lock(GUID, properties="Pset_WallCommon")
        self.assertEqual(("properties", "Pset_WallCommon"), (properties.kind, properties.property_set))
        self.at_hub["ana"].unlock(properties)
        self.assertEqual([], self.ana.locks())
        with self.assertRaises(errors.NotFound):
            self.at_hub["ana"].unlock(GUID)
        with self.assertRaises(errors.InvalidInput):
            self.ana.unlock(GUID)

    def test_history_of_all_and_of_one_element(self):
        save(self.ana, Width=0.42)
        self.both_sync()
        by_program = self.ben.history(GUID, count=1)[0]
        by_hub = self.at_hub["ana"].history(GUID, count=1)[0]
        self.assertEqual(0.42, by_program.changes[0].after)
        self.assertEqual(by_program.changes[0].after, by_hub.changes[0].after)
        self.assertEqual(("Ana", "ana"), (by_program.author, by_hub.author))
        subjects = [commit.subject for commit in sync.history(self.at_hub["ana"])]
        self.assertEqual(subjects, [commit.subject for commit in self.at_hub["ana"].history(count=1000)])
        self.assertEqual(subjects[:1], [commit.subject for commit in self.at_hub["ana"].history(count=1)])
        self.assertTrue(set(commit.subject for commit in self.ana.history(count=3)) <= set(subjects))
        newest, before = self.at_hub["ana"].history(count=2)
        self.assertEqual([WALL], [file.path for file in self.at_hub["ana"].changes(before.id, newest.id)])
        save(self.ana, Width=0.3)
        self.both_sync()

    def test_the_team_is_the_same_from_both_sides(self):
        self.at_hub["ben"].be_present("editing", element=GUID)
        try:
            for team in (self.ana.team(), sync.status(self.at_hub["ana"])):
                self.assertEqual(NAME, team.project)
                self.assertIn(("ben", "editing", GUID), [(each.login, each.state, each.element) for each in team.present])
                self.assertIn("develop", [each.name for each in team.branches if each.shared])
                self.assertEqual(self.ana.team().events, team.events)
        finally:
            self.at_hub["ben"].be_present("gone")
        self.assertEqual("ana", self.at_hub["ana"].at.login())
        self.assertIn(NAME, Hub(HUB, TOKENS["ben"]).projects())

    def test_callbacks_hear_what_they_asked_for_and_no_more(self):
        heard, faults = [], []

        def callback(event):
            heard.append(event)
            if len(heard) == 1:
                raise ValueError("of the callback")

        with self.ana.notify(callback, types=["commit.", "lock.acquired"], element=GUID, on_error=faults.append) as all_of_it:
            until(lambda: all_of_it.sequence is not None, "connected")
            begun = all_of_it.sequence
            self.at_hub["ben"].be_present("looking")
            self.at_hub["ben"].lock(GUID)
            self.at_hub["ben"].unlock(GUID)
            save(self.ben, Width=0.5)
            self.ben.sync()
            until(lambda: len(heard) == 2, "two events")
        self.assertFalse(all_of_it.is_alive)
        self.assertEqual(["lock.acquired", "commit.integrated"], [event.type for event in heard])
        self.assertEqual(["of the callback"], [str(fault) for fault in faults])
        change, = heard[1].elements[0].changes
        self.assertEqual(("ben", 0.5, "Wand Süd"), (heard[1].actor, change.after, heard[1].elements[0].element.name))
        stored = list(self.at_hub["ana"].events(after=begun))
        self.assertEqual([event for event in stored if event.type in ("lock.acquired", "commit.integrated")], heard)
        save(self.ben, Width=0.3)
        self.both_sync()

    def test_a_stream_begins_where_it_is_told(self):
        events = list(self.at_hub["ana"].events())
        self.assertEqual(list(range(1, len(events) + 1)), [event.sequence for event in events])
        with self.at_hub["ana"].watch(after=0) as stream:
            again = []
            for event in stream:
                again.append(event)
                if len(again) == len(events):
                    break
        self.assertEqual(events, again)

    def test_a_stream_is_ended_from_another_thread_while_it_waits(self):
        stream = self.at_hub["ana"].watch()
        thread = threading.Thread(target=lambda: list(stream))
        thread.start()
        until(lambda: stream.sequence is not None, "connected")
        stream.close()
        thread.join(5)
        self.assertFalse(thread.is_alive())

    def test_a_watched_work_tree_shares_and_takes_in(self):
        results = []
        with self.ben.watch() as stream:
            thread = threading.Thread(target=lambda: results.extend(stream))
            thread.start()
            save(self.ana, Width=0.61)
            self.ana.sync()
            until(lambda: read(self.ben)["properties"]["Width"] == 0.61, "ana's width at ben's")
            save(self.ben, Width=0.62)
            until(lambda: any(each.commits and each.shared for each in results), "ben's width shared")
        thread.join(20)
        self.assertFalse(thread.is_alive())
        self.ana.sync()
        self.assertEqual(0.62, read(self.ana)["properties"]["Width"])
        save(self.ana, Width=0.3)
        self.both_sync()

    def test_what_fails_is_one_line_and_of_its_kind(self):
        for call, kind in (
                (lambda: Hub(HUB, "aecos_" + "0" * 48).login(), errors.NotSignedIn),
                (lambda: Hub(HUB, TOKENS["ana"]).project("nothing").locks(), errors.NotFound),
                (lambda: Hub(HUB, TOKENS["ana"]).project("no/thing?").locks(), errors.InvalidInput),
                (lambda: self.at_hub["ana"].lock("../x"), errors.InvalidInput),
                (lambda: Hub("ftp://example.org"), errors.InvalidInput),
                (lambda: Hub("http://127.0.0.1:9", "t").login(), errors.Unavailable),
                (lambda: list(Hub(HUB, "wrong").project(NAME).watch()), errors.NotSignedIn),
                (lambda: self.ana.conflict("c-nothing"), errors.InvalidInput),
                (lambda: self.ana.lock("models/../../x"), errors.InvalidInput),
                (lambda: Project(self.ana.folder, timeout_s=0.001).sync(), errors.TimedOut),
                (lambda: Project(self.ana.folder, program=FOLDER + "/no program").status(), errors.ProgramMissing),
                (lambda: sync.sync(self.at_hub["ana"]), errors.InvalidInput)):
            with self.assertRaises(kind) as raised:
                call()
            self.assertNotIn("\n", raised.exception.message)
            self.assertTrue(str(raised.exception))
        for shown in (repr(Hub(HUB, TOKENS["ana"])), repr(self.at_hub["ana"]), repr(self.ana), repr(self.first)):
            self.assertNotIn(TOKENS["ana"], shown)

    def test_one_is_told_in_the_inbox(self):
        self.assertEqual(GUID, self.ben.hear_of(GUID).target)
        self.assertEqual("property", self.at_hub["ben"].hear_of("*.Width").kind)
        self.assertEqual({GUID, "*.Width"}, {each.target for each in self.ben.watches()})
        save(self.ana, Width=0.7)
        self.ana.sync()
        until(lambda: self.ben.inbox(), "something in the inbox")
        item = self.at_hub["ben"].inbox()[0]
        self.assertEqual((item, "ana"), (self.ben.inbox()[0], item.event.actor))
        self.at_hub["ben"].inbox(mark_read=True)
        self.assertEqual([], self.ben.inbox())
        self.assertTrue(self.ben.inbox(unread=False)[0].read)
        self.assertEqual([], self.ana.channels())
        save(self.ana, Width=0.3)
        self.both_sync()

    def test_a_sentence_becomes_an_element_that_is_shared(self):
        words = "a 5 m long concrete wall, 200 mm thick, 3 m high, REI 120"
        looked_at = self.ana.generate(words, dry_run=True)
        self.assertEqual((False, []), (looked_at.written, self.ana.status().changes))
        made = sync.generate(words, self.ana)
        self.assertEqual(("ok", True, "IfcWall", []), (made.status, made.written, made.elements[0].ifc_class, made.problems))
        self.assertEqual(5, made.specification["elements"][0]["length"])
        with self.assertRaises(errors.InvalidInput) as raised:
            self.ana.generate("a wall")
        self.assertEqual("ask", raised.exception.output["status"])
        self.ana.sync()
        self.ben.sync()
        self.assertTrue(os.path.isfile(os.path.join(self.ben.folder, as_path(made.paths[0] + "/element.ifc"))))
        with self.assertRaises(errors.InvalidInput):
            sync.generate(words, self.at_hub["ana"])

    def test_what_is_wrong_is_told_and_can_be_waived(self):
        save(self.ana, Width=0.4)
        report = self.ana.validate()
        self.assertEqual((False, 0), (report.passed, report.waived))
        missing, = [each for each in report.findings if each.rule == "project-missing" and "element.ifc" in each.path]
        self.assertEqual("error", missing.severity)
        subprocess.check_output([as_path(part) for part in (self.ana.program, "waive", missing.path, "--rule", missing.rule,
                                                          "--reason", "später", "--until", missing_until())],
                              cwd=self.ana.folder)
        waived = sync.validate(project=self.ana)
        self.assertEqual((report.errors - 1, 1), (waived.errors, waived.waived))
        waiver, = sync.waivers(self.ana)
        self.assertEqual(("active", 1, "später", missing.path),
                         (waiver.state, waiver.findings, waiver.reason, waiver.path))
        self.assertEqual([waiver.id], [each.waived for each in waived.findings if each.waived])
        os.remove(os.path.join(self.ana.folder, as_path(".aecos/waivers.json")))
        self.assertEqual([], self.ana.waivers())
        self.assertEqual(1, len(self.ana.validate([WALL]).findings + [None]) - len(self.ana.validate(WALL).findings))
        with self.assertRaises(errors.InvalidInput):
            sync.validate(project=self.at_hub["ana"])

    def test_what_the_building_costs_is_told_to_the_cent(self):
        save(self.ana, Width=0.4)
        self.ana.sync()
        self.assertRaises(errors.InvalidInput, self.ana.cost)
        rates = os.path.join(self.ana.folder, as_path(".aecos/rates.csv"))
        with io.open(rates, "w", encoding="utf-8") as file:
            file.write(u"class,unit,rate,currency\nIfcElement,pcs,1234.55,EUR\n")
        cost = self.ana.cost()
        walls = int(cost.total("EUR") / Decimal("1234.55"))
        self.assertGreater(walls, 0)
        self.assertEqual(walls * Decimal("1234.55"), cost.total("EUR"))
        self.assertEqual((Decimal(0), True), (cost.total("JPY"), cost.is_complete))
        self.assertEqual(cost.total("EUR"), sum(each.cost["EUR"] for each in cost.groups))
        with io.open(rates, "w", encoding="utf-8") as file:
            file.write(u"class,unit,rate,currency\nIfcElement,m2,10,EUR\n")
        missing = sync.cost(project=self.ana, by="element")
        self.assertEqual((False, []), (missing.is_complete, missing.without_rate))
        wall, = [each for each in missing.without_quantity if each.global_id == GUID]
        self.assertIn("metadata.json does not say", wall.why)
        self.assertEqual(["no-quantity"], [each.state for each in missing.positions if each.global_id == GUID])
        change = self.ana.cost("HEAD~1..HEAD", rates=".aecos/rates.csv")
        self.assertEqual((Decimal(0), []), (change.difference("EUR"), change.changes))
        with io.open(rates, "w", encoding="utf-8") as file:
            file.write(u"class,unit,rate,currency\nIfcWall,m2,NaN,EUR\n")
        self.assertRaises(errors.InvalidInput, self.ana.cost)
        self.assertRaises(errors.InvalidInput, sync.cost, project=self.at_hub["ana"])
        os.remove(rates)

    def test_offline_work_is_committed_and_goes_with_the_next_sync(self):
        save(self.ana, Width=0.8)
        self.assertTrue(sync.sync(self.ana, offline=True).offline)
        self.assertEqual((0, 1), (len(self.ana.status().changes), min(self.ana.status().to_share, 1)))
        there = HUB.replace("//", "//ana:%s@" % TOKENS["ana"])
        git(self.ana.folder, "config", "url.http://127.0.0.1:9/.insteadOf", there)
        try:
            with self.assertRaises(errors.Unavailable) as raised:
                self.ana.sync()
            self.assertFalse(raised.exception.output["pushed"])
        finally:
            git(self.ana.folder, "config", "--unset", "url.http://127.0.0.1:9/.insteadOf")
        self.assertTrue(self.ana.sync().pushed)
        save(self.ana, Width=0.3)
        self.both_sync()


if __name__ == "__main__":
    print("Python %s" % sys.version.split()[0])
    unittest.main()
