#!/usr/bin/env python3
"""A hub whose disk is full, whose database somebody else has locked, or whose repository somebody broke: it says so,
refuses what it cannot write, lets people read, and is as before when the trouble is over."""
import errno
import hashlib
import os
import pathlib
import shutil
import sqlite3
import subprocess
import tempfile
import time

from hub import Desk, Hub, HubTest
from people import main, run

# A disk of its own, which only the hub sees (and its files by way of /proc).
SMALL_DISK = ["unshare", "--user", "--map-root-user", "--mount", "--", "sh", "-c",
              'mount -t tmpfs -o size=48m none "$0" && exec "$@"']


def can_have_small_disks(folder):
    return subprocess.run([*SMALL_DISK, folder, "true"], capture_output=True, check=False).returncode == 0


class Trouble(HubTest):
    def setUp(self):
        super().setUp()
        self.project(ben="write")
        self.begin()

    def begin(self):
        self.ana = Desk(self.hub, "house", "ana")
        self.ana.commit(README="# House\n")
        self.ana.push("HEAD:develop")
        self.ben = Desk(self.hub, "house", "ben")
        self.count = 0

    def readiness(self):
        time.sleep(1.1)  # It is looked at once a second.
        status, _, answer = self.hub.ask("GET", "/readyz")
        return status, " ".join(answer["faults"]), answer["damagedProjects"]

    def save(self, desk, size=10):
        self.count += 1
        return desk.commit(f"save {self.count}", **{f"note{self.count}": os.urandom(size).hex()})

    def assert_reads(self):
        for path in ("", "/events", "/locks", "/branches", "/change-requests"):
            self.assertEqual(self.hub.ask("GET", "/api/v1/projects/house" + path, "ben")[0], 200, path)
        self.ben.pull()
        run("git", "clone", "-q", self.hub.address("house", "ben"), self.folder / f"clone{self.count}",
            folder=self.folder)

    def assert_well(self):
        self.assertEqual(self.readiness(), (200, "", 0))
        for desk in (self.ana, self.ben):
            desk.pull()
            self.save(desk)
            desk.push()
        self.ana.pull()
        self.assert_sound()
        events = self.hub.all_events("house")
        self.assertEqual([event["data"]["seq"] for event in events], list(range(1, len(events) + 1)))


class FullDisk(Trouble):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="aecos-hub-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        if not can_have_small_disks(self.folder):
            self.skipTest("this system lets nobody mount a disk of their own")
        (self.folder / "data").mkdir()
        self.hub = Hub(self.folder, inside=[*SMALL_DISK, str(self.folder / "data")])
        self.addCleanup(self.hub.stop)
        self.project(ben="write")
        self.begin()

    def refs(self):
        return self.ben.git("ls-remote", "origin", "refs/heads/*").stdout

    def fill(self, leave=0):
        with open(self.hub.data / "filler", "wb", buffering=0) as file:
            for size in (1 << 20, 4096, 1):
                try:
                    while True:
                        file.write(b"x" * size)
                except OSError as error:
                    self.assertEqual(error.errno, errno.ENOSPC)
            file.truncate(file.tell() - leave)

    def test_full_disk(self):
        for leave in (0, 20_000, 60_000):
            with self.subTest(leave=leave):
                before = self.refs()
                self.fill(leave)
                if leave == 0:
                    status, faults, _ = self.readiness()
                    self.assertEqual(status, 503)
                    self.assertIn("No space left", faults)
                commit = self.save(self.ana, 100_000)
                self.assert_refused(self.ana.push(check=False))
                content = os.urandom(1 << 20)
                large = f"/house.git/info/lfs/objects/{hashlib.sha256(content).hexdigest()}"
                self.assertIn(self.hub.ask("PUT", large, "ana", content)[0], (503, 507))
                self.assertEqual(self.hub.ask("GET", large, "ana")[0], 404)
                status, _, answer = self.hub.ask("POST", "/api/v1/projects/house/locks", "ana",
                                                 {"kind": "path", "target": "x", "reason": "r" * 900})
                if leave == 0:
                    self.assertIn(status, (503, 507), answer)
                    self.assertIn("no room is left for hub.db", answer["detail"])
                self.assert_reads()
                self.assertEqual(self.refs(), before)
                (self.hub.data / "filler").unlink()
                self.assertEqual(self.readiness(), (200, "", 0))
                self.ana.push()
                self.ben.pull()
                self.assertIn(commit, self.ben.git("log", "--format=%H").stdout)
                self.assert_well()

    def test_full_while_people_push(self):
        """It fills up under their hands: what was confirmed is there."""
        confirmed = []
        for _ in range(100):
            commit = self.save(self.ana, 1_000_000)
            if self.ana.push(check=False).returncode != 0:
                break
            confirmed.append(commit)
            self.ana.pull()
        else:
            self.fail("the disk never was full")
        self.assertGreater(len(confirmed), 3)
        self.assertEqual(self.readiness()[2], 0)
        self.assert_reads()
        known = self.ben.git("log", "--format=%H").stdout
        for commit in confirmed:
            self.assertIn(commit, known)


class LockedDatabase(Trouble):
    def test_locked_database(self):
        before = self.hub.refs("house")["refs/heads/develop"]
        with sqlite3.connect(self.hub.data / "hub.db", isolation_level=None) as other:
            other.execute("BEGIN IMMEDIATE")
            status, faults, _ = self.readiness()
            self.assertEqual(status, 503)
            self.assertIn("database", faults)
            self.assertIn("another program holds hub.db", faults)
            self.save(self.ana)
            self.assert_refused(self.ana.push(check=False), "another program holds hub.db: end it, then try again")
            status, _, answer = self.hub.ask("POST", "/api/v1/projects/house/locks", "ana",
                                             {"kind": "path", "target": "x"})
            self.assertEqual(status, 503, answer)
            self.assert_reads()
            self.assertEqual(self.hub.refs("house")["refs/heads/develop"], before)
            other.execute("ROLLBACK")
        other.close()
        self.ana.push()
        self.assert_well()


class DamagedRepository(Trouble):
    def setUp(self):
        super().setUp()
        self.hub.admin("project", "add", "shed", "--owner", "ana")
        self.shed = Desk(self.hub, "shed", "ana", "shed")
        self.repository = self.hub.data / "repositories/house.git"

    def path_of(self, revision):
        name = run("git", "rev-parse", revision, folder=self.repository).stdout.strip()
        return self.repository / "objects" / name[:2] / name[2:]

    def damage(self, path, content):
        path.chmod(0o644)
        path.write_bytes(content)

    def test_damaged_objects(self):
        for revision in ("develop", "develop^{tree}"):
            for way in (lambda sound: sound[:-10], lambda sound: sound[:5], lambda _: b"", lambda _: os.urandom(50)):
                path = self.path_of(revision)
                sound = path.read_bytes()
                broken = way(sound)
                with self.subTest(revision=revision, size=len(broken)):
                    before = self.hub.refs("house")["refs/heads/develop"]
                    self.damage(path, broken)
                    self.assertEqual(self.readiness(), (200, "", 1))
                    self.save(self.ana)
                    self.assert_refused(self.ana.push(check=False))
                    self.assertEqual(self.hub.ask("GET", "/api/v1/projects/house/events", "ben")[0], 200)
                    self.save(self.shed)
                    self.shed.push("HEAD:develop")
                    checked = self.hub.admin("check", check=False).stdout
                    self.assertIn("house: git fsck", checked)
                    self.assertNotIn("shed", checked)
                    self.damage(path, sound)
                    self.assertEqual(self.hub.refs("house")["refs/heads/develop"], before)
                    self.ana.push()
                    self.ana.pull()
            self.assertEqual(self.readiness(), (200, "", 0))
        self.assert_well()

    def test_damaged_refs(self):
        path = self.repository / "refs/heads/develop"
        sound = path.read_text()
        for broken in ("", "zzz\n", "1" * 40 + "\n"):
            with self.subTest(broken):
                path.write_text(broken)
                self.assertEqual(self.readiness(), (200, "", 1))
                self.save(self.ana)
                self.assert_refused(self.ana.push(check=False))
                self.assertEqual(path.read_text(), broken)
        path.write_text(sound)
        self.ana.push()
        self.ana.pull()
        self.assert_well()

    def test_a_repository_that_is_gone(self):
        away = self.repository.with_name("away")
        self.repository.rename(away)
        self.assertEqual(self.readiness(), (200, "", 1))
        self.assertNotEqual(self.ben.git("fetch", check=False).returncode, 0)
        self.assertEqual(self.hub.ask("GET", "/api/v1/projects", "ana")[0], 200)
        self.hub.stop()
        self.hub.start()
        self.assertEqual(self.readiness(), (200, "", 1))
        away.rename(self.repository)
        self.assert_well()


if __name__ == "__main__":
    main()
