#!/usr/bin/env python3
"""A history of re-exports packs to hardly more than the same history from a native editor."""
import random
import unittest

from people import AECOS, Team, main, run
from small_model import exported, model

COMMITS, WALLS = 20, 400


class PackSize(Team):
    def history(self, name, text_of):
        folder = self.folder / name
        run("git", "init", "-q", folder, folder=self.folder)
        run("git", "config", "user.name", "Ana", folder=folder)
        run("git", "config", "user.email", "a@example.org", folder=folder)
        run(AECOS, "init", folder=folder)
        values = {}
        for number in range(COMMITS + 1):
            (folder / "house.ifc").write_text(text_of(number, dict(values)))
            run("git", "add", "-A", folder=folder)
            run("git", "commit", "-q", "-m", str(number), folder=folder)
            values[f"W-{random.randrange(WALLS) + 1}"] = {"FireRating": f"REI {number}"}
        run("git", "gc", "-q", "--aggressive", "--prune=now", folder=folder)
        return sum(path.stat().st_size for path in (folder / ".git/objects/pack").glob("*.pack"))

    @staticmethod
    def stamp(number):
        return f"2026-01-{number + 1:02d}T00:00:00"

    def test_at_most_a_fifth_more(self):
        random.seed(7)
        native = self.history("native", lambda number, values: model(values, stamp=self.stamp(number), count=WALLS))
        random.seed(7)

        def reexport(number, values):
            return exported(values, salt=f"e{number}", start=1000 * number + 7, stamp=self.stamp(number), count=WALLS) \
                if number else model(values, stamp=self.stamp(0), count=WALLS)
        again = self.history("exported", reexport)
        print(f"native {native} bytes, re-exported {again} bytes: {again / native:.2f} times", flush=True)
        self.assertLessEqual(again, 1.2 * native)


if __name__ == "__main__":
    main()
