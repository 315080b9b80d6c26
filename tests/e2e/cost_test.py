#!/usr/bin/env python3
"""What the sample house costs, worked out by hand; differences, hooks and a hub's events; quantities beside ifcopenshell's."""
import csv
import io
import json
import math
import pathlib
import re
import shutil
import tempfile
import time
import unittest
from decimal import ROUND_HALF_UP, Decimal

import hub_notify_test
from people import AECOS, Team, main, run

try:
    import ifcopenshell
    import ifcopenshell.util.element
except ImportError:
    ifcopenshell = None
try:
    import ifcopenshell.geom
    import ifcopenshell.util.shape
    HAS_GEOMETRY = True
except (ImportError, AttributeError):
    HAS_GEOMETRY = False

MODELS = pathlib.Path(__file__).resolve().parents[3] / "shared/data/ifc"
HOUSE = "models/house.ifc"
RATES = ".aecos/rates.csv"
CENT = Decimal("0.01")


def position(quantity, rate):
    """Half up, to the cent."""
    return (Decimal(quantity) * Decimal(rate)).quantize(CENT, ROUND_HALF_UP)


def by_hand():
    """The parts of the house, storey by storey: {(class, name): (quantity, cost)}. Lengths in metres."""
    window, entrance = Decimal("1.2") * Decimal("1.35"), Decimal("1.01") * Decimal("2.11")
    inner_door, height = Decimal("0.885") * Decimal("2.01"), Decimal("2.8")
    external, partition = "312.50", "84.90"
    walls = [(Decimal("10.3"), 2 * window + entrance, external), (Decimal("7.7"), window, external),
             (Decimal("10.3"), 2 * window, external), (Decimal("7.7"), window, external),
             (Decimal("7.7"), inner_door, partition), (Decimal("5.7925"), inner_door, partition)]
    found = {}
    for storey in (0, 1):
        for number, (length, holes, rate) in enumerate(walls, 6 * storey + 1):
            area = length * height - holes
            found["IfcWall", f"W-{number:02}"] = (area, position(area, rate))
        for number in range(6 * storey + 1, 6 * storey + 7):
            found["IfcWindow", f"F-{number:02}"] = (window, position(window, "729.00"))
        for number, rate in zip(range(3 * storey + 1, 3 * storey + 4), ("1890.00", "465.00", "465.00")):
            found["IfcDoor", f"D-{number:02}"] = (Decimal(1), Decimal(rate))
        slab = Decimal("10.3") * Decimal("8.3") * Decimal("0.2")
        found["IfcSlab", f"S-{storey + 1:02}"] = (slab, position(slab, "415.00"))
    # Eleven metres along the eaves; four and a half across, by 35 degrees: the one quantity that is drawn only.
    side = Decimal(11 * 4.5 / math.cos(math.radians(35))).quantize(Decimal("0.000001"))
    for name in ("Roof south", "Roof north"):
        found["IfcSlab", name] = (side, position(side, "178.35"))
    return found


class Cost(Team):
    def setUp(self):
        super().setUp()
        self.ana, = self.people("ana")
        for folder in ("models", ".aecos"):
            self.ana.path(folder).mkdir(exist_ok=True)
        self.ana.aecos("sample", self.ana.path(HOUSE), "--rates", self.ana.path(RATES))

    def cost(self, *arguments, status=0):
        done = self.ana.aecos("cost", "--json", *arguments, statuses=(status,))
        return json.loads(done.stdout)

    def fault(self, *arguments):
        done = self.ana.aecos("cost", *arguments, statuses=(2,))
        self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
        return done.stderr

    def edit(self, old, new):
        text = self.ana.read(HOUSE)
        self.assertEqual(text.count(old), 1, old)
        self.ana.write(HOUSE, text.replace(old, new))

    def wall(self, area):
        """W-01's side, which is told by its base quantity."""
        first = re.search(r"IFCQUANTITYAREA\('NetSideArea',\$,\$,([0-9.]+),\$\)", self.ana.read(HOUSE))
        text = self.ana.read(HOUSE)
        self.ana.write(HOUSE, text[:first.start(1)] + area + text[first.end(1):])

    # The house.

    def test_the_house_costs_what_it_costs_by_hand(self):
        expected = by_hand()
        bill = self.cost("--by", "element")
        found = {(each["class"], each["name"]): (Decimal(each["quantity"]), Decimal(each["cost"]))
                 for each in bill["positions"] if each["state"] == "priced"}
        self.assertEqual(set(found), set(expected))
        for what, (quantity, cost) in expected.items():
            self.assertEqual(found[what][0], quantity.quantize(Decimal("0.000001")), what)
            self.assertEqual(found[what][1], cost, what)
        total = sum(cost for _, cost in expected.values())
        self.assertEqual(bill["totals"], [{"currency": "EUR", "cost": str(total)}])
        self.assertEqual(str(total), str(2 * Decimal("47703.47") + 2 * position("60.428342", "178.35")))
        self.assertEqual((bill["missing"], bill["unread"]), ({"rates": [], "quantities": []}, []))
        self.assertEqual([each["state"] for each in bill["positions"] if each["name"] == "Roof"], ["in-parts"])

    def test_sums_are_those_of_their_parts(self):
        expected = by_hand()
        total = sum(cost for _, cost in expected.values())
        storeys = {each["name"]: Decimal(each["cost"]["EUR"]) for each in self.cost()["groups"]}
        self.assertEqual(storeys["Storey 0"], Decimal("47703.47"))
        self.assertEqual(sum(storeys.values()), total)
        classes = {each["name"]: Decimal(each["cost"].get("EUR", 0)) for each in self.cost("--by", "class")["groups"]}
        for name in ("IfcWall", "IfcDoor", "IfcWindow", "IfcSlab"):
            self.assertEqual(classes[name], sum(cost for (kind, _), (_, cost) in expected.items() if kind == name), name)
        codes = {each["name"]: each for each in self.cost("--by", "classification")["groups"]}
        self.assertEqual(list(codes), ["EF_25_10", "EF_25_30", "(none)"])
        self.assertEqual(codes["EF_25_10"]["elements"], 8)

    def test_the_table_says_currency_rounding_and_what_is_missing(self):
        said = self.ana.aecos("cost", statuses=(0,)).stdout
        self.assertIn("47,703.47", said)
        self.assertIn("In EUR; each element's cost is rounded to the currency's smallest coin, halves up", said)
        self.assertNotIn("not counted:", said)
        rates = self.ana.read(RATES)
        self.ana.write(RATES, "\n".join(line for line in rates.splitlines() if "IfcDoor" not in line) + "\n")
        said = self.ana.aecos("cost", statuses=(1,)).stdout
        self.assertIn("no rate, not counted: 6  IfcDoor (6)", said)
        bill = self.cost(status=1)
        self.assertEqual(bill["missingRates"], 6)
        self.assertEqual({each["class"] for each in bill["missing"]["rates"]}, {"IfcDoor"})
        self.ana.write(RATES, rates.replace("IfcWindow,,,m2", "IfcWindow,,,kg"))
        self.assertIn("its mass is not known", self.ana.aecos("cost", statuses=(1,)).stdout)
        self.assertEqual(self.cost(status=1)["missingQuantities"], 12)

    def test_without_base_quantities_the_shape_tells_the_same(self):
        before = self.cost("--by", "element")
        text = self.ana.read(HOUSE)
        bare = re.sub(r"IFCELEMENTQUANTITY\(('[^']*'),[^;]*;", r"IFCPROPERTYSET(\1,$,'Pset_None',$,());", text)
        self.assertNotEqual(bare, text)
        self.ana.write(HOUSE, bare)
        after = self.cost("--by", "element")
        self.assertEqual(after["totals"], before["totals"])
        origins = {(each["class"], each["quantityFrom"]) for each in after["positions"] if each["state"] == "priced"}
        self.assertEqual(origins, {("IfcWall", "shape"), ("IfcSlab", "shape"), ("IfcWindow", "sizes"),
                                   ("IfcDoor", "counted")})

    def test_element_folders_cost_what_the_model_costs_and_count_once(self):
        before = self.cost("--by", "element")
        self.ana.aecos("import", self.ana.path(HOUSE), "--to", self.ana.folder, "--name", "house")
        both = self.cost()
        self.assertEqual(both["totals"], before["totals"])
        self.assertGreater(both["repeated"], 30)
        self.ana.path(HOUSE).unlink()
        folders = self.cost("--by", "element")
        self.assertEqual(folders["totals"], before["totals"])
        self.assertEqual(folders["repeated"], 0)

        def facts(bill):
            return sorted((each["globalId"], each["state"], each.get("quantity"), each["storey"]) for each in bill["positions"])
        self.assertEqual(facts(folders), facts(before))

    def test_paths_limit_what_is_counted(self):
        self.ana.aecos("sample", self.ana.path("models/other.ifc"), "--storeys", "1")
        self.assertEqual(self.cost("models/house.ifc")["totals"], self.cost()["totals"])
        self.assertLess(Decimal(self.cost("models/other.ifc")["totals"][0]["cost"]),
                        Decimal(self.cost("models")["totals"][0]["cost"]))

    def test_what_git_ignores_costs_nothing(self):
        before = self.cost()["totals"]
        text = self.ana.read("models/house.ifc")
        self.ana.write("build/copy.ifc", re.sub(r"('NetSideArea',[^,]*,[^,]*,)", r"\g<1>1", text))
        self.assertNotEqual(self.cost()["totals"], before)
        self.ana.write(".gitignore", "build\n")
        self.assertEqual(self.cost()["totals"], before)

    def test_csv_has_a_row_for_each_element_and_runs_nothing(self):
        self.edit("'W-02',$,$,", "'=cmd|''/c calc''!A1',$,$,")
        self.ana.aecos("cost", "--csv", self.ana.path("bill.csv"))
        rows = list(csv.DictReader(io.StringIO(self.ana.path("bill.csv").read_bytes().decode(), newline="")))
        self.assertEqual(sum(Decimal(row["cost"]) for row in rows if row["cost"]),
                         sum(cost for _, cost in by_hand().values()))
        self.assertIn("'=cmd|'/c calc'!A1", [row["name"] for row in rows])
        self.assertEqual(self.ana.aecos("cost", "--csv", "-").stdout, self.ana.read("bill.csv").replace("\r\n", "\n"))

    # Revisions.

    def test_a_range_says_what_changed(self):
        self.ana.sync()
        self.wall("25.4689")
        saved = self.cost("HEAD..")
        self.assertEqual(saved["totals"][0]["difference"], "+625.00")  # Two square metres.
        self.ana.sync()
        found = self.cost("HEAD~1..HEAD")
        self.assertEqual(found["totals"], saved["totals"])
        change, = found["changes"]
        self.assertEqual((change["kind"], change["class"], change["name"]), ("changed", "IfcWall", "W-01"))
        self.assertEqual((change["before"]["quantity"], change["after"]["quantity"]), ("23.468900", "25.468900"))
        self.assertEqual((change["before"]["cost"], change["after"]["cost"]), ("7334.03", "7959.03"))
        groups = {each["name"]: each["difference"] for each in found["groups"]}
        self.assertEqual(groups, {"Storey 0": {"EUR": "+625.00"}, "Storey 1": {"EUR": "0.00"}})
        said = self.ana.aecos("cost", "HEAD~1..HEAD").stdout
        self.assertRegex(said, r"changed +IfcWall W-01 +23.469 m2, 7,334.03 EUR +→ +25.469 m2, 7,959.03 EUR")
        self.assertIn("+625.00", said)
        self.assertEqual(self.cost("HEAD~1")["totals"][0]["cost"], found["totals"][0]["before"])

    def test_what_is_removed_and_added_is_named(self):
        self.ana.sync()
        self.ana.aecos("sample", self.ana.path(HOUSE), "--storeys", "1")
        found = self.cost("HEAD..")
        kinds = {}
        for change in found["changes"]:
            kinds.setdefault(change["kind"], set()).add(change["name"])
        self.assertIn("W-07", kinds["removed"])
        self.assertNotIn("added", kinds)
        self.assertTrue(found["totals"][0]["difference"].startswith("-"))
        back = self.cost("HEAD..HEAD")
        self.assertEqual((back["changes"], back["totals"][0]["difference"]), ([], "0.00"))

    # What is wrong.

    def test_faults_say_where_and_what_to_do(self):
        self.ana.write(RATES, "class,unit,rate,currency\nIfcWall,m2,NaN,EUR\n")
        self.assertIn(".aecos/rates.csv:2:12: \"NaN\" is no number", self.fault())
        self.assertIn("no such file", self.fault("models/none.ifc", "models/house.ifc") + self.fault("--rates", "none.csv"))
        self.ana.path(RATES).unlink()
        self.assertIn("there are no rates", self.fault())
        report = json.loads(self.ana.aecos("validate", "--json").stdout)
        self.assertNotIn(RATES, [each["path"] for each in report["findings"]])

    def test_rates_that_cannot_be_used_are_a_finding(self):
        self.ana.write(RATES, "class,unit,rate,currency\nIfcWall,m2,-5,EUR\n")
        report = json.loads(self.ana.aecos("validate", "--json", statuses=(1,)).stdout)
        found = [each for each in report["findings"] if each["path"] == RATES]
        self.assertEqual(len(found), 1, report)
        self.assertIn("negative", json.dumps(found))

    def test_a_model_that_cannot_be_read_is_told_and_not_counted(self):
        self.ana.write("models/broken.ifc", "ISO-10303-21;\nHEADER;\n")
        bill = self.cost(status=1)
        self.assertEqual(len(bill["unread"]), 1)
        self.assertTrue(bill["unread"][0].startswith("models/broken.ifc:"), bill["unread"])

    def test_hostile_rates_are_refused_quickly(self):
        start = time.monotonic()
        with open(self.ana.path(RATES), "wb") as file:
            for _ in range(100):
                file.write(b"x" * 1_000_000)
        self.assertIn("bytes, more than", self.fault())
        self.ana.write(RATES, b"class,unit,rate,currency\n" + b"\"" * 4_000_000)
        self.fault()
        self.ana.write(RATES, "name,unit,rate,currency\n" + "".join(f"*{'a*' * 400}{k},m2,1,EUR\n" for k in range(2000)))
        self.assertIn(".aecos/rates.csv:2:1: ", self.fault())
        self.ana.write(RATES, "name,unit,rate,currency\n" + "".join(f"*{'a*' * 7}{k},m2,1,EUR\n" for k in range(19999)))
        self.cost(status=1)
        self.assertLess(time.monotonic() - start, 20)

    def test_a_path_that_no_version_has_is_refused(self):
        self.ana.sync()
        for revision in ("HEAD", "HEAD..HEAD", "HEAD.."):
            self.assertIn("nosuch: no such file or folder", self.fault(revision, "nosuch"))
        self.assertIn(RATES + ": neither a model", self.fault("HEAD", RATES))
        self.ana.path(HOUSE).unlink()  # In the work tree alone.
        gone = self.cost("HEAD..", HOUSE)["totals"][0]
        self.assertEqual((gone["after"], gone["difference"]), ("0.00", "-" + gone["before"]))
        self.assertIn("neither a file nor a revision", self.fault(HOUSE))
        self.ana.git("checkout", "-q", "--", HOUSE)
        self.assertEqual(self.cost("HEAD", "models")["totals"], self.cost("HEAD")["totals"])

    def test_a_model_whose_name_is_in_capitals_is_counted(self):
        before = self.cost()
        self.ana.path(HOUSE).rename(self.ana.path("models/HOUSE.IFC"))
        self.assertEqual(self.cost()["totals"], before["totals"])

    # The hook.

    def test_the_hook_tells_and_holds_nobody_up(self):
        self.ana.aecos("init")
        self.ana.git("add", "-A")
        self.ana.git("commit", "-q", "-m", "house")
        self.wall("25.4689")
        self.ana.git("add", "-A")
        start = time.monotonic()
        done = self.ana.git("commit", "-q", "-m", "wall")
        print(f"a commit of a model of 100 kB, cost told: {1000 * (time.monotonic() - start):.0f} ms")
        self.assertIn("cost +625.00 EUR", done.stdout + done.stderr)
        whole = self.ana.read(HOUSE)
        self.ana.write(HOUSE, whole[:len(whole) // 2])
        self.ana.git("add", "-A")
        done = self.ana.git("-c", "aecos.skip=soundness,agreement,validate,secrets:only the cost", "commit", "-q", "-m", "half")
        self.assertIn(f"cost is not told: {HOUSE}", done.stdout + done.stderr)
        self.ana.write(HOUSE, whole)
        self.ana.write(RATES, "class,unit,rate,currency\nIfcWall,m2,much,EUR\n")
        self.ana.git("add", "-A")
        done = self.ana.git("-c", "aecos.skip=soundness,agreement,validate,secrets:only the cost", "commit", "-q", "-m", "rates")
        self.assertIn(".aecos/rates.csv:2:12:", done.stdout + done.stderr)
        self.ana.git("rm", "-q", RATES)
        self.assertNotIn("cost", self.ana.git("commit", "-q", "-m", "none").stderr)

    def test_the_hook_says_what_the_two_files_of_an_element_cost_together(self):
        self.ana.aecos("import", self.ana.path(HOUSE), "--to", self.ana.folder, "--name", "house")
        self.ana.path(HOUSE).unlink()
        self.ana.aecos("init")
        self.ana.git("add", "-A")
        self.ana.git("commit", "-q", "-m", "house")
        folder = self.folder_of("W-01")
        metadata, element = f"{folder}/metadata.json", f"{folder}/element.ifc"
        kept = {path: self.ana.read(path) for path in (metadata, element)}
        # Without its metadata, and with it again, the wall costs what it did.
        self.ana.git("rm", "-q", metadata)
        self.assertEqual(self.told_as_it_is(), "")
        self.ana.write(metadata, kept[metadata])
        self.ana.git("add", "-A")
        self.assertEqual(self.told_as_it_is(), "")
        # Without its model it costs what its metadata says, until it has the model again.
        self.ana.git("rm", "-q", element)
        gone = self.told_as_it_is()
        self.assertRegex(gone, "^-[0-9,]+[.][0-9]{2}$")
        self.ana.write(element, kept[element])
        self.ana.git("add", "-A")
        self.assertEqual(self.told_as_it_is(), gone.replace("-", "+"))
        self.ana.git("rm", "-q", "-r", folder)
        self.assertRegex(self.told_as_it_is(), "^-")

    def folder_of(self, name):
        return next(str(path.parent.relative_to(self.ana.folder)) for path in self.ana.path("elements").glob("*/metadata.json")
                    if json.loads(path.read_text())["name"] == name)

    def told_as_it_is(self):
        """What the hook says of a commit: what `aecos cost` says of it afterwards, with commas."""
        done = self.ana.git("-c", "aecos.skip=soundness,agreement,validate,secrets:only the cost", "commit", "-q", "-m", "x")
        told = re.search(r"cost ([-+][0-9,.]+) EUR", done.stdout + done.stderr)
        totals = json.loads(self.ana.aecos("cost", "--json", "HEAD~1..HEAD").stdout)["totals"]
        differences = {each["difference"] for each in totals} - {"0.00"}
        self.assertEqual({told[1].replace(",", "")} if told else set(), differences, done.stderr)
        return told[1] if told else ""


class AtHub(hub_notify_test.NotifyTest):
    def test_an_integration_says_what_it_costs(self):
        self.channels({"chat": "slack", "site": "teams", "bim": "discord", "erp": "webhook"})
        house, rates = self.desk.folder / HOUSE, self.desk.folder / RATES
        house.parent.mkdir(parents=True, exist_ok=True)
        self.cli("sample", house)
        self.desk.commit("The house")
        self.desk.push()
        self.cli("sample", self.folder / "again.ifc", "--rates", rates)
        self.desk.commit("What it costs")
        self.desk.push()
        total = sum(cost for _, cost in by_hand().values())
        without, first = self.hub.events("house", type="commit.integrated")[-2:]
        self.assertNotIn("cost", without["data"])  # There were no rates.
        cost = first["data"]["cost"]
        self.assertEqual((cost["currency"], cost["before"], cost["after"], cost["difference"]),
                         ("EUR", str(total), str(total), "0.00"))
        # The wall without a model, whose metadata.json says no area.
        self.assertEqual((cost["missingRates"], cost["missingQuantities"]), (0, 1))
        text = house.read_text()
        match = re.search(r"IFCQUANTITYAREA\('NetSideArea',\$,\$,([0-9.]+),\$\)", text)
        house.write_text(text[:match.start(1)] + "25.4689" + text[match.end(1):])
        self.desk.commit("A longer wall")
        self.desk.push()
        told = self.hub.events("house", type="commit.integrated")[-1]["data"]["cost"]
        self.assertEqual((told["before"], told["after"], told["difference"], told["changedElements"]),
                         (str(total), str(total + Decimal("625.00")), "+625.00", 1))
        for name in ("slack/chat", "teams/site", "discord/bim"):
            got = self.until(name, lambda: [each for each in self.them.received(name) if b"625.00" in each.body])
            self.assertIn("Cost", got[-1].body.decode(), name)
        event = json.loads(self.them.wait_for("webhook/erp", 3)[-1].body)
        self.assertEqual(event["data"]["cost"]["difference"], "+625.00")
        self.hub.kill()
        self.hub.start()
        (self.desk.folder / RATES).write_text("class,unit,rate,currency\nIfcWall,m2,1e308,EUR\n")
        self.desk.commit("Rates that cannot be read")
        self.desk.push()
        told = self.hub.events("house", type="commit.integrated")[-1]["data"]["cost"]
        self.assertIn(".aecos/rates.csv:2:12: \"1e308\" is no number", told["skipped"])
        self.assert_sound()


@unittest.skipUnless(ifcopenshell and MODELS.is_dir(), "ifcopenshell or the models are not there")
class BesideIfcopenshell(unittest.TestCase):
    """What aecos says of real models, held against another reader of IFC."""

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="aecos-cost-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.rates = self.folder / "rates.csv"

    def positions(self, model, unit):
        self.rates.write_text(f"class,unit,rate,currency\nIfcElement,{unit},1,EUR\n")
        done = run(AECOS, "cost", model, "--rates", self.rates, "--by", "element", "--json", folder=self.folder, check=False)
        self.assertIn(done.returncode, (0, 1), done.stderr)
        return [each for each in json.loads(done.stdout)["positions"] if each["state"] == "priced"]

    def test_base_quantities_are_those_that_ifcopenshell_reads(self):
        compared = 0
        for path in sorted(MODELS.glob("*.ifc")):
            model = ifcopenshell.open(str(path))
            units = {each.UnitType: each for each in model.by_type("IfcUnitAssignment")[0].Units if each.is_a("IfcNamedUnit")}
            length = 0.001 if getattr(units.get("LENGTHUNIT"), "Prefix", None) == "MILLI" else 1
            plain = all(units[kind].is_a("IfcSIUnit") and not units[kind].Prefix for kind in ("AREAUNIT", "VOLUMEUNIT")
                        if kind in units)
            for unit, factor in (("m", length), ("m2", 1), ("m3", 1)):
                for each in self.positions(path, unit):
                    found = re.match(r"(\w+) in (.+)$", each.get("note", ""))
                    if each["quantityFrom"] != "base quantities" or not found or not plain:
                        continue
                    element = model.by_guid(each["globalId"])
                    sets = ifcopenshell.util.element.get_psets(element, qtos_only=True)
                    value = sets[found[2]][found[1]] * factor
                    self.assertAlmostEqual(float(each["quantity"]), value, delta=1e-6 + 1e-9 * value, msg=(path.name, each))
                    compared += 1
        print(f"{compared} base quantities are those of ifcopenshell")
        self.assertGreater(compared, 80)

    @unittest.skipUnless(HAS_GEOMETRY, "ifcopenshell.geom is not there")
    def test_volumes_of_shapes_are_those_of_the_kernel(self):
        settings = ifcopenshell.geom.settings()
        compared, worst = 0, 0
        for path in sorted(MODELS.glob("*.ifc")):
            model = ifcopenshell.open(str(path))
            bare = self.folder / path.name
            text = path.read_text(encoding="latin-1")
            bare.write_text(re.sub(r"IFCELEMENTQUANTITY\s*\(", "IFCXNOQUANTITY(", text), encoding="latin-1")
            known = [each for each in self.positions(bare, "m3") if each["quantityFrom"] == "shape"]
            off = []
            for each in known:
                try:
                    shape = ifcopenshell.geom.create_shape(settings, model.by_guid(each["globalId"]))
                except RuntimeError:
                    continue
                volume = ifcopenshell.util.shape.get_volume(shape.geometry)
                error = abs(float(each["quantity"]) - volume) / max(volume, 1e-9)
                compared += 1
                worst = max(worst, error)
                if error > 0.01:
                    off.append((each["class"], each["name"], each["globalId"], each["quantity"], volume))
            print(f"{path.name}: {len(known)} volumes by shape, {len(off)} off")
            self.assertEqual(off, [], path.name)
        print(f"{compared} volumes by shape, {100 * worst:.3f} % off at most")
        self.assertGreater(compared, 50)


if __name__ == "__main__":
    main()
