#!/usr/bin/env python3
"""Models as element folders and back: nothing is lost, and what did not change keeps its bytes.

Over the sample house in several sizes, spellings and states of work, and the models of ../shared/data where that is.
The exported model is compared by aecos diff, and by PyPI's ifcopenshell where it can be had.
"""
import collections
import json
import os
import pathlib
import random
import re
import resource
import shutil
import subprocess
import tempfile
import time
import unittest

from people import AECOS, ENVIRONMENT, LONG, Team, main, run

try:
    import ifcopenshell
    import ifcopenshell.validate
except ImportError:
    ifcopenshell = None

LONG = bool(os.environ.get("AECOS_LONG"))
SHARED = pathlib.Path(__file__).resolve().parents[3] / "shared"
MODELS = sorted((SHARED / "data/ifc").glob("*.ifc")) + sorted((SHARED / "data/ifcmerge").glob("*.ifc"))[: None if LONG else 4]
MEMBERS = {"RelatedObjects", "RelatedElements", "AssignedItems", "HasProperties", "Quantities", "HasPropertySets"}


def aecos(*arguments, folder, statuses=(0,)):
    done = run(AECOS, *arguments, folder=folder, check=False)
    if done.returncode not in statuses:
        raise AssertionError(f"aecos {arguments}: status {done.returncode}\n{done.stdout}\n{done.stderr}")
    return done


class Told:
    """What a model says, by a reader that is not aecos: each rooted instance by GlobalId, with all that hangs on it."""

    def __init__(self, path):
        self.known = {}
        self.model = ifcopenshell.open(str(path))
        self.classes = collections.Counter(one.is_a() for one in self.model)
        self.roots = collections.defaultdict(list)
        for root in self.model.by_type("IfcRoot"):
            self.roots[root.GlobalId].append(self.content(root))
        for said in self.roots.values():
            said.sort()
        self.loose = collections.Counter(
            self.content(one) for one in self.model if not one.is_a("IfcRoot") and not self.model.get_total_inverses(one))

    def content(self, one):
        names = [one.attribute_name(k) for k in range(len(one))]
        return one.is_a() + repr([self.value(value, name in MEMBERS) for name, value in zip(names, one)])

    def value(self, value, unordered=False):
        if isinstance(value, tuple):
            values = [self.value(one) for one in value]
            return sorted(values, key=repr) if unordered else values
        if not isinstance(value, ifcopenshell.entity_instance):
            return value
        if not value.id():
            return value.is_a() + repr(value[0])
        if value.is_a("IfcRoot"):
            return value.GlobalId
        if value.id() not in self.known:
            self.known[value.id()] = "cycle"
            self.known[value.id()] = str(hash(self.content(value)))
        return self.known[value.id()]


def files_of(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for part in ("elements", "models")
            for path in sorted((folder / part).rglob("*")) if path.is_file() and path.suffix in (".ifc", ".json", ".md")
            and not (part == "models" and path.parent.name == "models")}


class Elements(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="aecos-elements-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.house = self.sample("house.ifc", "--storeys", "2")

    def sample(self, name, *options):
        aecos("sample", self.folder / name, *options, folder=self.folder)
        return self.folder / name

    def project(self, model, name="model"):
        to = self.folder / ("project of " + pathlib.Path(model).name)
        report = json.loads(aecos("import", model, "--to", to, "--name", name, "--json", folder=self.folder).stdout)
        return to, report

    def export(self, project, name="out.ifc", **more):
        aecos("export", "--from", project, "--out", self.folder / name, folder=self.folder, **more)
        return self.folder / name

    def changes(self, before, after):
        done = aecos("diff", before, after, "--json", "--each", folder=self.folder, statuses=(0, 1))
        return [change for file in json.loads(done.stdout)["files"] for change in file["changes"]]

    def assert_same_model(self, before, after):
        self.assertEqual(self.changes(before, after), [])
        if ifcopenshell:
            one, other = Told(before), Told(after)
            self.assertEqual(one.classes, other.classes)
            self.assertEqual(one.roots, other.roots)
            self.assertEqual(one.loose, other.loose)

    def element(self, project, name):
        for path in sorted((project / "elements").iterdir()):
            if json.loads((path / "metadata.json").read_text())["name"] == name:
                return path
        raise AssertionError(name)

    def assert_comes_back(self, model):
        project, report = self.project(model)
        self.assertEqual(len(list((project / "elements").iterdir())), report["elements"])
        out = self.export(project)
        self.assert_same_model(model, out)
        before = files_of(project)
        again = json.loads(aecos("import", out, "--to", project, "--name", "model", "--json", folder=self.folder).stdout)
        self.assertEqual((again["added"], again["changed"], again["removed"], again["frameChanged"]), (0, 0, 0, False))
        self.assertEqual(files_of(project), before)
        return project

    def test_every_house_comes_back(self):
        for k, options in enumerate((["--storeys", "1"], ["--storeys", "12"], ["--re-export", "--seed", "5"],
                                     ["--edits", "25", "--seed", "7"], ["--edits", "25", "--re-export", "--seed", "8"])):
            with self.subTest(options):
                self.assert_comes_back(self.sample(f"house{k}.ifc", *options))

    def test_every_real_model_comes_back(self):
        for model in MODELS:
            with self.subTest(model.name):
                self.assert_comes_back(model)

    def test_a_re_export_changes_no_file(self):
        for model in [self.house] + [one for one in MODELS if LONG or one.stat().st_size < 500_000][:4]:
            with self.subTest(pathlib.Path(model).name):
                project, _ = self.project(model)
                before = files_of(project)
                exported = self.sample("again.ifc", "--from", model, "--re-export", "--seed", "3")
                aecos("import", exported, "--to", project, "--name", "model", folder=self.folder)
                self.assertEqual({name for name, text in files_of(project).items() if before.get(name) != text}, set())

    def test_an_edited_re_export_changes_the_files_of_what_was_edited(self):
        project, _ = self.project(self.house)
        before = files_of(project)
        edited = self.sample("edited.ifc", "--from", self.house, "--edits", "1", "--re-export", "--seed", "11")
        changed = {change["element"]["globalId"] for change in self.changes(self.house, edited) if change.get("element")}
        aecos("import", edited, "--to", project, "--name", "model", folder=self.folder)
        self.assert_same_model_but_spelling(edited, self.export(project))
        touched = {name.split("/")[1] for name, text in files_of(project).items()
                   if name.startswith("elements/") and before.get(name) != text}
        self.assertLessEqual(len(touched), max(2, 2 * len(changed)))

    def assert_same_model_but_spelling(self, before, after):
        self.assertEqual(self.changes(before, after), [])

    def test_what_is_edited_in_a_folder_is_all_that_changes(self):
        project, _ = self.project(self.house)
        wall = self.element(project, "W-01") / "element.ifc"
        wall.write_text(wall.read_text().replace("REI 60", "REI 240").replace("REI 90", "REI 240"))
        changes = self.changes(self.house, self.export(project))
        self.assertEqual([(one["element"]["name"], one["at"].split(".")[-1]) for one in changes], [("W-01", "FireRating")])

    def test_what_filled_a_deleted_wall_is_named_and_is_where_it_was(self):
        project, _ = self.project(self.house)
        deleted = aecos("-C", project, "element", "delete", "W-01", folder=self.folder)
        self.assertIn("D-01, F-01, F-02 filled openings of it", deleted.stderr)
        told = aecos("diff", self.house, self.export(project), folder=self.folder, statuses=(1,)).stdout
        self.assertIn("F-01", told)
        self.assertNotIn("turned", told)
        self.assertEqual([line for line in told.splitlines() if line.endswith(" ")], [])
        self.assertEqual(aecos("-C", project, "element", "delete", "F-01", folder=self.folder).stderr, "")

    def test_a_deleted_folder_is_a_deleted_element(self):
        project, _ = self.project(self.house)
        aecos("-C", project, "element", "delete", "W-05", folder=self.folder)
        out = self.export(project)
        gone = {one["element"]["name"] for one in self.changes(self.house, out) if one["kind"] == "removed"}
        self.assertIn("W-05", gone)
        self.assertFalse(any(one["kind"] == "added" for one in self.changes(self.house, out)))
        if ifcopenshell:
            model = ifcopenshell.open(str(out))
            self.assertFalse([one for one in model.by_type("IfcWall") if one.Name == "W-05"])
            for relation in model.by_type("IfcRelationship"):
                for name, value in relation.get_info().items():
                    self.assertFalse(name in MEMBERS and value == (), relation)

    def test_a_moved_element_is_moved_alone(self):
        project, _ = self.project(self.house)
        before = files_of(project)
        aecos("-C", project, "element", "move", "W-01", "--by", "100,0,0", folder=self.folder)
        changes = self.changes(self.house, self.export(project))
        self.assertEqual([(one["element"]["name"], one["kind"]) for one in changes], [("W-01", "moved")])
        slug = self.element(project, "W-01").name
        self.assertEqual({name for name, text in files_of(project).items() if before[name] != text},
                         {f"elements/{slug}/element.ifc"})
        aecos("-C", project, "element", "move", "W-01", "--storey", "Storey 1", folder=self.folder)
        kinds = {(one["element"]["name"], one["kind"]) for one in self.changes(self.house, self.export(project))}
        self.assertEqual(kinds, {("W-01", "moved"), ("W-01", "container")})
        metadata = json.loads((self.element(project, "W-01") / "metadata.json").read_text())
        self.assertEqual(metadata["storey"], "Storey 1")

    def test_an_element_without_a_model_around_it_moves_too(self):
        project, _ = self.project(self.house)
        (wall,) = [path for path in (project / "elements").iterdir() if '"W-01"' in (path / "metadata.json").read_text()]
        alone = self.folder / "alone"
        shutil.copytree(wall, alone / "elements" / wall.name)
        metadata = alone / "elements" / wall.name / "metadata.json"
        content = json.loads(metadata.read_text())
        content.pop("model", None)
        metadata.write_text(json.dumps(content, indent=2) + "\n")
        ifc = alone / "elements" / wall.name / "element.ifc"
        before = self.folder / "before.ifc"
        before.write_bytes(ifc.read_bytes())
        aecos("-C", alone, "element", "move", "W-01", "--by", "100,0,0", folder=self.folder)
        changes = self.changes(before, ifc)
        self.assertEqual([(one["element"]["name"], one["kind"]) for one in changes], [("W-01", "moved")])
        refused = aecos("-C", alone, "element", "move", "W-01", "--storey", "Nowhere", folder=self.folder, statuses=(2,))
        self.assertIn("there are Storey 0", refused.stderr)

    def test_a_new_element_is_added(self):
        project, _ = self.project(self.house)
        done = aecos("-C", project, "element", "new", "IfcColumn", "--name", "C-1", "--storey", "Storey 0", "--json",
                     folder=self.folder)
        new = json.loads(done.stdout)
        out = self.export(project)
        changes = self.changes(self.house, out)
        self.assertEqual({one["element"]["name"] for one in changes}, {"C-1"})
        shown = aecos("-C", project, "element", "show", "C-1", folder=self.folder).stdout
        self.assertIn("IfcColumn", shown)
        self.assertIn("Storey 0", shown)
        self.assertIn(new["globalId"], shown)
        before = files_of(project)
        aecos("import", out, "--to", project, "--name", "model", folder=self.folder)
        self.assertEqual(files_of(project), before)

    def test_names_that_differ_only_in_case_get_folders_of_their_own(self):
        model = self.house.read_text()
        walls = re.findall(r"IFCWALL\('([^']{22})',#\d+,'(W-0[12])'", model)
        one = walls[0][0]
        other = "".join(c.swapcase() for c in one)
        model = model.replace(f"'{walls[1][0]}'", f"'{other}'").replace("'W-02'", "'w-01'")
        self.house.write_text(model)
        project, report = self.project(self.house)
        names = [path.name for path in (project / "elements").iterdir()]
        self.assertEqual(len({name.lower() for name in names}), report["elements"])
        self.assert_same_model(self.house, self.export(project))

    def test_what_cannot_be_used_changes_nothing(self):
        broken = self.folder / "broken.ifc"
        broken.write_text(self.house.read_text()[:2000])
        done = aecos("import", broken, "--to", self.folder / "new", folder=self.folder, statuses=(2,))
        self.assertIn("broken.ifc", done.stderr)
        self.assertFalse((self.folder / "new").exists())
        project, _ = self.project(self.house)
        wall = self.element(project, "W-01")
        (wall / "element.ifc").write_text("ISO-10303-21;")
        done = aecos("export", "--from", project, "--out", self.folder / "no.ifc", folder=self.folder, statuses=(2,))
        self.assertIn(f"elements/{wall.name}/element.ifc", done.stderr)
        self.assertFalse((self.folder / "no.ifc").exists())

    def test_show_tells_what_is_known(self):
        project, _ = self.project(self.house)
        shown = aecos("-C", project, "element", "show", "W-01", folder=self.folder).stdout
        for word in ("W-01", "IfcWall", "Storey 0", "Pset_WallCommon.FireRating", "Material"):
            self.assertIn(word, shown)
        missing = aecos("-C", project, "element", "show", "W-99", folder=self.folder, statuses=(2,))
        self.assertIn("no element is called W-99", missing.stderr)

    @unittest.skipUnless(ifcopenshell, "PyPI's ifcopenshell is not installed")
    def test_every_element_file_is_a_sound_model_of_its_own(self):
        project, _ = self.project(self.house)
        for path in sorted((project / "elements").iterdir()):
            logger = ifcopenshell.validate.json_logger()
            ifcopenshell.validate.validate(str(path / "element.ifc"), logger)
            said = [re.sub(r"\s+", " ", str(one.get("message", ""))) for one in logger.statements]
            self.assertEqual(said, [], path.name)
            self.assertRegex(path.name, r"^[a-z0-9-]+-[0-9A-Za-z_-]{8}$")


class Agreement(Team):
    def setUp(self):
        super().setUp()
        house = self.folder / "house.ifc"
        aecos("sample", house, "--storeys", "1", folder=self.folder)
        self.ana, self.ben = self.people("ana", "ben")
        self.ana.aecos("import", house, "--name", "house")
        self.ana.sync()
        self.ben.sync()
        for path in sorted(self.ana.path("elements").iterdir()):
            if json.loads((path / "metadata.json").read_text())["name"] == "W-01":
                self.wall = "elements/" + path.name
        self.metadata, self.ifc = self.wall + "/metadata.json", self.wall + "/element.ifc"

    def rate(self, person, rating):
        person.edit_json(self.metadata, lambda value: value["properties"]["Pset_WallCommon"].update(FireRating=rating))

    def rating(self, person):
        return person.read_json(self.metadata)["properties"]["Pset_WallCommon"]["FireRating"]

    def both(self):
        self.settle([self.ana, self.ben])
        self.assert_same([self.ana, self.ben])

    def test_what_metadata_says_goes_into_the_model_and_to_others(self):
        self.rate(self.ana, "REI 180")
        self.ana.sync()
        self.ben.sync()
        self.assertIn("REI 180", self.ben.read(self.ifc))
        self.assertEqual(self.rating(self.ben), "REI 180")
        self.both()

    def test_what_the_model_says_goes_into_metadata(self):
        was = self.rating(self.ben)
        self.ben.write(self.ifc, self.ben.read(self.ifc).replace(was, "REI 15"))
        self.both()
        self.assertEqual(self.rating(self.ana), "REI 15")

    def test_a_storey_in_metadata_moves_the_element(self):
        house = self.folder / "two.ifc"
        aecos("sample", house, "--storeys", "2", folder=self.folder)
        self.ana.aecos("import", house, "--name", "house")
        self.ana.sync()
        was = self.ana.read_json(self.metadata)["storey"]
        self.ana.edit_json(self.metadata, lambda value: value.update(storey="Storey 1"))
        self.assertNotEqual(was, "Storey 1")
        self.both()
        self.assertEqual(self.ben.read_json(self.metadata)["storey"], "Storey 1")
        shown = self.ben.aecos("export", "--out", self.folder / "out.ifc").stdout
        said = aecos("diff", house, self.folder / "out.ifc", "--json", folder=self.folder, statuses=(1,)).stdout
        changes = [change for file in json.loads(said)["files"] for change in file["changes"]]
        self.assertIn(("W-01", "container"), {(change["element"]["name"], change["kind"]) for change in changes}, shown)
        self.assertEqual(self.ana.records(), {})
        # There is no such storey: the model's word stands, and what was meant is kept.
        self.ana.edit_json(self.metadata, lambda value: value.update(storey="Storey 9"))
        self.ana.sync()
        self.assertEqual(self.ana.read_json(self.metadata)["storey"], "Storey 1")
        [record] = self.ana.records().values()
        self.assertEqual((record["at"], record["theirs"]["value"]), ("/storey", "Storey 9"))

    def test_a_generated_element_keeps_the_storey_of_a_model_that_is_kept_as_a_file(self):
        self.ana.aecos("sync")
        lone, house = self.folder / "lone", self.folder / "two.ifc"
        aecos("sample", house, "--storeys", "2", folder=self.folder)
        run("git", "init", "-q", "-b", "develop", lone, folder=self.folder)
        for name, value in (("user.name", "Ana"), ("user.email", "ana@example.org")):
            run("git", "config", name, value, folder=lone)
        (lone / "models").mkdir()
        shutil.copy(house, lone / "models/tower.ifc")
        aecos("init", folder=lone)
        aecos("generate", "wall W-90, 5 m long, 200 mm thick, 2.8 m high, at 2,12 on Storey 1", folder=lone)
        def export():
            out = self.folder / "whole.ifc"
            aecos("export", "--out", out, folder=lone)
            said = aecos("diff", house, out, "--json", "--each", folder=self.folder, statuses=(0, 1)).stdout
            return [change for file in json.loads(said)["files"] for change in file["changes"]]
        wall = [change for change in export() if change["element"].get("name") == "W-90"]
        self.assertEqual([(change["kind"], change["at"]) for change in wall], [("added", "Storey 1")])
        self.assertEqual({change["kind"] for change in export()}, {"added"})
        # A second one is to be named.
        shutil.copy(house, lone / "models/other.ifc")
        refused = aecos("export", folder=lone, statuses=(2,))
        self.assertIn("there are several models; name one with --model: other, tower", refused.stderr)
        (lone / "models/other.ifc").unlink()
        # Imported under another name and kept beside: each element once, as its folder has it.
        aecos("import", house, "--name", "again", folder=lone)
        shutil.rmtree(lone / "models/again")
        for path in (lone / "elements").glob("*/metadata.json"):
            values = json.loads(path.read_text())
            values.pop("model", None)
            path.write_text(json.dumps(values))
        self.assertEqual([change for change in export() if change["kind"] == "added" and change["element"]["class"] == "IfcWall"
                          and change["element"].get("name") != "W-90"], [])

    def test_edits_of_two_properties_in_two_files_meet(self):
        was = self.rating(self.ben)
        self.ana.edit_json(self.metadata, lambda v: v["properties"]["Pset_WallCommon"].update(LoadBearing=False))
        self.ben.write(self.ifc, self.ben.read(self.ifc).replace(was, "REI 15"))
        self.both()
        for person in (self.ana, self.ben):
            self.assertEqual(self.rating(person), "REI 15")
            self.assertIs(person.read_json(self.metadata)["properties"]["Pset_WallCommon"]["LoadBearing"], False)
        self.assertEqual(self.ana.records(), {})

    def test_two_values_of_one_save_are_a_conflict(self):
        was = self.rating(self.ana)
        self.ana.write(self.ifc, self.ana.read(self.ifc).replace(was, "REI 15"))
        self.rate(self.ana, "REI 180")
        self.ana.sync()
        self.both()
        self.assertEqual(self.rating(self.ben), "REI 15")
        (record,) = self.ben.records().values()
        self.assertEqual({record["ours"]["value"], record["theirs"]["value"]}, {"REI 15", "REI 180"})
        self.ben.aecos("resolve", record["id"], "--theirs")
        self.both()
        self.assertEqual(self.rating(self.ana), "REI 180")
        self.assertIn("REI 180", self.ana.read(self.ifc))
        self.assertEqual(self.ana.records(), {})

    def test_settling_a_conflict_settles_what_the_other_file_says_of_it(self):
        was = self.rating(self.ana)
        for person, rating in ((self.ana, "REI 15"), (self.ben, "REI 180")):
            person.write(self.ifc, person.read(self.ifc).replace(was, rating))
        self.both()
        self.assertEqual(len(self.ana.records()), 2)
        self.ben.aecos("resolve", min(self.ben.records().values(), key=lambda one: one["path"])["id"], "--theirs")
        self.both()
        self.assertEqual(self.ana.records(), {})
        self.assertEqual(self.rating(self.ana), self.rating(self.ben))
        self.assertIn(self.rating(self.ana), self.ana.read(self.ifc))

    def test_what_plain_git_committed_is_written_through_too(self):
        self.rate(self.ana, "REI 180")
        self.ana.git("commit", "-q", "-a", "-m", "rated")
        self.ana.sync()
        self.assertIn("REI 180", self.ana.read(self.ifc))
        self.both()

    def test_an_import_does_not_overwrite_what_is_not_shared(self):
        edited = self.folder / "edited.ifc"
        self.ana.aecos("export", "--out", edited)
        text = edited.read_text()
        self.assertIn("'REI 60'", text)
        edited.write_text(text.replace("'REI 60'", "'REI 15'"))
        self.rate(self.ana, "REI 180")
        before = self.ana.read(self.metadata)
        refused = self.ana.aecos("import", edited, "--name", "house", statuses=(3,))
        self.assertIn("aecos sync", refused.stderr)
        self.assertEqual(self.ana.read(self.metadata), before)
        self.ana.sync()
        self.ana.aecos("import", edited, "--name", "house")
        self.assertEqual(self.rating(self.ana), "REI 15")

    def test_an_import_that_is_killed_is_taken_back(self):
        seed = int(os.environ.get("AECOS_SEED", time.time_ns() % 1_000_000))
        luck, tower = random.Random(seed), self.folder / "tower.ifc"
        aecos("sample", tower, "--storeys", "30", folder=self.folder)
        before, head = self.ana.files(), self.ana.git("rev-parse", "HEAD").stdout
        began = time.monotonic()
        aecos("import", tower, "--to", self.folder / "whole", "--name", "tower", folder=self.folder)
        took_s, partial = time.monotonic() - began, 0
        folders = self.ana.path("elements")
        count = len(list(folders.rglob("*.*")))
        for point in range(40 if LONG else 4):
            process = subprocess.Popen([AECOS, "import", tower, "--name", "tower"], cwd=self.ana.folder, env=ENVIRONMENT,
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            notes = self.ana.path(".git/aecos/import/changes")
            while process.poll() is None and not (notes.exists() and notes.stat().st_size):
                time.sleep(0.001)
            if point == 0:  # In any case once when something is in place.
                while process.poll() is None and len(list(folders.rglob("*.*"))) == count:
                    time.sleep(0.001)
            else:
                time.sleep(luck.uniform(0, 0.4) * took_s)
            process.kill()
            if process.wait() == 0:
                break  # It was done.
            was_partial = len(self.ana.files()) > len(before)
            partial += was_partial
            said = self.ana.aecos("sync").stderr  # Nothing of it is shared.
            self.assertEqual((self.ana.files() == before, self.ana.git("rev-parse", "HEAD").stdout), (True, head), seed)
            self.assertIn("an import was broken off" if was_partial else "", said)
            self.assertFalse(self.ana.path(".git/aecos/import").exists())
        self.assertGreater(partial, 0, seed)
        self.ana.aecos("import", tower, "--name", "tower")
        self.ana.aecos("export", "--model", "tower", "--out", self.folder / "out.ifc")
        self.assertEqual((self.folder / "out.ifc").read_bytes(), tower.read_bytes())

    def test_an_import_that_fails_in_the_middle_leaves_all_as_it_was(self):
        other = self.folder / "tower.ifc"
        aecos("sample", other, "--storeys", "12", folder=self.folder)
        before = self.ana.files()
        aecos("import", other, "--to", self.folder / "whole", "--name", "tower", folder=self.folder)
        room = (self.folder / "whole/models/tower/frame.ifc").stat().st_size - 1  # It is the last to be written.
        def little_room():
            resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
        done = subprocess.run([AECOS, "import", other, "--name", "tower"], cwd=self.ana.folder, env=ENVIRONMENT,
                              capture_output=True, text=True, preexec_fn=little_room, restore_signals=False)
        self.assertNotEqual(done.returncode, 0)
        self.assertEqual(len(done.stderr.strip().splitlines()), 1, done.stderr)
        self.assertEqual(self.ana.files(), before)

    def test_a_revision_can_be_exported(self):
        house = self.folder / "house.ifc"
        self.rate(self.ana, "REI 180")
        self.ana.sync()
        self.ana.aecos("export", "HEAD~2", "--out", self.folder / "before.ifc")
        self.ana.aecos("export", "HEAD", "--out", self.folder / "after.ifc")
        self.assertIn("nothing changed", aecos("diff", house, self.folder / "before.ifc", folder=self.folder).stdout)
        said = aecos("diff", house, self.folder / "after.ifc", folder=self.folder, statuses=(1,)).stdout
        self.assertIn("REI 180", said)

    def test_two_people_who_rate_a_wall_otherwise_are_told(self):
        was = self.rating(self.ben)
        self.rate(self.ana, "REI 180")
        self.ben.write(self.ifc, self.ben.read(self.ifc).replace(was, "REI 15"))
        self.ana.sync()
        self.ben.sync()
        self.both()
        self.assertEqual(self.rating(self.ana), "REI 180")
        self.assertIn("REI 180", self.ana.read(self.ifc))
        said = {value for record in self.ana.records().values()
                for value in (record["ours"].get("value"), record["theirs"].get("value"))}
        self.assertEqual(said, {"REI 180", "REI 15"})


if __name__ == "__main__":
    main()
