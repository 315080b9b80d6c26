#!/usr/bin/env python3
"""Files that are broken or hostile: one clear line or a sound result, in bounded time and memory."""
import os
import pathlib
import random
import re
import resource
import shutil
import subprocess
import tempfile
import unittest

from people import AECOS, ENVIRONMENT, main

MANY = 100_000
TIME_MAX_S = 120  # Of one processor; machines that run the tests may be slow.
MEMORY_MAX = 2 << 30
ZEROS = 1 << 30
SANITIZED = "ASAN_OPTIONS" in os.environ  # Reserves terabytes of addresses.

HEAD = ("ISO-10303-21;\nHEADER;\nFILE_DESCRIPTION((''),'2;1');\nFILE_NAME('','',(''),(''),'','','');\n"
        "FILE_SCHEMA(('IFC4'));\nENDSEC;\nDATA;\n")
TAIL = "ENDSEC;\nEND-ISO-10303-21;\n"
WALLS = ("#1=IFCWALL('0WvctVUKr0kugbFTf53O9L',$,'W1',$,$,#3,$,'t1',$);\n"
         "#2=IFCWALL('1WvctVUKr0kugbFTf53O9L',$,'W2',$,$,#4,$,'t2',$);\n"
         "#3=IFCLOCALPLACEMENT($,#5);\n#4=IFCLOCALPLACEMENT(#3,#5);\n"
         "#5=IFCAXIS2PLACEMENT3D(#6,$,$);\n#6=IFCCARTESIANPOINT((0.,0.,0.));\n")
GOOD = HEAD + WALLS + TAIL


def model(more="", walls=WALLS):
    return HEAD + walls + more + TAIL


def limits():
    resource.setrlimit(resource.RLIMIT_CPU, (TIME_MAX_S, TIME_MAX_S + 5))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if not SANITIZED:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_MAX + 2 * ZEROS, MEMORY_MAX + 2 * ZEROS))


class BadInput(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.write("good.ifc", GOOD)
        self.write("edited.ifc", GOOD.replace("'W1'", "'W1 new'"))
        self.write("good.json", '{"a": 1}\n')
        self.write("edited.json", '{"a": 2}\n')

    def write(self, name, content):
        (self.folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())

    def aecos(self, *arguments):
        done = subprocess.run([AECOS, *arguments], cwd=self.folder, env={**ENVIRONMENT, "HOME": str(self.folder)},
                              capture_output=True, preexec_fn=limits)
        self.assertIn(done.returncode, (0, 1, 2), f"{arguments}: {done.stderr[-2000:]}")
        return done

    def commands(self, bad):
        """Each with the good file before it, and as each of the three versions of a merge."""
        kind = bad.rpartition(".")[2].removesuffix("zip")
        good, edited = f"good.{kind}", f"edited.{kind}"
        yield ["merge", good, edited, bad, "-o", "out"]
        yield ["merge", good, bad, edited, "-o", "out"]
        yield ["merge", bad, good, edited, "-o", "out"]
        yield ["diff", good, bad]
        if kind == "ifc":
            yield ["normalise", "--against", good, bad, "-o", "out"]
            yield ["normalise", "--against", bad, good, "-o", "out"]

    def assert_refused(self, bad, what, place=r":\d+:\d+", empty_is_none=False):
        """Status 2, one line that names the file and the place, and nothing written."""
        for arguments in self.commands(bad):
            if empty_is_none and (arguments[0] == "diff" or arguments[:2] == ["merge", bad]):
                continue  # There an empty file is one that does not exist yet.
            with self.subTest(arguments=arguments):
                done = self.aecos(*arguments)
                self.assertEqual(done.returncode, 2, done)
                lines = done.stderr.decode().splitlines()
                self.assertEqual(len(lines), 1, lines)
                self.assertLess(len(lines[0]), 500)
                self.assertRegex(lines[0], re.escape(bad) + place + ": .*" + what)
                self.assertFalse((self.folder / "out").exists())

    def assert_survived(self, bad):
        """Refused in one line, or something that reads again came out."""
        for arguments in self.commands(bad):
            with self.subTest(arguments=arguments):
                done = self.aecos(*arguments)
                out = self.folder / "out"
                self.assertEqual(out.exists(), done.returncode != 2 and arguments[0] != "diff")
                if done.returncode == 2:
                    self.assertEqual(len(done.stderr.decode().splitlines()), 1)
                elif out.exists():
                    again = self.aecos("merge", "out", "out", "out", "-o", "again", "--path", bad)
                    self.assertEqual(again.returncode, 0, again.stderr)
                    self.assertEqual((self.folder / "again").read_bytes(), out.read_bytes())
                    out.unlink()

    def test_an_empty_file(self):
        self.write("bad.ifc", "")
        self.assert_refused("bad.ifc", "empty", empty_is_none=True)

    def test_a_file_that_is_cut_off(self):
        for length in (5, 14, len(HEAD) - 3, GOOD.index("W2"), GOOD.index("#4="), len(GOOD) - 30, len(GOOD) - 10):
            with self.subTest(length=length):
                self.write("bad.ifc", GOOD[:length])
                self.assert_refused("bad.ifc", "")
        self.write("bad.json", '{"a": [1, 2')
        self.assert_refused("bad.json", "")

    def test_no_text_at_all(self):
        self.write("bad.ifc", random.Random(1).randbytes(100_000))
        self.assert_refused("bad.ifc", "not a STEP file")
        self.write("bad.ifc", HEAD.encode() + random.Random(2).randbytes(100_000))
        self.assert_refused("bad.ifc", "")
        self.write("bad.json", random.Random(3).randbytes(100_000))
        self.assert_refused("bad.json", "")

    def test_a_gigabyte_of_zeros(self):
        for name in ("bad.ifc", "bad.json"):
            with open(self.folder / name, "wb") as file:
                file.truncate(ZEROS)  # Takes no room on the disk.
            self.assert_refused(name, "")

    def test_deep_nesting(self):
        self.write("bad.ifc", model("#9=IFCX(" + "(" * MANY + "1" + ")" * MANY + ");\n"))
        self.assert_survived("bad.ifc")
        value = "IFCLABEL(" * MANY + "'1'" + ")" * MANY
        self.write("bad.ifc", model(f"#9=IFCPROPERTYSINGLEVALUE('x',$,{value},$);\n"))
        self.assert_survived("bad.ifc")
        self.write("bad.ifc", model("#9=IFCX(" + "(" * MANY + ";\n"))
        self.assert_refused("bad.ifc", "")
        self.write("bad.json", "[" * MANY + "]" * MANY)
        self.assert_refused("bad.json", "")

    def test_long_chains_of_references(self):
        chain = "".join(f"#{i}=IFCLOCALPLACEMENT(#{i + 1},#5);\n" for i in range(10, MANY + 10))
        walls = WALLS.replace("$,#3,$", "$,#10,$", 1)
        self.write("bad.ifc", model(chain + f"#{MANY + 10}=IFCLOCALPLACEMENT($,#5);\n", walls))
        self.assert_survived("bad.ifc")
        chain = "".join(f"#{i}=IFCX(#{i + 1},#{i + 1});\n" for i in range(10, MANY + 10))
        self.write("bad.ifc", model(chain, walls))
        self.assert_survived("bad.ifc")
        chain = "".join(f"#{i}=IFCMAPPEDITEM(#{i + 1},#{i + 1});\n" for i in range(10, MANY + 10))
        self.write("bad.ifc", model(chain + f"#{MANY + 10}=IFCMAPPEDITEM(#10,#10);\n", walls))
        self.assert_survived("bad.ifc")

    def test_one_id_twice(self):
        self.write("bad.ifc", model("#2=IFCX();\n"))
        self.assert_refused("bad.ifc", "#2 is defined twice")

    def test_references_to_nothing(self):
        self.write("bad.ifc", model("#9=IFCRELDEFINESBYPROPERTIES('2WvctVUKr0kugbFTf53O9L',$,$,$,(#1,#77),#78);\n"))
        self.assert_survived("bad.ifc")
        self.write("bad.ifc", model("#9=IFCX(#0,#9223372036854775807);\n"))
        self.assert_survived("bad.ifc")
        self.write("bad.ifc", model("#9=IFCX(#9223372036854775808);\n"))
        self.assert_refused("bad.ifc", "larger than")

    def test_placements_in_a_circle(self):
        self.write("bad.ifc", GOOD.replace("#3=IFCLOCALPLACEMENT($", "#3=IFCLOCALPLACEMENT(#4"))
        self.assert_survived("bad.ifc")
        self.write("bad.ifc", GOOD.replace("#3=IFCLOCALPLACEMENT($", "#3=IFCLOCALPLACEMENT(#3"))
        self.assert_survived("bad.ifc")
        self.write("bad.ifc", model("#8=IFCRELAGGREGATES('2WvctVUKr0kugbFTf53O9L',$,$,$,#1,(#2));\n"
                                    "#9=IFCRELAGGREGATES('3WvctVUKr0kugbFTf53O9L',$,$,$,#2,(#1));\n"))
        self.assert_survived("bad.ifc")

    def test_one_global_id_twice(self):
        self.write("bad.ifc", GOOD.replace("'1Wvct", "'0Wvct"))
        self.assert_survived("bad.ifc")
        walls = "".join(f"#{i}=IFCWALL('0WvctVUKr0kugbFTf53O9L',$,'W{i}',$,$,#3,$,'t',$);\n" for i in range(10, 20_000))
        self.write("bad.ifc", model(walls))
        self.assert_survived("bad.ifc")

    def test_an_unknown_schema(self):
        self.write("bad.ifc", GOOD.replace("'IFC4'", "'IFC9'"))
        self.assert_survived("bad.ifc")
        done = self.aecos("merge", "good.ifc", "edited.ifc", "bad.ifc", "-o", "out")
        self.assertEqual(done.returncode, 2)
        self.assertIn("bad.ifc: its schema is IFC9, that of base is IFC4", done.stderr.decode())
        self.write("other.ifc", GOOD.replace("'IFC4'", "'IFC9'").replace("'t2'", "'t3'"))
        self.write("edited.ifc", GOOD.replace("'IFC4'", "'IFC9'").replace("'t1'", "'t4'"))
        self.assertEqual(self.aecos("merge", "bad.ifc", "other.ifc", "edited.ifc", "-o", "out").returncode, 0)
        merged = (self.folder / "out").read_text()
        self.assertIn("'t3'", merged)
        self.assertIn("'t4'", merged)

    def test_text_that_is_not_utf8(self):
        self.write("bad.ifc", GOOD.encode().replace(b"'W2'", b"'\xff\xfe W\xc3'"))
        self.assert_survived("bad.ifc")
        self.aecos("merge", "good.ifc", "edited.ifc", "bad.ifc", "-o", "out")
        self.assertIn(b"'\xff\xfe W\xc3'", (self.folder / "out").read_bytes())
        self.write("bad.json", b'{"a": "\xff\xc3"}')
        self.assert_survived("bad.json")

    def test_json_with_a_key_twice(self):
        self.write("bad.json", '{"a": 1,\n "b": 2,\n "a": 3}\n')
        self.assert_refused("bad.json", "a")

    def test_a_broken_archive(self):
        self.write("bad.ifczip", b"PK\x03\x04" + random.Random(4).randbytes(10_000))
        self.assert_refused("bad.ifczip", "the ZIP archive ", place="")


if __name__ == "__main__":
    main()
