#!/usr/bin/env python3
"""`aecos demo` tells its story on one page and proves it; what it leaves behind bears it out."""
import os
import pathlib
import subprocess
import unittest

from people import AECOS, LONG, Team, main, run

NAMES = ["ana", "ben", "cem", "dora", "eli"]
ROUNDS = 50 if LONG else 6


class Demo(Team):
    def demo(self, *arguments):
        environment = {**os.environ, "TMPDIR": str(self.folder), "TERM": "xterm-256color"}
        return subprocess.run([AECOS, "demo", *arguments], capture_output=True, text=True, env=environment)

    def test_shows_and_proves(self):
        done = self.demo()
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertLess(len(done.stdout.splitlines()), 60)
        self.assertNotIn("\033", done.stdout)
        self.assertNotIn("✗", done.stdout)
        self.assertIn("Nothing was lost.", done.stdout)
        self.assertEqual(list(self.folder.glob("aecos-demo-*")), [])

    def test_what_it_keeps_bears_it_out(self):
        kept = self.folder / "kept"
        done = self.demo("--rounds", str(ROUNDS), "--keep", str(kept))
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        trees, files = set(), set()
        for name in NAMES:
            git = lambda *command: subprocess.run(["git", "-C", str(kept / name), *command], capture_output=True,
                                                  text=True, check=True).stdout
            trees.add(git("rev-parse", "HEAD^{tree}"))
            files.add(git("show", "HEAD:models/house.ifc"))
            self.assertEqual(git("status", "--porcelain"), "", name)
            git("fsck", "--no-dangling")
            self.assertEqual(len(list(pathlib.Path(kept / name / ".aecos/conflicts").glob("c-*.json"))), ROUNDS // 5)
        self.assertEqual(len(trees), 1)
        self.assertEqual(len(files), 1)
        model = files.pop()
        for number in range(5, ROUNDS + 1):
            for name in NAMES:
                self.assertIn(f"'{name.capitalize()} {number}'", model)

    def test_never_writes_into_a_folder_that_is_there(self):
        (self.folder / "full").mkdir()
        done = self.demo("--keep", str(self.folder / "full"))
        self.assertEqual(done.returncode, 2)
        self.assertEqual(list((self.folder / "full").iterdir()), [])

    def test_a_hub_with_colleagues_to_join(self):
        done = run(AECOS, "hub", "demo", "--data", "hub", "--listen", "127.0.0.1:0", "--edits", "2", folder=self.folder)
        self.assertIn("Ben (structural engineer): W-01 FireRating REI 60", done.stdout)
        self.assertIn("/api/v1/projects/house/events", done.stdout)
        self.assertTrue(done.stdout.endswith("The audit trail is whole.\n"), done.stdout)


if __name__ == "__main__":
    main()
