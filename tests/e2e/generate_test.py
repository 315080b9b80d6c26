#!/usr/bin/env python3
"""Sentences become files: those of tests/generate/sentences.txt, each in a project of its own.

Every file that is written passes the field's validator with no finding, express rules included, and has the volume that
the table says, in the field's own geometry kernel and in the validator's. Where PyPI's ifcopenshell or npm's web-ifc are
not installed, that part is left out with a word about it.
"""
import ast
import functools
import http.server
import json
import math
import operator
import os
import pathlib
import pty
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import unittest

from people import AECOS, ENVIRONMENT, main, run

try:
    import ifcopenshell
    import ifcopenshell.geom
    import ifcopenshell.util.placement
    import ifcopenshell.util.shape
    import ifcopenshell.validate
except ImportError:
    ifcopenshell = None

ROOT = pathlib.Path(__file__).resolve().parents[2]
NODE = pathlib.Path(os.environ.get("AECOS_WEB_IFC", ROOT / "build" / "node" / "node_modules"))
SCHEMA = ROOT / "docs" / "schemas" / "element-specification.schema.json"
TOLERANCE = 0.01

SKELETON = """ISO-10303-21;
HEADER;
FILE_DESCRIPTION(('ViewDefinition [DesignTransferView_V1.0]'),'2;1');
FILE_NAME('frame.ifc','2026-01-01T00:00:00',(''),(''),'','','');
FILE_SCHEMA(('IFC4'));
ENDSEC;
DATA;
#1=IFCSIUNIT(*,.LENGTHUNIT.,{prefix},.METRE.);
#2=IFCSIUNIT(*,.AREAUNIT.,$,.SQUARE_METRE.);
#3=IFCSIUNIT(*,.VOLUMEUNIT.,$,.CUBIC_METRE.);
#4=IFCUNITASSIGNMENT((#1,#2,#3));
#5=IFCCARTESIANPOINT((0.,0.,0.));
#6=IFCAXIS2PLACEMENT3D(#5,$,$);
#7=IFCGEOMETRICREPRESENTATIONCONTEXT($,'Model',3,1.E-05,#6,$);
#8=IFCPROJECT('0Project00000000000000',$,'Office','',$,$,$,(#7),#4);
#9=IFCLOCALPLACEMENT($,#6);
#10=IFCSITE('0Site00000000000000000',$,'Site',$,$,#9,$,$,.ELEMENT.,$,$,$,$,$);
#11=IFCLOCALPLACEMENT(#9,#6);
#12=IFCBUILDING('0Building0000000000000',$,'Office',$,$,#11,$,$,.ELEMENT.,$,$,$);
#13=IFCRELAGGREGATES('0Rel100000000000000000',$,$,$,#8,(#10));
#14=IFCRELAGGREGATES('0Rel200000000000000000',$,$,$,#10,(#12));
{storeys}#15=IFCRELAGGREGATES('0Rel300000000000000000',$,$,$,#12,({members}));
ENDSEC;
END-ISO-10303-21;
"""
STOREYS = [("Basement", -3.0), ("Ground floor", 0.0), ("Level 1", 3.0), ("Level 2", 6.0), ("Roof", 9.0)]
HOSTS = ["wall W-12, 6 m long, 0.3 m thick, 3 m high, at 1,2",
         "wall W-07 on level 1, 4 m long, 0.2 m thick, 2.4 m high, running north",
         'wall called "South wall", 10 m long, 365 mm thick, 3 m high, rotated by 30 degrees',
         "wall called Partition, 4 m long, 100 mm thick, 3 m high",
         "slab S-01, 10 m x 8 m, 200 mm thick, on level 1"]

VOLUMES = """
const fs = require('fs'), { IfcAPI } = require('web-ifc');
function volume(api, model, flat) {
  let sum = 0;
  for (let i = 0; i < flat.geometries.size(); ++i) {
    const placed = flat.geometries.get(i), m = placed.flatTransformation;
    const mesh = api.GetGeometry(model, placed.geometryExpressID);
    const v = api.GetVertexArray(mesh.GetVertexData(), mesh.GetVertexDataSize());
    const index = api.GetIndexArray(mesh.GetIndexData(), mesh.GetIndexDataSize());
    const at = k => {
      const [x, y, z] = [v[6 * k], v[6 * k + 1], v[6 * k + 2]];
      return [0, 1, 2].map(r => m[r] * x + m[4 + r] * y + m[8 + r] * z + m[12 + r]);
    };
    for (let k = 0; k < index.length; k += 3) {
      const [a, b, c] = [at(index[k]), at(index[k + 1]), at(index[k + 2])];
      sum += (a[0] * (b[1] * c[2] - b[2] * c[1]) - a[1] * (b[0] * c[2] - b[2] * c[0]) +
              a[2] * (b[0] * c[1] - b[1] * c[0])) / 6;
    }
  }
  return Math.abs(sum);
}
(async () => {
  const api = new IfcAPI(), result = {};
  await api.Init();
  for (const path of fs.readFileSync(0, 'utf8').split('\\n').filter(Boolean)) {
    const model = api.OpenModel(new Uint8Array(fs.readFileSync(path)), { CIRCLE_SEGMENTS: 96 });
    if (model < 0) throw new Error(path + ' does not open');
    const file = result[path] = {};
    for (const line of Array.from({ length: api.GetMaxExpressID(model) }, (_, i) => i + 1)) {
      let type;
      try { type = api.GetLineType(model, line); } catch (error) { continue; }
      if (!type || !api.IsIfcElement(type) && api.GetNameFromTypeCode(type) !== 'IfcSpace') continue;
      if (api.GetNameFromTypeCode(type) === 'IfcOpeningElement') continue;
      const row = api.GetLine(model, line);
      if (row.Representation) file[row.GlobalId.value] = volume(api, model, api.GetFlatMesh(model, line));
    }
    api.CloseModel(model);
  }
  console.log(JSON.stringify(result));
  process.exit(0);
})();
"""


def cases():
    """(number, status, volume or None, sentence) of the table."""
    found, lines = [], (ROOT / "tests/generate/sentences.txt").read_text().splitlines()
    lines = [line for line in lines if not line.startswith("#")]
    for at, line in enumerate(lines):
        if head := re.match(r"(\d+) (ok|ask|no|part) (\S.*)$", line):
            volume = None if head[3] == "-" else value(ast.parse(head[3], mode="eval").body)
            found.append((int(head[1]), head[2], volume, lines[at + 1]))
    return found


def value(node):
    """Of a sum of products: the table's volumes are arithmetic."""
    operators = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
                 ast.Pow: operator.pow}
    if isinstance(node, ast.BinOp):
        return operators[type(node.op)](value(node.left), value(node.right))
    if isinstance(node, ast.UnaryOp):
        return -value(node.operand)
    return node.value


def skeleton(prefix="$"):
    storeys, members, scale = "", [], 1000 if prefix == ".MILLI." else 1
    for position, (name, elevation) in enumerate(STOREYS):
        first = 100 + 10 * position
        guid = f"0Storey{position}" + "0" * 14
        storeys += (f"#{first}=IFCCARTESIANPOINT((0.,0.,{elevation * scale:.1f}));\n"
                    f"#{first + 1}=IFCAXIS2PLACEMENT3D(#{first},$,$);\n#{first + 2}=IFCLOCALPLACEMENT(#11,#{first + 1});\n"
                    f"#{first + 3}=IFCBUILDINGSTOREY('{guid}',$,'{name}',$,$,#{first + 2},$,$,.ELEMENT.,"
                    f"{elevation * scale:.1f});\n")
        members.append(f"#{first + 3}")
    return SKELETON.format(prefix=prefix, storeys=storeys, members=",".join(members))


class Project:
    def __init__(self, folder, prefix="$"):
        self.folder = folder
        folder.mkdir()
        run("git", "init", "-q", "-b", "develop", folder, folder=folder)
        run("git", "config", "user.name", "ana", folder=folder)
        run("git", "config", "user.email", "ana@example.org", folder=folder)
        (folder / "models").mkdir()
        (folder / "models/frame.ifc").write_text(skeleton(prefix))

    def generate(self, *arguments, status=0):
        done = run(AECOS, "generate", *arguments, folder=self.folder, check=False)
        if status is not None and done.returncode != status:
            raise AssertionError(f"{arguments}: status {done.returncode}\n{done.stdout}\n{done.stderr}")
        return done

    def generate_json(self, *arguments, status=0):
        return json.loads(self.generate("--json", *arguments, status=status).stdout)

    def files(self):
        return {str(path.relative_to(self.folder)): path.read_bytes()
                for path in sorted(self.folder.rglob("*")) if path.is_file() and ".git" not in path.parts}

    def models(self):
        return sorted(self.folder.glob("elements/*/element.ifc"))


class RulesOnce:
    """The express rules are read and compiled for every file; here once."""

    def __init__(self):
        import types

        import _pytest.assertion.rewrite as rewrite
        import ifcopenshell.express.rule_executor as executor
        self.trees, self.codes, rewrite_asserts = {}, {}, rewrite.rewrite_asserts

        def parse(source):
            if source not in self.trees:
                self.trees[source] = ast.parse(source)
                rewrite_asserts(mod=self.trees[source], source=source)
            return self.trees[source]

        def compiled(tree, name, mode):
            if id(tree) not in self.codes:
                self.codes[id(tree)] = compile(tree, name, mode)
            return self.codes[id(tree)]

        rewrite.rewrite_asserts = lambda mod, source: None
        executor.ast = types.SimpleNamespace(**{**vars(ast), "parse": parse})
        executor.compile = compiled


def same_but_for_numbers(path):
    """Files that differ in numbers and names alone have the same findings."""
    return re.sub(r"'[^']*'|[-\d.E]+", "0", path.read_text())


@functools.cache
def findings_of(pattern, path):
    return findings(path)


def findings(path):
    logger = ifcopenshell.validate.json_logger()
    ifcopenshell.validate.validate(str(path), logger, express_rules=True)
    return [f"{statement.get('attribute', '')} {statement['message']}" for statement in logger.statements]


def kernel_volumes(paths):
    done = subprocess.run(["node", "-e", VOLUMES], input="\n".join(map(str, paths)), capture_output=True, text=True,
                          env={**os.environ, "NODE_PATH": str(NODE)}, check=False)
    if done.returncode:
        raise AssertionError(done.stderr)
    return json.loads(done.stdout.strip().splitlines()[-1])


def reference_volume(path):
    """In the validator's own kernel, where profiles have their fillets."""
    model, settings = ifcopenshell.open(str(path)), ifcopenshell.geom.settings()
    settings.set("mesher-linear-deflection", 0.0002)
    settings.set("use-world-coords", True)
    total = 0.0
    for product in [*model.by_type("IfcElement"), *model.by_type("IfcSpace")]:
        if product.Representation and not product.is_a("IfcOpeningElement"):
            total += ifcopenshell.util.shape.get_volume(ifcopenshell.geom.create_shape(settings, product).geometry)
    return total


class Generate(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if ifcopenshell is not None:
            RulesOnce()
        cls.place = pathlib.Path(tempfile.mkdtemp(prefix="aecos-generate-"))
        cls.addClassCleanup(shutil.rmtree, cls.place, ignore_errors=True)
        base = Project(cls.place / "base")
        for sentence in HOSTS:
            base.generate(sentence, "--seed", sentence)
        copy = next(base.folder.glob("elements/wall-partition-*"))
        other = copy.with_name(copy.name + "-other")
        shutil.copytree(copy, other)
        model = (other / "element.ifc").read_text()
        wall = re.search(r"IFCWALL\('([^']*)'", model)[1]
        (other / "element.ifc").write_text(model.replace(wall, wall[:-4] + "WXYZ"))
        cls.base = base

    def project(self, name, prefix=None):
        folder = self.place / name
        if prefix is None:
            shutil.copytree(self.base.folder, folder)
            project = Project.__new__(Project)
            project.folder = folder
            return project
        return Project(folder, prefix)

    def assert_sound(self, paths):
        if ifcopenshell is None:
            return
        for path in paths:
            self.assertEqual(findings_of(same_but_for_numbers(path), path), [], path)

    def test_every_sentence_of_the_table(self):
        volumes, all_models, checked = {}, [], 0
        for number, status, volume, sentence in cases():
            project = self.project(f"case-{number}")
            before = project.files()
            if status != "ok":
                done = project.generate("--json", sentence, status=2)
                if sentence:
                    self.assertEqual(json.loads(done.stdout)["status"], status, sentence)
                self.assertEqual(len(done.stderr.strip().splitlines()), 1, done.stderr)
                self.assertEqual(project.files(), before, f"{number}: something was written")
                continue
            done = project.generate_json(sentence)
            self.assertTrue(done["written"])
            changed = [path for path, content in project.files().items() if before.get(path) != content]
            models = [project.folder / path for path in changed if path.endswith(".ifc")]
            self.assert_sound(models)
            volumes[number] = (volume, [project.folder / "", models, before])
            all_models += models
            checked += 1
        self.assertGreater(checked, 100)
        self.check_volumes(volumes, all_models)

    def check_volumes(self, volumes, models):
        old = self.place / "old"
        old.mkdir()
        pairs = {}
        for number, (_, (folder, paths, before)) in volumes.items():
            for path in paths:
                if content := before.get(str(path.relative_to(folder))):
                    pairs[path] = old / f"{number}.ifc"
                    pairs[path].write_bytes(content)
        if ifcopenshell is not None:
            self.compare(volumes, pairs, reference_volume, "ifcopenshell")
        if shutil.which("node") is None or not (NODE / "web-ifc").is_dir():
            print(f"web-ifc is left out: it is not in {NODE}, or there is no node")
            return
        kernel = kernel_volumes([*models, *pairs.values()])
        self.compare(volumes, pairs, lambda path: sum(kernel[str(path)].values()), "web-ifc")

    def compare(self, volumes, pairs, measure, kernel):
        wrong = []
        for number, (expected, (_, paths, _)) in volumes.items():
            got = sum(measure(path) - (measure(pairs[path]) if path in pairs else 0) for path in paths)
            if abs(got - expected) > TOLERANCE * abs(expected):
                wrong.append(f"{number}: {expected:.6f} m3 expected, {got:.6f}")
        self.assertEqual(wrong, [], f"as {kernel} sees it")

    def test_what_is_not_said_is_told(self):
        project = self.project("told")
        out = project.generate("a 5 m long wall", "--dry-run").stdout
        for part in ("assumed: height 3 m (the height of its storey)", "assumed: thickness 0.2 m",
                     "assumed: storey Ground floor", "assumed: position 0,0", "would make IfcWall"):
            self.assertIn(part, out)

    def test_a_dry_run_writes_nothing(self):
        project = self.project("dry")
        before = project.files()
        self.assertFalse(project.generate_json("--dry-run", "a 900 x 2100 mm door in W-12")["written"])
        self.assertEqual(project.files(), before)

    def test_the_same_seed_gives_the_same_files_but_for_their_time(self):
        one, other = self.project("seed-1"), self.project("seed-2")
        for project in (one, other):
            project.generate("--seed", "a", "a wall 5 m long with a door and two windows 1 x 1 m")
        clean = [{path: re.sub(rb"(FILE_NAME\('[^']*',)'[^']*'", rb"\1''", content) for path, content in each.files().items()}
                 for each in (one, other)]
        self.assertEqual(*clean)

    def test_an_opening_leaves_every_other_byte_of_its_wall(self):
        project = self.project("bytes")
        path = next(iter(project.folder.glob("elements/wall-w-12*/element.ifc")), None) or \
            next(iter(project.folder.glob("elements/wall-w12*/element.ifc")))
        before = path.read_text().splitlines()
        project.generate("a door 0.9 x 2.1 m in W-12")
        after = path.read_text().splitlines()
        changed = [line for line in before if line not in after]
        self.assertTrue(all("IFCQUANTITY" in line and "'Net" in line for line in changed), changed)
        self.assertEqual(len(changed), 2)

    def test_metadata_of_a_wall_follows_its_openings(self):
        project = self.project("followed")
        done = project.generate_json("a door 1 m x 2 m in W-12")
        self.assertEqual([pathlib.PurePath(path).name for path in done["edited"]], ["element.ifc", "metadata.json"])
        metadata = json.loads(next(project.folder.glob("elements/wall-w12*/metadata.json")).read_text())
        self.assertEqual(metadata["quantities"]["NetSideArea"]["value"], 16)
        run(AECOS, "validate", folder=project.folder)

    def test_what_is_made_can_be_exported_as_one_model(self):
        project = Project(self.place / "exported", "$")
        (project.folder / "models/frame.ifc").unlink()
        project.generate("a concrete wall W-50, 5 m long, 200 mm thick with a door and 3 concrete columns 300 x 300 mm every 2 m")
        project.generate("a window 1 x 1 m in W-50, 0.5 m from the start")
        run(AECOS, "export", "-o", "all.ifc", folder=project.folder)
        self.assert_sound([project.folder / "all.ifc"])
        if ifcopenshell is not None:
            model = ifcopenshell.open(str(project.folder / "all.ifc"))
            storey = model.by_type("IfcBuildingStorey")[0]
            inside = [each for relation in storey.ContainsElements for each in relation.RelatedElements]
            self.assertEqual(sorted(each.is_a() for each in inside),
                             ["IfcColumn", "IfcColumn", "IfcColumn", "IfcDoor", "IfcWall", "IfcWindow"])
            wall = model.by_type("IfcWall")[0]
            filled = [hole.RelatedOpeningElement.HasFillings[0].RelatedBuildingElement.is_a() for hole in wall.HasOpenings]
            self.assertEqual(sorted(filled), ["IfcDoor", "IfcWindow"])

    def test_a_door_in_a_wall_of_a_whole_model_in_millimetres(self):
        project = Project(self.place / "house")
        (project.folder / "models/frame.ifc").unlink()
        run(AECOS, "sample", "models/house.ifc", folder=project.folder)
        house = project.folder / "models/house.ifc"
        before = house.read_text()
        done = project.generate_json("a window 0.6 x 0.6 m in W-03, 5 m from the start, sill 2 m")
        self.assertEqual(done["edited"], ["models/house.ifc"])
        self.assert_sound([house, *project.models()])
        self.assertIn("IFCOPENINGELEMENT", house.read_text()[len(before) - 100:])
        self.assertIn(".MILLI.", project.models()[0].read_text())
        if ifcopenshell is not None:
            model = ifcopenshell.open(str(house))
            wall = next(each for each in model.by_type("IfcWall") if each.Name == "W-03")
            self.assertEqual(len(wall.HasOpenings), 3)
        refused = project.generate("a window 1 m x 1 m in W-03, 2 m from the start", status=2)
        self.assertIn("overlap", refused.stderr)

    def test_elements_stand_where_they_were_said_to(self):
        if ifcopenshell is None:
            self.skipTest("ifcopenshell is not installed")
        project = self.project("placed")
        project.generate("a grid of 3 by 2 columns 300 x 300 mm, 5 m apart, at 1,2 on level 2")
        found = set()
        for path in project.folder.glob("elements/column-*/element.ifc"):
            column = ifcopenshell.open(str(path)).by_type("IfcColumn")[0]
            matrix = ifcopenshell.util.placement.get_local_placement(column.ObjectPlacement)
            found.add(tuple(round(float(matrix[row][3]), 6) for row in range(3)))
        self.assertEqual(found, {(1.0 + 5 * x, 2.0 + 5 * y, 6.0) for x in range(3) for y in range(2)})

    def test_a_door_in_a_turned_wall_stands_in_it(self):
        if ifcopenshell is None:
            self.skipTest("ifcopenshell is not installed")
        project = self.project("turned")
        project.generate('a door 1 m x 2 m in "South wall", 2 m from the start')
        door = ifcopenshell.open(str(next(project.folder.glob("elements/door-*/element.ifc")))).by_type("IfcDoor")[0]
        matrix = ifcopenshell.util.placement.get_local_placement(door.ObjectPlacement)
        turn = math.radians(30)
        for row, expected in enumerate((2 * math.cos(turn), 2 * math.sin(turn), 0)):
            self.assertAlmostEqual(float(matrix[row][3]), expected, places=6)

    def test_it_asks_back_on_a_terminal(self):
        project = self.project("asked")
        answer = self.on_terminal(project, ["a concrete wall, 200 mm thick"], "4.5 m\n")
        self.assertIn("what is its length?", answer)
        self.assertIn("made IfcWall", answer)
        self.assertEqual(len(project.models()), len(self.base.models()) + 1)

    def test_it_asks_on_a_terminal_whether_to_leave_out_what_it_does_not_understand(self):
        project = self.project("left-out")
        self.on_terminal(project, ["a 5 m long purple wall"], "no\n", status=2)
        self.assertEqual(len(project.models()), len(self.base.models()))
        self.assertIn("made IfcWall", self.on_terminal(project, ["a 5 m long purple wall"], "yes\n"))

    def test_a_write_that_fails_leaves_nothing_behind(self):
        project = self.project("full")
        before = project.files()
        # Metadata would still fit, models do not.
        done = subprocess.run([AECOS, "generate", "a door 0.9 x 2.1 m in W-12"], cwd=project.folder, capture_output=True,
                              env={**ENVIRONMENT, "HOME": str(project.folder)}, text=True, restore_signals=False,
                              preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000)), check=False)
        self.assertNotEqual(done.returncode, 0)
        self.assertEqual(len(done.stderr.strip().splitlines()), 1, done.stderr)
        self.assertEqual(project.files(), before)
        self.assertEqual([path.name for path in project.folder.glob("elements/door-*")], [])

    def on_terminal(self, project, arguments, typed, status=0):
        leader, follower = pty.openpty()
        process = subprocess.Popen([AECOS, "generate", *arguments], cwd=project.folder, stdin=follower, stdout=follower,
                                   stderr=follower, env={**ENVIRONMENT, "HOME": str(project.folder), "TERM": "dumb"})
        os.close(follower)
        os.write(leader, typed.encode())
        out = b""
        while True:
            try:
                piece = os.read(leader, 4096)
            except OSError:
                break
            if not piece:
                break
            out += piece
        os.close(leader)
        self.assertEqual(process.wait(), status, out)
        return out.decode().replace("\r\n", "\n")

    def test_what_it_makes_is_a_specification_that_makes_the_same(self):
        one, other = self.project("said"), self.project("from-json")
        sentence = "a wall 5 m long, 200 mm thick with a door"
        made = one.generate_json("--seed", "s", sentence)
        path = other.folder / "wall.json"
        path.write_text(json.dumps(made["specification"]))
        other.generate("--seed", "s", "--from", path)
        path.unlink()
        models = [{path.name: re.sub("FILE_NAME.*", "", path.joinpath("element.ifc").read_text())
                   for path in project.folder.glob("elements/*")} for project in (one, other)]
        self.assertEqual(*models)

    def test_every_specification_is_valid_by_the_schema_that_is_shipped(self):
        try:
            import jsonschema_rs
        except ImportError:
            self.skipTest("jsonschema_rs is not installed")
        validator = jsonschema_rs.validator_for(json.loads(SCHEMA.read_text()))
        project = self.project("schema")
        for _, status, _, sentence in cases():
            if status == "ok":
                validator.validate(project.generate_json("--dry-run", sentence)["specification"])

    def test_an_endpoint_is_used_only_where_it_is_asked_for_and_held_to_the_schema(self):
        project = self.project("endpoint")
        with Endpoint() as server:
            project.folder.joinpath(".aecos").mkdir(exist_ok=True)
            project.folder.joinpath(".aecos/generate.json").write_text(
                json.dumps({"endpoint": server.url, "model": "small"}))
            project.generate("a wall 5 m long", "--dry-run")
            self.assertEqual(server.requests, [])
            server.answer = {"version": 1, "elements": [{"kind": "wall", "length": 4, "material": "Concrete"}]}
            done = project.generate_json("--endpoint", "four metres of concrete wall, please")
            self.assertEqual(len(server.requests), 1)
            wall = done["specification"]["elements"][0]
            self.assertEqual((wall["length"], wall["height"]), (4, 3))
            self.assertIn("height", wall["assumed"])
            before = project.files()
            for wrong in ({"version": 1, "elements": [{"kind": "wall", "length": 4, "colour": "red"}]},
                          {"version": 1, "elements": [{"kind": "tower"}]},
                          {"version": 1, "elements": [{"kind": "wall", "length": -4}]},
                          {"version": 1, "elements": [{"kind": "door", "host": "W-99"}]}, "no JSON", []):
                server.answer = wrong
                self.assertEqual(len(project.generate("--endpoint", "x", status=2).stderr.strip().splitlines()), 1)
            server.status = 500
            project.generate("--endpoint", "x", status=5)
            self.assertEqual(project.files(), before)
        self.assertEqual(server.faults, [])

    def test_an_endpoint_elsewhere_must_be_encrypted(self):
        project = self.project("plain-endpoint")
        project.folder.joinpath(".aecos").mkdir(exist_ok=True)
        project.folder.joinpath(".aecos/generate.json").write_text(
            json.dumps({"endpoint": "http://model.example.org/v1/chat/completions", "model": "small"}))
        self.assertIn("https", project.generate("--endpoint", "a wall", status=2).stderr)


class Endpoint:
    """Chat completions on loopback, strict about what it is asked."""

    def __init__(self):
        self.requests, self.faults, self.answer, self.status = [], [], None, 200

    def __enter__(self):
        endpoint = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def log_message(self, *_):
                pass

            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                endpoint.requests.append(body)
                endpoint.check(self, body)
                content = endpoint.answer if isinstance(endpoint.answer, str) else json.dumps(endpoint.answer)
                answer = json.dumps({"choices": [{"message": {"role": "assistant", "content": content}}]}).encode()
                self.send_response(endpoint.status)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/v1/chat/completions"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

    def check(self, handler, body):
        known = {"model", "temperature", "seed", "messages", "response_format"}
        form = body.get("response_format", {})
        sound = (handler.path == "/v1/chat/completions" and set(body) == known and body["model"] == "small"
                 and [message["role"] for message in body["messages"]] == ["system", "user"]
                 and form.get("type") == "json_schema" and set(form["json_schema"]) == {"name", "schema"}
                 and form["json_schema"]["schema"] == json.loads(SCHEMA.read_text())
                 and handler.headers["Content-Type"] == "application/json")
        if not sound:
            self.faults.append(body)


if __name__ == "__main__":
    main()
