#!/usr/bin/env python3
"""kill -9 at any moment of a sync: nothing that was saved is lost, no file is half-written, the next sync goes on."""
import json
import os
import random
import signal
import subprocess
import time
import unittest

from people import AECOS, ENVIRONMENT, LONG, Team, main

POINTS = 220 if LONG else 20
FILES = 12


class Killed(Team):
    def setUp(self):
        super().setUp()
        self.ana, self.ben = self.people("ana", "ben", files={
            **{f"elements/e{i}/metadata.json": self.element(i, "start", "start") for i in range(FILES)},
            "big.txt": "line\n" * 20_000})

    @staticmethod
    def element(number, ana, ben):
        return json.dumps({"id": number, "ana": ana, "ben": ben}, indent=2) + "\n"

    def edit(self, person, luck, mark):
        """A few edits, also new, deleted and renamed files; gives what must be found everywhere in the end."""
        expected = {}
        for number in luck.sample(range(FILES), 5):
            name = f"elements/e{number}/metadata.json"
            person.edit_json(name, lambda value: value.update({person.name: mark}))
            expected[(name, person.name)] = mark
        person.write(f"new/{person.name}/{mark}.txt", mark)
        expected[(f"new/{person.name}/{mark}.txt", None)] = mark
        person.write("big.txt" if person.name == "ana" else "big2.txt", f"{mark}\n" * 20_000)
        return expected

    def kill_sync(self, person, after_s, group):
        process = subprocess.Popen([AECOS, "sync"], cwd=person.folder, env=ENVIRONMENT, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL, start_new_session=True)
        time.sleep(after_s)
        alive = process.poll() is None
        if alive:
            (os.killpg if group else os.kill)(process.pid, signal.SIGKILL)
        process.wait()
        return alive

    def assert_whole(self, person, versions):
        """Every file is one of the versions it ever had, to the last byte."""
        for name, content in person.files().items():
            if name.startswith(".aecos/"):
                continue
            if name.endswith(".json"):
                json.loads(content)
            elif name.startswith("big"):
                lines = set(content.decode().splitlines())
                self.assertEqual((len(lines), content.count(b"\n")), (1, 20_000), name)
            self.assertNotIn(b"\0", content, name)

    def test_killed_anywhere(self):
        seed = int(os.environ.get("AECOS_SEED", time.time_ns() % 1_000_000))
        luck = random.Random(seed)
        began = time.monotonic()
        self.ana.write("elements/e0/metadata.json", self.element(0, "warm", "start"))
        self.ana.sync()
        duration_s = time.monotonic() - began
        self.ben.sync()
        killed, expected = 0, {}
        for point in range(POINTS):
            with self.subTest(point=point, seed=seed):
                expected.update(self.edit(self.ben, luck, f"b{point}"))
                self.ben.sync()
                saved = self.edit(self.ana, luck, f"a{point}")
                expected.update(saved)
                before = self.ana.files()
                alive = self.kill_sync(self.ana, luck.uniform(0, 1.1) * duration_s, group=point % 2 == 1)
                killed += alive
                self.assert_whole(self.ana, before)
                for (name, key), mark in saved.items():
                    text = self.ana.read(name)
                    self.assertEqual(json.loads(text)[key] if key else text, mark, name)
                if luck.random() < 0.5:  # Somebody goes on working before the next sync.
                    mark = f"c{point}"
                    name = f"elements/e{luck.randrange(FILES)}/metadata.json"
                    self.ana.edit_json(name, lambda value: value.update(ana=mark))
                    expected[(name, "ana")] = mark
                self.ana.sync()
                self.ben.sync()
                self.ana.sync()
                self.assert_same([self.ana, self.ben])
                for (name, key), mark in expected.items():
                    text = self.ben.read(name)
                    self.assertEqual(json.loads(text)[key] if key else text, mark, name)
                self.assertEqual(self.ana.records(), {})
        self.assertGreater(killed, POINTS // 3, "most syncs were over before they were killed")


if __name__ == "__main__":
    main()
