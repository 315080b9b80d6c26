#!/usr/bin/env python3
"""What aecos validate says of the rules of IFC, PyPI's ifcopenshell.validate says too, and the other way round but for
the header of the file, which aecos does not look at."""
import json
import pathlib
import re
import sys
import tempfile
import unittest

from people import AECOS, main, run

try:
    import ifcopenshell.validate as peer
except ImportError:
    print("skipped: PyPI's ifcopenshell is not installed")
    sys.exit(77)

ROOT = pathlib.Path(__file__).resolve().parents[2]
MODELS = sorted((ROOT.parent / "shared/data/ifc").glob("*.ifc"))
# Each a fault in a sample house: what is replaced, and by what.
FAULTS = {
    "value": (".AXIS2.", ".AXIS7."),
    "class": ("=IFCZONE(", "=IFCRABBIT("),
    "missing": ("'Clay brick',$", "$,$"),
    "text": ("IFCLABEL('EW-300')", "IFCLABEL(300.)"),
    "count": ("(0.,0.,0.)", "(0.,0.,0.,0.)"),
    "reference": ("IFCMATERIALLAYER(#42", "IFCMATERIALLAYER(#999999"),
    "wrong class": ("IFCMATERIALLAYER(#42", "IFCMATERIALLAYER(#6"),
}


def ours(path):
    """Ids of instances with findings."""
    done = run(AECOS, "validate", path, "--json", "--most", "100000", folder=path.parent, check=False)
    return {each["element"]["id"]: each for each in json.loads(done.stdout)["findings"]
            if each["rule"].startswith("ifc-") and "element" in each}


def theirs(path):
    logger = peer.json_logger()
    peer.validate(str(path), logger)
    found = set()
    for statement in logger.statements:
        text = str(statement.get("instance") or "") + " " + str(statement["message"])
        # What is about a reference that leads nowhere names both; its owner is the one at fault.
        owner = re.search(r"used by instance #(\d+)", text) or re.search(r"#(\d+)\s*=", text)
        if owner:
            found.add(int(owner[1]))
    return found


class Rules(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="aecos-test-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def compare(self, path, only_ours=()):
        here, there = ours(path), theirs(path)
        self.assertEqual({id: here[id]["message"] for id in set(here) - there - set(only_ours)}, {}, path.name)
        self.assertEqual(there - set(here), set(), path.name)
        return here

    def test_real_models(self):
        if not MODELS:
            self.skipTest("no models here")
        for path in MODELS:
            with self.subTest(path.name):
                self.compare(path)

    def test_faults_of_every_kind(self):
        house = self.folder / "house.ifc"
        run(AECOS, "sample", house, folder=self.folder)
        self.assertEqual(self.compare(house), {})
        for name, (old, new) in FAULTS.items():
            with self.subTest(name):
                text = house.read_text()
                self.assertTrue(old in text, old)
                broken = self.folder / f"{name}.ifc"
                broken.write_text(text.replace(old, new, 1))
                self.assertTrue(ours(broken), name)


if __name__ == "__main__":
    main()
