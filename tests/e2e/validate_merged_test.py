#!/usr/bin/env python3
"""The field's reference reader opens every merged model and finds no fault in it that was not in what was merged.

Merges random edits of the sample house (and of ../shared/data, where that is), native and re-exported, without
conflicts and with them. Skipped where PyPI's ifcopenshell cannot be had.
"""
import collections
import functools
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

try:
    import ifcopenshell.validate
except ImportError:
    print("skipped: PyPI's ifcopenshell is not installed")
    sys.exit(77)

AECOS = os.path.abspath(sys.argv.pop(1)) if len(sys.argv) > 1 else shutil.which("aecos")
LONG = bool(os.environ.get("AECOS_LONG"))
SEEDS = 60 if LONG else 6
SHARED = pathlib.Path(__file__).resolve().parents[3] / "shared"
MODELS = sorted((SHARED / "data/ifc").glob("*.ifc"))
MUTATE = SHARED / "accept/mutate.py"
SIZE_MAX = 10_000_000 if LONG else 250_000  # Of a real model: the reader takes seconds for a megabyte.
KEEP = pathlib.Path(os.environ["AECOS_KEEP"]) if "AECOS_KEEP" in os.environ else None  # Failing cases go there.


@functools.cache
def findings_of_base(path, size):
    return findings(path)


def findings(path):
    """What the validator says, without ids and GlobalIds: how often each."""
    logger = ifcopenshell.validate.json_logger()
    ifcopenshell.validate.validate(str(path), logger)
    said = collections.Counter()
    for statement in logger.statements:
        message = " ".join(str(statement.get(part, "")) for part in ("attribute", "message"))
        message = re.sub(r"#\d+|'[0-9A-Za-z_$]{22}'|[\s^]+", " ", message)
        said[re.sub(r"\(.*?\)", "()", message)[:200]] += 1
    return said


def run(*command, statuses=(0,)):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    if done.returncode not in statuses:
        raise AssertionError(f"{command}: status {done.returncode}\n{done.stdout}\n{done.stderr}")
    return done


class ValidateMerged(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)

    def path(self, name):
        return self.folder / f"{name}.ifc"

    def re_export(self, name, seed):
        run(AECOS, "sample", self.path(name), "--from", self.path(name), "--re-export", "--seed", seed)

    def merge(self, what, original):
        """Merges what lies in the folder, base being a copy of `original`, and compares what is found in it."""
        merged = self.path("merged")
        run(AECOS, "merge", self.path("base"), self.path("ours"), self.path("theirs"), "-o", merged, statuses=(0, 1))
        base = findings_of_base(original, original.stat().st_size)
        ours, theirs, found = (findings(self.path(name)) for name in ("ours", "theirs", "merged"))
        new = {message: count for message, count in found.items()
               if count > max(ours[message], theirs[message], ours[message] + theirs[message] - base[message])}
        if new and KEEP:
            shutil.copytree(self.folder, KEEP / re.sub(r"\W+", "-", what), dirs_exist_ok=True)
        self.assertEqual(new, {}, f"found in the merge of {what}, but in no input")

    def edit_and_merge(self, base, edits, seed, what):
        shutil.copyfile(base, self.path("base"))
        for number, name in enumerate(("ours", "theirs")):
            run(AECOS, "sample", self.path(name), "--from", base, "--edits", edits, "--seed", 2 * seed + number)
        if seed % 2:
            self.re_export("theirs", seed)
        if seed % 4 == 3:
            self.re_export("ours", seed + 1)
        with self.subTest(what, seed=seed):
            self.merge(f"{what} seed {seed}", base)

    def test_sample_house(self):
        run(AECOS, "sample", self.path("house"))
        self.assertEqual(findings(self.path("house")), {})
        for seed in range(SEEDS):
            self.edit_and_merge(self.path("house"), 10 + 5 * (seed % 7), seed, "the sample house")

    def test_random_edits_of_real_models(self):
        for model in MODELS:
            if model.stat().st_size <= SIZE_MAX:
                for seed in range(4) if LONG else [1]:
                    self.edit_and_merge(model, 12, seed, model.stem)

    @unittest.skipUnless(MUTATE.exists(), f"{MUTATE} is not here")
    def test_mutated_real_models(self):
        for model in MODELS:
            if model.stat().st_size > SIZE_MAX:
                continue
            for seed, conflicts in ((1, 0), (2, 4)) if LONG else ((2, 4),):
                shutil.copyfile(model, self.path("base"))
                run(sys.executable, MUTATE, "edit", model, "--n", 10, "--seed", seed, "--conflicts", conflicts, "--out-a",
                    self.path("ours"), "--out-b", self.path("theirs"), "--edits", self.folder / "edits.json")
                if seed == 2:
                    run(sys.executable, MUTATE, "reexport", self.path("theirs"), self.path("theirs-anew"),
                        "--new-rel-guids")
                    os.replace(self.path("theirs-anew"), self.path("theirs"))
                with self.subTest(model.stem, seed=seed):
                    self.merge(f"{model.stem} mutated {seed}", model)


unittest.main()
