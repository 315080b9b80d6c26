"""People at one wall through a hub, each with `aecos sync --watch`: what one saves is placed with the others at once."""
import json
import os
import pathlib
import random
import signal
import statistics
import subprocess
import threading
import time

from hub import HubTest
from people import AECOS, ENVIRONMENT, LONG, main, run

WALL = "elements/wall-w12/metadata.json"
COUNT = 5


class Watcher:
    """A work tree with a watching sync."""

    def __init__(self, hub, login):
        self.hub, self.login, self.folder = hub, login, hub.folder / login
        self.home = {**ENVIRONMENT, "HOME": str(hub.folder)}
        run("git", "clone", "-q", hub.address("house", login), self.folder, folder=hub.folder)
        self.git("config", "user.name", login)
        self.git("config", "user.email", f"{login}@example.org")
        self.aecos("init")
        self.process = None

    def git(self, *arguments):
        return run("git", *arguments, folder=self.folder)

    def aecos(self, *arguments, check=True):
        return run(AECOS, *arguments, folder=self.folder, check=check)

    def watch(self):
        self.log = open(self.folder.with_suffix(".log"), "ab")
        self.process = subprocess.Popen([AECOS, "sync", "--watch"], cwd=self.folder, env=self.home, stdout=self.log,
                                        stderr=self.log)

    def end(self, how=signal.SIGINT):
        if self.process and self.process.poll() is None:
            self.process.send_signal(how)
            self.process.wait(timeout=60)
        self.process = None
        self.log.close()

    def read(self, name=WALL):
        try:
            return (self.folder / name).read_text()
        except OSError:
            return None

    def value(self, key):
        text = self.read()
        try:
            return json.loads(text).get(key) if text else None
        except ValueError:
            return None

    def save(self, key, value):
        """As authoring tools do: reads, changes, writes a temporary file, renames it over. If the file was replaced
        meanwhile, once more: whoever saves what they read before that takes it back."""
        path = self.folder / WALL
        while True:
            before = path.read_bytes()
            content = json.loads(before)
            content[key] = value
            path.with_suffix(".tmp").write_text(json.dumps(content, indent=2) + "\n")
            if path.read_bytes() == before:
                return os.replace(path.with_suffix(".tmp"), path)

    def tree(self):
        return self.git("rev-parse", "HEAD^{tree}").stdout.strip()


class Watching(HubTest):
    def team(self, count):
        names = [f"p{i}" for i in range(count)]
        self.project(owner=names[0], **{name: "write" for name in names[1:]})
        first = Watcher(self.hub, names[0])
        (first.folder / WALL).parent.mkdir(parents=True)
        (first.folder / WALL).write_text(json.dumps({"globalId": "3cUkl32yn9qRSPvBJVyWYp", "class": "IfcWall",
                                                     "name": "W-12", **{name: 0 for name in names}}, indent=2) + "\n")
        first.aecos("sync")
        team = [first] + [Watcher(self.hub, name) for name in names[1:]]
        for person in team:
            self.addCleanup(lambda person=person: person.process and person.end(signal.SIGKILL))
        return team

    def test_conflicts_that_the_hub_opens_are_told_by_the_sync_that_met_them(self):
        ana, ben = self.team(2)
        for person, value in ((ana, 1), (ben, 2)):
            wall = json.loads(person.read())
            wall["status"] = value
            (person.folder / WALL).write_text(json.dumps(wall, indent=2) + "\n")
        first = json.loads(ana.aecos("sync", "--json").stdout)
        self.assertEqual((first["conflicts"], first["openConflicts"]), ([], 0))
        done = ben.aecos("sync", "--json", check=False)
        second = json.loads(done.stdout)
        [conflict] = second["conflicts"]
        self.assertEqual((conflict["path"], conflict["at"], second["openConflicts"]), (WALL, "/status", 1))
        self.assertEqual({conflict["ours"], conflict["theirs"]}, {1, 2})
        self.assertEqual(done.returncode, 1)
        # Once, and for nobody else.
        self.assertEqual(json.loads(ben.aecos("sync", "--json").stdout)["conflicts"], [])
        third = json.loads(ana.aecos("sync", "--json").stdout)
        self.assertEqual((third["conflicts"], third["openConflicts"]), ([], 1))

    def wait(self, condition, seconds=60):
        deadline = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > deadline:
                return False
            time.sleep(0.002)
        return True

    def settle(self, team):
        """Until everybody has what everybody saved, and nothing moves."""
        head = lambda: self.hub.get("/api/v1/projects/house", team[0].login)["head"]
        done = lambda: len({(person.tree(), person.git("status", "--porcelain").stdout) for person in team}) == 1 and \
            len({person.read() for person in team}) == 1 and team[0].git("rev-parse", "HEAD").stdout.strip() == head()
        self.assertTrue(self.wait(done, 120), [person.read() for person in team])

    def edit(self, person, rounds, pause):
        for i in range(1, rounds + 1):
            person.save(person.login, i)
            time.sleep(random.uniform(0.5, 1.5) * pause)

    def test_everybody_at_one_wall_and_nothing_is_lost(self):
        team, rounds = self.team(COUNT), 50 if LONG else 8
        for person in team:
            person.watch()
        threads = [threading.Thread(target=self.edit, args=(person, rounds, 0.4)) for person in team]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.settle(team)
        wall = json.loads(team[0].read())
        records = list((team[0].folder / ".aecos/conflicts").glob("*.json"))
        self.assertEqual({name: wall[name] for name in (p.login for p in team)}, {p.login: rounds for p in team})
        self.assertEqual(records, [])
        self.assert_sound()

    def test_what_is_saved_is_placed_soon(self):
        team = self.team(2)
        for person in team:
            person.watch()
        took = []
        self.wait(lambda: len(self.hub.get("/api/v1/projects/house/presence", team[0].login)["present"]) == 2)
        for i in range(1, 11):
            team[0].save("p0", i)
            started = time.monotonic()
            self.assertTrue(self.wait(lambda: team[1].value("p0") == i))
            took.append((time.monotonic() - started) * 1000)
            time.sleep(0.1)
        print(f"save to placed: median {statistics.median(took):.0f} ms, most {max(took):.0f} ms")

    def test_a_commit_made_with_plain_git_is_shared(self):
        """Its files are as HEAD has them, as those are that were just placed."""
        team = self.team(2)
        for person in team:
            person.watch()
        for i in range(1, 4):
            team[0].save("p0", i)
            self.settle(team)
            time.sleep(0.5)
            team[0].git("revert", "--no-edit", "HEAD")
            self.assertTrue(self.wait(lambda: team[1].value("p0") == 0, 20), "it stays where it was made")
            self.settle(team)

    def test_who_was_away_brings_everything_when_back(self):
        team = self.team(3)
        for person in team[:2]:
            person.watch()
        for i in range(1, 5):
            team[0].save("p0", i)
            team[2].save("p2", i)  # Nobody syncs there.
            time.sleep(0.2)
        team[2].watch()
        self.settle(team)
        wall = json.loads(team[0].read())
        self.assertEqual([wall["p0"], wall["p2"]], [4, 4])

    def test_the_hub_may_go_and_come_back(self):
        team = self.team(2)
        for person in team:
            person.watch()
        team[0].save("p0", 1)
        self.assertTrue(self.wait(lambda: team[1].value("p0") == 1))
        self.hub.kill()
        for i in range(2, 5):
            team[0].save("p0", i)
            team[1].save("p1", i)
            time.sleep(0.3)
        self.hub.start()
        self.settle(team)
        wall = json.loads(team[0].read())
        self.assertEqual([wall["p0"], wall["p1"]], [4, 4])
        self.assert_sound()

    def test_whoever_waits_for_the_hub_rests(self):
        [ana] = self.team(1)
        ana.watch()
        ana.save("p0", 1)
        self.settle([ana])
        self.hub.kill()
        ana.save("p0", 2)
        self.assertTrue(self.wait(lambda: b"cannot be reached" in ana.folder.with_suffix(".log").read_bytes()))

        def switches():
            status = pathlib.Path(f"/proc/{ana.process.pid}/status").read_text()
            return int(status.split("voluntary_ctxt_switches:")[1].split()[0])

        before = switches()
        time.sleep(4)
        self.assertLess(switches() - before, 2000)  # Looking without a pause is thousands a second.
        self.hub.start()
        self.settle([ana])
        self.assert_sound()

    def test_a_watching_sync_that_is_killed_goes_on(self):
        team = self.team(2)
        for person in team:
            person.watch()
        for i in range(1, 7):
            team[0].save("p0", i)
            time.sleep(random.uniform(0.01, 0.25))
            team[0].end(signal.SIGKILL)
            team[0].watch()
        self.settle(team)
        self.assertEqual(json.loads(team[1].read())["p0"], 6)

    def test_what_may_not_be_changed_is_told_and_kept(self):
        team = self.team(2)
        rules = {"members": {"p0": {"roles": ["lead"]}, "p1": {"roles": ["guest"]}},
                 "roles": {"lead": {"may": [{"write": "**"}, {"manage": "roles"}]}, "guest": {"may": [{"write": "notes/**"}]}}}
        (team[0].folder / ".aecos/roles.json").write_text(json.dumps(rules))
        team[0].aecos("sync")
        team[1].aecos("sync")
        team[1].save("p1", 7)
        self.assertIn("would be refused p1 may not", team[1].aecos("status").stdout)
        done = team[1].aecos("sync", check=False)
        self.assertEqual(done.returncode, 4, done.stderr)
        self.assertIn("p1 may not", done.stderr)
        self.assertEqual(team[1].value("p1"), 7)
        team[0].save("p0", 1)
        team[0].aecos("sync")
        team[1].aecos("sync", check=False)
        self.assertEqual([team[1].value("p0"), team[1].value("p1")], [1, 7])
        team[1].save("p1", 0)
        self.assertEqual(team[1].aecos("sync", check=False).returncode, 0)
        team[0].aecos("sync")
        self.settle(team)

    def test_what_somebody_works_on_is_told_to_the_others(self):
        team = self.team(2)
        wall = "3cUkl32yn9qRSPvBJVyWYp"
        team[0].aecos("lock", wall, "-m", "fire concept")
        done = team[1].aecos("lock", wall, check=False)
        self.assertEqual(done.returncode, 3)
        self.assertIn("is locked by p0", done.stderr)
        team[1].save("p1", 1)
        told = team[1].aecos("status").stdout
        self.assertIn("1 lock in the team", told)
        self.assertIn("is locked by p0 (fire concept)", told)
        self.assertIn("is locked by p0", team[1].aecos("sync").stderr)
        team[1].aecos("lock", wall, "--ask", "-m", "please")
        self.assertIn("asked for by p1", team[0].aecos("locks").stdout)
        team[0].aecos("lock", wall, "--hand-over")
        self.assertIn("p1", team[1].aecos("locks").stdout)
        team[1].aecos("unlock", wall)
        self.assertEqual(team[0].aecos("locks").stdout, "Nothing is locked.\n")
        team[0].aecos("lock", "W-12")
        (lock,) = json.loads(team[1].aecos("locks", "--json").stdout)["locks"]
        self.assertEqual((lock["kind"], lock["target"], lock["elementName"]), ("element", wall, "W-12"))
        team[0].aecos("unlock", "W-12")
        nothing = team[0].aecos("lock", "nosuch", check=False)
        self.assertEqual(nothing.returncode, 2)
        self.assertIn("nosuch is neither an element", nothing.stderr)
        status = json.loads(team[0].aecos("sync", "status", "--json").stdout)
        self.assertEqual({"present", "branches", "locks", "changeRequests", "conflicts", "events"} - status.keys(), set())
        self.assertEqual(team[1].aecos("audit", "verify").returncode, 0)
        self.assertIn("lock.asked", team[1].aecos("audit", "--type", "lock.").stdout)


if __name__ == "__main__":
    main()
