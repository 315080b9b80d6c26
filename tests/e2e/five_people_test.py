#!/usr/bin/env python3
"""Five people at once, round after round, on the same few files: every edit is in the end in the files or recorded."""
import json
import random
import threading
import unittest

from people import LONG, Team, main

NAMES = ["ana", "ben", "carl", "dora", "emil"]
ROUNDS = 50 if LONG else 8
SETS = ["Pset_WallCommon", "Pset_Fire", "Pset_Acoustic"]

MODEL_HEAD = """ISO-10303-21;
HEADER;
FILE_DESCRIPTION(('ViewDefinition [CoordinationView]'),'2;1');
FILE_NAME('house.ifc','2026-01-01T00:00:00',(''),(''),'','','');
FILE_SCHEMA(('IFC4'));
ENDSEC;
DATA;
#1=IFCPROJECT('0AAAAAAAAAAAAAAAAAAAA0',$,'House',$,$,$,$,$,#2);
#2=IFCUNITASSIGNMENT((#3));
#3=IFCSIUNIT(*,.LENGTHUNIT.,$,.METRE.);
"""


def model():
    """One wall per person and one they all share, each with a property set."""
    lines, number = [MODEL_HEAD], 10
    for index, name in enumerate([*NAMES, "all"]):
        wall, single, properties, relation = number, number + 1, number + 2, number + 3
        lines.append(f"#{wall}=IFCWALL('1WALL{index}AAAAAAAAAAAAAAAA',$,'W-{name}',$,$,$,$,$,$);\n"
                     f"#{single}=IFCPROPERTYSINGLEVALUE('Round',$,IFCLABEL('start'),$);\n"
                     f"#{properties}=IFCPROPERTYSET('2PSET{index}AAAAAAAAAAAAAAAA',$,'Pset_Test',$,(#{single}));\n"
                     f"#{relation}=IFCRELDEFINESBYPROPERTIES('3REL{index}AAAAAAAAAAAAAAAAA',$,$,$,(#{wall}),#{properties});\n")
        number += 10
    lines.append("ENDSEC;\nEND-ISO-10303-21;\n")
    return "".join(lines)


def property_line(name):
    return 11 + 10 * [*NAMES, "all"].index(name)


def set_round(text, name, value):
    """As an authoring tool would: the one instance with the value."""
    start = text.index(f"#{property_line(name)}=")
    end = text.index("\n", start)
    return text[:start] + f"#{property_line(name)}=IFCPROPERTYSINGLEVALUE('Round',$,IFCLABEL('{value}'),$);" + text[end:]


class FivePeople(Team):
    def setUp(self):
        super().setUp()
        wall = {"globalId": "3cUkl32yn9qRSPvBJVyWYp", "name": "W-12", "tags": [],
                "properties": {name: {"Shared": "start"} for name in SETS}}
        notes = "# House\n\n" + "".join(f"## {name}\n\nNothing yet.\n\n" for name in NAMES)
        self.team = self.people(*NAMES, files={
            "elements/w/metadata.json": json.dumps(wall, indent=2) + "\n", "notes.md": notes, "house.ifc": model()})
        self.own, self.contested = {}, set()  # What each person wrote last; every value anybody gave to a shared place.

    def work(self, person, number, luck):
        value = f"{person.name}-{number}"
        choice = luck.choice(["own", "own", "shared", "list", "notes", "model", "model-shared"])
        if choice == "own":
            place = (luck.choice(SETS), f"By {person.name}")
            person.edit_json("elements/w/metadata.json", lambda wall: wall["properties"][place[0]].update({place[1]: value}))
            self.own[("json", *place)] = value
        elif choice == "shared":
            place = luck.choice(SETS)
            person.edit_json("elements/w/metadata.json", lambda wall: wall["properties"][place].update(Shared=value))
            self.contested.add(value)
        elif choice == "list":
            person.edit_json("elements/w/metadata.json", lambda wall: wall["tags"].append(value))
            self.own[("tag", value)] = value
        elif choice == "notes":
            text = person.read("notes.md")
            person.write("notes.md", text.replace(f"## {person.name}\n\n", f"## {person.name}\n\nNote {value}.\n\n"))
            self.own[("note", value)] = value
        elif choice == "model":
            person.write("house.ifc", set_round(person.read("house.ifc"), person.name, value))
            self.own[("model", person.name)] = value
        else:
            person.write("house.ifc", set_round(person.read("house.ifc"), "all", value))
            self.contested.add(value)

    def rounds(self, person, luck):
        try:
            for number in range(ROUNDS):
                self.work(person, number, luck)
                person.sync()
        except BaseException as problem:  # Told by the main thread.
            self.problems.append(problem)

    def test_nothing_is_lost(self):
        self.problems = []
        threads = [threading.Thread(target=self.rounds, args=(person, random.Random(seed)))
                   for seed, person in enumerate(self.team)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if self.problems:
            raise self.problems[0]
        self.settle(self.team)
        self.assert_same(self.team)
        ana = self.team[0]
        wall, notes, house = ana.read_json("elements/w/metadata.json"), ana.read("notes.md"), ana.read("house.ifc")
        for (kind, *place), value in self.own.items():
            if kind == "json":
                self.assertEqual(wall["properties"][place[0]].get(place[1]), value)
            elif kind == "tag":
                self.assertEqual(wall["tags"].count(value), 1, wall["tags"])
            elif kind == "note":
                self.assertEqual(notes.count(f"Note {value}."), 1, notes)
            else:
                self.assertIn(f"IFCLABEL('{value}')", house)
        self.check_contested(ana)
        for person in self.team[1:]:
            self.assertEqual(person.records(), ana.records())

    def check_contested(self, ana):
        """Each value was seen and changed by its successor, or it stands, or it is recorded."""
        recorded = json.dumps(list(ana.records().values()), ensure_ascii=False)
        history = ana.git("log", "-p", "-m", "--format=%B", "HEAD").stdout
        standing = ana.read("elements/w/metadata.json") + ana.read("house.ifc")
        for value in self.contested:
            replaced = any(value in line and line.startswith("-") for line in history.splitlines())
            self.assertTrue(value in standing or value in recorded or replaced, value)
        # Of the conflicts some at least must have happened, or nothing was tested.
        self.assertGreater(len(ana.records()), 0)


if __name__ == "__main__":
    main()
