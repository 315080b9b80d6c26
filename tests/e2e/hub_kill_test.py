"""kill -9 of the hub at any moment of its work: what was acknowledged is there, and the trail has no gap."""
import hashlib
import json
import os
import random
import subprocess
import threading
import time
import unittest
import urllib.error

from hub import Desk, HubTest
from people import LONG, main, run

ROUNDS = 200 if LONG else 8
PUSHERS = 4


class Worker(threading.Thread):
    """Somebody who works on while the hub comes and goes, and notes what it acknowledged."""

    def __init__(self, test, login):
        super().__init__(daemon=True)
        self.test, self.hub, self.login = test, test.hub, login
        self.round, self.fault = 0, None
        self.resting = threading.Event()

    def run(self):
        while not self.test.ended:
            if not self.test.go.is_set():
                self.resting.set()
                self.test.go.wait(0.2)
                continue
            self.resting.clear()
            self.round += 1
            try:
                self.work()
            except (urllib.error.URLError, OSError, ValueError):
                time.sleep(0.05)  # The hub is gone.
            except Exception as fault:
                self.fault = fault
                return


class Pusher(Worker):
    def __init__(self, test, login):
        super().__init__(test, login)
        self.desk = Desk(self.hub, "house", login)
        self.luck = random.Random(f"{test.seed} {login}")
        self.pushed, self.branch, self.maybe = [], None, []

    def work(self):
        self.desk.write(f"{self.login}/{self.round}.md", f"# {self.round}\n")
        self.desk.write("shared.json", json.dumps({f"{n}": self.round if n == int(self.login[1:]) else 0
                                                   for n in range(PUSHERS)}, indent=1) + "\n")
        commit = self.desk.commit(f"{self.login} {self.round}")
        branch = f"refs/heads/user/{self.login}/b"
        choice = self.luck.random()
        if choice < 0.6:
            self.note(commit, self.desk.push(check=False))
        elif choice < 0.8:
            self.move(commit, self.desk.push(f"+{commit}:{branch}", check=False))
        elif choice < 0.9:
            done = self.desk.push("HEAD:refs/for/develop", f"+{commit}:{branch}", check=False)
            self.note(commit, done)
            self.move(commit, done)
        elif self.branch:
            self.move(None, self.desk.push(f":{branch}", check=False))
        if self.luck.random() < 0.2:
            self.desk.git("fetch", "-q", "origin", check=False)
            self.desk.git("reset", "-q", "--hard", "origin/develop", check=False)

    def note(self, commit, done):
        if done.returncode == 0:
            self.pushed.append(commit)

    def move(self, commit, done):
        if done.returncode == 0:
            self.branch, self.maybe = commit, []
        else:
            self.maybe.append(commit)  # It may have been done, and the answer was lost.


class Locker(Worker):
    def __init__(self, test, login):
        super().__init__(test, login)
        self.held, self.gone, self.objects = {}, [], {}
        self.luck = random.Random(f"{test.seed} {login}")

    def work(self):
        path = "/api/v1/projects/house/locks"
        wish = {"kind": "path", "target": f"place/{self.login}/{self.round}"}
        status, _, lock = self.hub.ask("POST", path, self.login, wish)
        if status == 201:
            self.held[lock["id"]] = wish["target"]
        if self.held and self.luck.random() < 0.5:
            number = self.luck.choice(list(self.held))
            target = self.held.pop(number)  # From now on nobody knows, until it is acknowledged.
            if self.hub.ask("DELETE", f"{path}/{number}", self.login)[0] == 200:
                self.gone.append(target)
        content = f"{self.login} {self.round}".encode() * 1000
        oid = hashlib.sha256(content).hexdigest()
        if self.hub.ask("PUT", f"/house.git/info/lfs/objects/{oid}", self.login, content)[0] == 200:
            self.objects[oid] = len(content)


class Killed(HubTest):
    def setUp(self):
        self.seed = int(os.environ.get("AECOS_SEED", time.time_ns() % 1_000_000))
        print(f"AECOS_SEED={self.seed}", flush=True)
        self.luck = random.Random(self.seed)
        super().setUp()
        logins = [f"p{number}" for number in range(PUSHERS)]
        self.project(**dict.fromkeys([*logins, "lo"], "write"))
        ana = Desk(self.hub, "house", "ana")
        ana.commit("first", shared_json=json.dumps({f"{n}": 0 for n in range(PUSHERS)}, indent=1) + "\n")
        ana.push("HEAD:develop")
        self.repository = self.hub.data / "repositories/house.git"
        self.ended, self.go = False, threading.Event()
        self.pushers, self.locker = [Pusher(self, login) for login in logins], Locker(self, "lo")
        self.workers = [*self.pushers, self.locker]

    def rest(self):
        self.go.clear()
        for worker in self.workers:
            self.assertTrue(worker.resting.wait(60), worker.login)
            self.assertIsNone(worker.fault)

    def test_killed_at_any_moment(self):
        for worker in self.workers:
            worker.start()
        try:
            for number in range(ROUNDS):
                with self.subTest(round=number, seed=self.seed):
                    self.go.set()
                    for worker in self.workers:
                        worker.resting.clear()
                    time.sleep(self.luck.uniform(0.2, 2.0))
                    self.hub.kill()
                    if self.luck.random() < 0.4:  # And again as it comes back.
                        self.hub.launch()
                        time.sleep(self.luck.uniform(0, 0.15))
                        self.hub.kill()
                    self.rest()
                    self.hub.start()
                    self.check()
        finally:
            self.ended = True
            self.go.set()
            for worker in self.workers:
                worker.join()
        self.assertGreater(sum(len(pusher.pushed) for pusher in self.pushers), ROUNDS)
        self.assertGreater(len(self.locker.gone) + len(self.locker.held), ROUNDS)

    def check(self):
        self.assert_sound()
        self.assertEqual(self.stays(self.fsck), set())
        events = self.hub.all_events("house")
        self.assertEqual([event["data"]["seq"] for event in events], list(range(1, len(events) + 1)))
        told = [event["data"].get("pushed") for event in events if event["type"] == "commit.integrated"]
        inside = set(run("git", "rev-list", "refs/heads/develop", folder=self.repository).stdout.split())
        refs = self.hub.refs("house")
        for pusher in self.pushers:
            for commit in pusher.pushed:
                self.assertIn(commit, inside, f"a push of {pusher.login} is lost")
                self.assertEqual(told.count(commit), 1, f"of a push of {pusher.login}")
            branch = refs.get(f"refs/heads/user/{pusher.login}/b")
            self.assertIn(branch, [pusher.branch, *pusher.maybe])
            pusher.branch, pusher.maybe = branch, []
        locks = {lock["id"]: lock["target"] for lock in
                 self.hub.get("/api/v1/projects/house/locks", self.hub.secret)["locks"]}
        for number, target in self.locker.held.items():
            self.assertEqual(locks.get(number), target, "a lock is lost")
        self.assertFalse(set(locks.values()) & set(self.locker.gone), "a lock came back")
        for oid, size in self.locker.objects.items():
            path = self.hub.data / "large-objects/house" / oid[:2] / oid[2:4] / oid
            self.assertEqual(path.stat().st_size, size)
        self.assertEqual(self.stays(self.left_over), set())

    @staticmethod
    def stays(look):
        """The hub works on meanwhile (it writes the trail): what is seen every time."""
        seen = look()
        for _ in range(4):
            if seen:
                time.sleep(0.3)
                seen &= look()
        return seen

    def fsck(self):
        done = run("git", "fsck", "--full", "--strict", "--no-dangling", folder=self.repository, check=False)
        return set((done.stdout + done.stderr).splitlines())

    def left_over(self):
        return {os.path.join(folder, name) for folder, folders, files in os.walk(self.repository)
                for name in folders + files if name.endswith(".lock") or name.startswith("tmp_")}

    def test_what_a_kill_leaves_behind_is_in_nobodys_way(self):
        self.hub.kill()
        for name in ("refs/heads/develop.lock", "refs/heads/user/p0/b.lock", "packed-refs.lock", "HEAD.lock",
                     "refs/aecos/audit.lock", "objects/pack/tmp_pack_x", "objects/12/tmp_obj_x",
                     "objects/tmp_objdir-incoming-x/pack/tmp_pack_y"):
            path = self.repository / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(b"")
        self.hub.start()
        for worker in self.workers:
            worker.work()
        pusher = self.pushers[0]
        commit = pusher.desk.commit("more", more_json="{}\n")
        done = pusher.desk.push("HEAD:refs/for/develop", "+HEAD:refs/heads/user/p0/b")
        pusher.note(commit, done)
        pusher.move(commit, done)
        self.hub.stop()
        self.hub.start()
        self.check()
        audit = run("git", "show", "refs/aecos/audit:events/000001.jsonl", folder=self.repository).stdout
        self.assertEqual(len(audit.splitlines()), len(self.hub.all_events("house")))

    def test_what_was_not_written_to_the_trail_is_written_after_the_next_start(self):
        self.locker.work()
        self.hub.kill()  # Likely before the trail was written.
        self.hub.start()
        count = len(self.hub.all_events("house"))
        deadline = time.monotonic() + 10
        while True:
            done = run("git", "show", "refs/aecos/audit:events/000001.jsonl", folder=self.repository, check=False)
            if done.returncode == 0 and len(done.stdout.splitlines()) == count:
                return
            self.assertLess(time.monotonic(), deadline, "the trail in the repository is not complete")
            time.sleep(0.1)

    def test_a_move_that_was_not_made_is_not_told(self):
        ana = self.pushers[0].desk
        first = ana.commit("one")
        second = ana.commit("two")
        ana.push(f"{second}:refs/heads/user/p0/b")
        self.hub.kill()
        # The intent of going back is written, and then nothing more.
        step = {"ref": "refs/heads/user/p0/b", "before": second, "after": first, "pushed": first, "login": "p0",
                "integrated": False, "changeRequest": 0}
        row = f"'i-x', 'house', '{step['ref']}', '{second}', '{first}', '{json.dumps([step])}', 1"
        subprocess.run(["sqlite3", str(self.hub.data / "hub.db"), self.insert(row)], check=True)
        self.hub.start()
        self.assertEqual(self.hub.refs("house")["refs/heads/user/p0/b"], second)
        events = self.hub.all_events("house")
        self.assertNotIn(first, [event["data"].get("commit") for event in events])
        self.assert_sound()

    def insert(self, row):
        return f"INSERT INTO intents VALUES ({row})"


if __name__ == "__main__":
    main()
