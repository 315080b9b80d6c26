#!/usr/bin/env python3
"""Who may do what on a hub, with plain git: every kind of rule, and ways round them by what a push has in it and is
called."""
import json

from hub import make_pack, object_id
from hub_rules import BASE, DOOR, HouseTest, MEMBER, element, wall
from people import AECOS, main, run
from small_model import model, wall_guid


class Rules(HouseTest):
    """An allowed and a refused push for each kind of rule."""

    def test_repository(self):
        ana = self.desk("ana")
        ana.commit(**{"docs__note.md": "# Note\n"})
        self.allowed(ana)
        hal = self.desk("hal")  # May read.
        hal.commit(**{"docs__hal.md": "# Note\n"})
        self.assert_refused(hal.push(check=False), "403")
        run("git", "init", "-q", "elsewhere", folder=self.folder)
        for login, word in (("gus", "not found"), ("fay", "403")):  # Unknown here; may write, but has no role.
            done = run("git", "-C", "elsewhere", "push", self.hub.address("house", login), "HEAD:x", folder=self.folder,
                       check=False)
            self.assertNotEqual(done.returncode, 0)
        fay = self.desk("fay")
        fay.commit(**{"docs__fay.md": "# Note\n"})
        self.assert_refused(fay.push(check=False), "403")
        eva = self.desk("eva")
        eva.commit(**{"docs__eva.md": "# Note\n"})
        self.refused(eva, because="eva may not")

    def test_branch(self):
        ana, ben, cara = self.desk("ana"), self.desk("ben"), self.desk("cara")
        self.allowed(ana, "HEAD:refs/heads/user/ana/a", "HEAD:refs/heads/discipline/architect/a")
        self.refused(ben, "HEAD:refs/heads/user/ana/b", because="user/{member}/**")
        self.refused(ben, ":refs/heads/user/ana/a", because="user/{member}/**")
        self.refused(ben, "HEAD:refs/heads/discipline/architect/b", because="discipline/{role}/**")
        self.allowed(cara, "HEAD:refs/heads/release/1")  # A push list.
        self.refused(ana, "HEAD:refs/heads/release/2", because="release/**")
        ana.commit(**{"studies__b.md": "# B\n"})  # Only on branches of one's own.
        self.allowed(ana, "HEAD:refs/heads/user/ana/study")
        self.refused(ana, because="studies/b.md")

    def test_path(self):
        ana = self.desk("ana")
        ana.commit(**{"models__arch__x.md": "# X\n"})
        self.allowed(ana)
        ana.commit(**{"models__mep__x.md": "# X\n"})
        self.refused(ana, because="models/mep/x.md")

    def test_class(self):
        ben = self.desk("ben")
        ben.write("elements/w1/metadata.json", wall(FireRating="REI 90"))
        ben.commit()
        self.allowed(ben)
        ben.write("elements/d1/metadata.json", element(DOOR, "IfcDoor", "D-9"))
        ben.commit()
        self.refused(ben, because="may not change Name of D-")

    def test_property_and_owns(self):
        ana, ben, cara = self.desk("ana"), self.desk("ben"), self.desk("cara")
        ana.write("models/arch/house.ifc", model({"W-1": {"FireRating": "REI 90"}}, count=3))
        ana.commit()
        self.allowed(ana)
        for desk in (ana, cara):
            desk.pull()
            desk.write("models/arch/house.ifc", model({"W-1": {"FireRating": "REI 90", "LoadBearing": ".F."}}, count=3))
            desk.commit()
            self.refused(desk, because=("LoadBearing", "W-1", "structural"))
        ben.pull()
        ben.write("models/arch/house.ifc", model({"W-1": {"FireRating": "REI 90", "LoadBearing": ".F."}}, count=3))
        ben.commit()
        self.allowed(ben)

    def test_not(self):
        ana = self.desk("ana")
        ana.commit(**{"docs__contract.md": "# C\n"})
        self.allowed(ana)
        ana.commit(**{"docs__contracts__contract.md": "# C\n"})
        self.refused(ana, because="docs/contracts/contract.md")
        ana.pull()
        ana.write("elements/m1/metadata.json", element(MEMBER, "IfcStructuralCurveMember", "M-2"))
        ana.commit()
        self.refused(ana, because="may not change Name of M-")

    def test_through_approvals_and_checks(self):
        ana = self.desk("ana")
        commit = ana.build({"docs/approved.md": "# A\n"}, ["origin/main"])
        self.refused(ana, f"{commit}:main", because="change requests only")
        self.refused(ana, f"{commit}:refs/for/main", because="change requests only")
        self.allowed(ana, f"{commit}:refs/for/develop", f"{commit}:refs/heads/user/ana/approved")
        path = self.api("/change-requests")
        wish = {"title": "Approve me", "source": "user/ana/approved", "target": "main"}
        number = self.hub.ask("POST", path, "ana", wish)[2]["changeRequest"]["number"]
        self.kept_out(403, "POST", f"{path}/{number}/merge", "ana", {}, "1 more approval")
        self.kept_out(403, "POST", f"{path}/{number}/approvals", "ben", {}, "may not approve")
        self.assertEqual(self.hub.ask("POST", f"{path}/{number}/approvals", "cara", {})[0], 201)
        self.kept_out(403, "POST", f"{path}/{number}/merge", "ana", {}, "check clash")
        for state, status in (("failed", 403), ("passed", 200)):
            check = {"commit": commit, "name": "clash", "state": state}
            self.assertEqual(self.hub.ask("POST", self.api("/checks"), "olga", check)[0], 201)
            found, _, answer = self.hub.ask("POST", f"{path}/{number}/merge", "ana", {})
            self.assertEqual(found, status, answer)
        ana.commit(**{"docs__broken.json": "{"})
        self.refused(ana, because="check readable: docs/broken.json")

    def test_locks(self):
        ana, cara = self.desk("ana"), self.desk("cara")
        for kind, target, more in (("path", "docs/readme.md", {}), ("element", wall_guid(2), {}),
                                   ("properties", wall_guid(3), {"propertySet": "Pset_WallCommon"})):
            wish = {"kind": kind, "target": target, "reason": "busy", **more}
            status, _, lock = self.hub.ask("POST", self.api("/locks"), "cara", wish)
            self.assertEqual(status, 201)
            self.addCleanup(self.hub.ask, "DELETE", self.api(f"/locks/{lock['id']}"), "cara")
        ana.commit(**{"docs__readme.md": "# Mine\n"})
        self.refused(ana, because="locked by cara (busy)")
        for name in ("W-2", "W-3"):
            ana.pull()
            content = (ana.folder / "models/arch/house.ifc").read_text()
            number = int(name[2:])
            at = content.index(wall_guid(number))
            at = content.index("REI 60", at)
            ana.write("models/arch/house.ifc", content[:at] + "REI 30" + content[at + 6:])
            ana.commit()
            self.refused(ana, because="locked by cara (busy)")
        cara.commit(**{"docs__readme.md": "# Locked\n"})
        self.allowed(cara)

    def test_manage(self):
        ana, cara = self.desk("ana"), self.desk("cara")
        roles = json.loads((ana.folder / ".aecos/roles.json").read_text())
        roles["members"]["ina"] = {"roles": ["stakeholder"]}
        for desk, may in ((ana, False), (cara, True)):
            desk.write(".aecos/roles.json", json.dumps(roles, indent=2) + "\n")
            desk.commit("roles")
            if may:
                self.allowed(desk)
            else:
                self.refused(desk, because="ask who may manage roles")
        lock = self.hub.ask("POST", self.api("/locks"), "ben", {"kind": "path", "target": "docs/x"})[2]["id"]
        self.kept_out(403, "DELETE", self.api(f"/locks/{lock}?force=true"), "ana", because="may not break the lock")
        self.assertEqual(self.hub.ask("DELETE", self.api(f"/locks/{lock}?force=true"), "cara")[0], 200)


class ByContent(HouseTest):
    """What a push carries."""

    def test_renaming_out_of_and_into_rules(self):
        moves = (("docs/contracts/contract.md", "docs/contract.md", "contract.md"),
                 ("docs/readme.md", "docs/contracts/readme.md", "readme.md"),
                 ("models/mep/pipes.ifc", "models/arch/pipes.ifc", "pipes.ifc"),
                 ("models/arch/house.ifc", "models/mep/house.ifc", "house.ifc"),
                 ("models/arch/house.ifc", "docs/house.txt", "house.txt"),
                 ("models/arch/house.ifc", "models/arch/house.IFCZIP", "house.IFCZIP"),
                 ("elements/m1/metadata.json", "docs/m1.json", "m1"),
                 (".aecos/roles.json", "docs/roles.json", "roles.json"))
        for before, after, word in moves:
            with self.subTest(before=before, after=after):
                ana = self.desk("ana")
                commit = ana.build({before: None, after: BASE[before]})
                self.refused(ana, f"{commit}:refs/for/develop", because=word)

    def test_renaming_twice_with_a_change_in_between(self):
        ana = self.desk("ana")
        out = ana.build({"elements/w1/metadata.json": None, "docs/w1.txt": wall()})
        edited = ana.build({"docs/w1.txt": wall(LoadBearing=False)}, [out])
        back = ana.build({"docs/w1.txt": None, "elements/w1/metadata.json": wall(LoadBearing=False)}, [edited])
        for commit in (out, edited, back):
            self.refused(ana, f"{commit}:refs/for/develop")

    def test_one_property_hidden_in_a_re_export(self):
        ana = self.desk("ana")
        run(AECOS, "sample", "house.ifc", "--storeys", "6", folder=ana.folder)
        house = (ana.folder / "house.ifc").read_text()
        (ana.folder / "house.ifc").unlink()
        pia = self.desk("pia")  # Who may draw load-bearing walls.
        pia.write("models/arch/big.ifc", house)
        pia.commit("A big model")
        self.allowed(pia)
        ana = self.desk("ana")
        place = house.index("IFCBOOLEAN(.T.)", house.index("'LoadBearing'", len(house) // 2))
        changed = house[:place] + "IFCBOOLEAN(.F.)" + house[place + len("IFCBOOLEAN(.T.)"):]
        for name, content in (("plain", house), ("hidden", changed)):
            ana.write("from.ifc", content)
            run(AECOS, "sample", f"{name}.ifc", "--from", "from.ifc", "--re-export", "--seed", "5", folder=ana.folder)
        files = {name: (ana.folder / f"{name}.ifc").read_text() for name in ("plain", "hidden")}
        run(AECOS, "normalise", "hidden.ifc", "--against", "models/arch/big.ifc", "-o", "quiet.ifc", folder=ana.folder)
        files["quiet"] = (ana.folder / "quiet.ifc").read_text()
        lines = set(house.splitlines())
        self.assertGreater(sum(line not in lines for line in files["hidden"].splitlines()), 3000)
        for name in ("hidden", "quiet"):
            commit = ana.build({"models/arch/big.ifc": files[name]})
            self.refused(ana, f"{commit}:refs/for/develop", because="LoadBearing")
        self.allowed(ana, f"{ana.build({'models/arch/big.ifc': files['plain']})}:refs/for/develop")

    def test_a_property_set_goes_and_comes_again(self):
        ana = self.desk("ana")
        without = element(wall_guid(1), "IfcWall", "W-1", {"Other": {}})
        gone = ana.build({"elements/w1/metadata.json": without})
        self.refused(ana, f"{gone}:refs/for/develop", because="LoadBearing")
        again = ana.build({"elements/w1/metadata.json": wall(LoadBearing=False)}, [gone])
        self.refused(ana, f"{again}:refs/for/develop", because="LoadBearing")
        removed = ana.build({"elements/w1/metadata.json": None})
        self.refused(ana, f"{removed}:refs/for/develop", because="LoadBearing")
        self.refused(ana, f"{ana.build({'elements/w1/metadata.json': wall(LoadBearing=None)}, [removed])}"
                          ":refs/for/develop", because="LoadBearing")

    def test_the_same_property_in_other_words(self):
        house = (self.desk("ana").folder / "models/arch/house.ifc").read_text()
        first = house.index("'LoadBearing'")

        def swapped(old, new, start=first - 60):
            at = house.index(old, start)
            return house[:at] + new + house[at + len(old):]

        pset = "'Pset_WallCommon'"
        tries = {
            "the value, in other digits": swapped("IFCBOOLEAN(.T.)", "IFCLOGICAL(.F.)"),
            "the name in another case": swapped("'LoadBearing'", "'loadbearing'"),
            "the name with escapes": swapped("'LoadBearing'", "'\\X2\\004C\\X0\\oadBearing'").replace(
                "IFCBOOLEAN(.T.)", "IFCBOOLEAN(.F.)", 1),
            "the set's name": swapped(pset, "'Pset_Wall'", 0),
            "the set without it": "\n".join(line for line in house.splitlines() if "'LoadBearing'" not in line) + "\n",
            "no set at all": "\n".join(line for line in house.splitlines() if "IFCRELDEFINES" not in line) + "\n",
            "another wall in its place": house.replace(wall_guid(1), wall_guid(77)).replace(
                "IFCBOOLEAN(.T.)", "IFCBOOLEAN(.F.)", 1),
            "not readable": house[:-40],
            "nothing": "",
        }
        for what, content in tries.items():
            with self.subTest(what):
                self.assertNotEqual(content, house)
                ana = self.desk("ana")
                self.refused(ana, f"{ana.build({'models/arch/house.ifc': content})}:refs/for/develop")

    def test_crafted_histories(self):
        ana = self.desk("ana")
        base = ana.head()
        evil = {"elements/w1/metadata.json": wall(LoadBearing=False)}
        side = ana.build({"docs/side.md": "# S\n"})
        other = ana.build({"docs/other.md": "# O\n"})
        merge = ana.build(evil, [base, side], "Merge branch 'side'")
        octopus = ana.build(evil, [base, side, other], "Merge branches")
        swapped = ana.build(evil, [side, base], "Merge branch 'develop'")
        for commit in (merge, octopus, swapped):
            self.refused(ana, f"{commit}:refs/for/develop", because="LoadBearing")
            self.refused(ana, f"{commit}:refs/heads/user/ana/merge", because="LoadBearing")
        # A history of its own says nothing new of what others have said: it is recorded, and stays as it is.
        unrelated = ana.build({**BASE, **evil}, [])
        self.refused(ana, f"{unrelated}:refs/heads/user/ana/merge", because="LoadBearing")
        unrelated = ana.build({"docs/contracts/second.md": "# Mine\n"}, [])
        self.refused(ana, f"{unrelated}:refs/for/develop", because="second.md")
        unrelated = ana.build(evil, [])
        self.assertIn("conflict was recorded", self.allowed(ana, f"{unrelated}:refs/for/develop").stderr)
        ana.pull()
        self.assertIn('"LoadBearing": true', (ana.folder / "elements/w1/metadata.json").read_text())
        for record in (ana.folder / ".aecos/conflicts").glob("*.json"):
            record.unlink()
        self.assertTrue(ana.commit("Settled"))
        self.allowed(ana)

    def test_what_others_did_meanwhile_is_not_taken_back(self):
        ben = self.desk("ben")
        old = ben.head()
        ben.write("elements/w1/metadata.json", wall(LoadBearing=False))
        ben.commit("Not load-bearing any more")
        self.allowed(ben)
        ana = self.desk("ana")
        was = run("git", "show", f"{old}:elements/w1/metadata.json", folder=ana.folder).stdout
        # The old tree, as a merge of both; as a step; as a revert.
        for parents in ([ana.head(), old], [old, ana.head()], [ana.head()]):
            commit = ana.build({"elements/w1/metadata.json": was, "docs/new.md": "# N\n"}, parents)
            self.refused(ana, f"{commit}:refs/for/develop", because="LoadBearing")
        # Work on the old version leaves it alone.
        self.allowed(ana, f"{ana.build({'docs/late.md': '# L' + chr(10)}, [old])}:refs/for/develop")
        ana.pull()
        self.assertIn('"LoadBearing": false', (ana.folder / "elements/w1/metadata.json").read_text())

    def test_a_push_that_says_it_is_late_is_judged(self):
        ana = self.desk("ana")
        old = ana.head("HEAD~1") if ana.git("rev-list", "--count", "HEAD").stdout != "1\n" else None
        if old is None:
            ana.commit(**{"docs__step.md": "# S\n"})
            self.allowed(ana)
            ana.pull()
            old = ana.head("HEAD~1")
        evil = ana.build({"docs/contracts/contract.md": "# Mine\n"}, [old])
        self.refused_raw("ana", (old, evil, "refs/heads/develop"), pack=ana.pack(evil, f"^{old}"), because="contract.md")

    def test_history_that_was_forbidden_at_a_branch_of_ones_own(self):
        ana = self.desk("ana")
        # Forth and back again changes nothing, and may be in the history; what comes of it may not be forth.
        forth = ana.build({"docs/contracts/contract.md": "# Mine\n"})
        back = ana.build({"docs/contracts/contract.md": BASE["docs/contracts/contract.md"]}, [forth])
        self.refused(ana, f"{forth}:refs/for/develop", because="contract.md")
        self.allowed(ana, f"{back}:refs/for/develop")
        self.allowed(ana, f"{forth}:refs/heads/user/ana/forth")
        again = ana.build({"docs/again.md": "# A\n"}, [forth])
        self.allowed(ana, f"{again}:refs/for/develop")
        self.assertEqual(self.desk("ben").git("show", "HEAD:docs/contracts/contract.md").stdout,
                         BASE["docs/contracts/contract.md"])

    def test_links_and_other_repositories(self):
        ana = self.desk("ana")
        head = ana.head()
        tries = {
            "out of the project": {"docs/link": ("120000", "../../../../etc/passwd")},
            "an absolute one": {"models/arch/link.ifc": ("120000", "/etc/passwd")},
            "to the rules": {"docs/link.json": ("120000", "../.aecos/roles.json")},
            "a folder of links": {"docs/contracts": None, "docs/contracts2": ("120000", "contracts")},
            "in place of a model": {"models/arch/house.ifc": ("120000", "../mep/pipes.ifc")},
            "in place of what an element is": {"elements/w1/metadata.json": ("120000", "../d1/metadata.json")},
            "another repository": {"docs/sub": ("160000", head)},
            "another repository for a model": {"models/arch/house.ifc": ("160000", head)},
            "by its mode alone": {"docs/readme.md": ("120000", "# Read me\n")},
            "which is named": {".gitmodules": '[submodule "x"]\n\tpath = docs/sub\n\turl = ../x\n'},
        }
        for what, changes in tries.items():
            with self.subTest(what):
                self.refused(ana, f"{ana.build(changes)}:refs/for/develop")
                self.refused(ana, f"{ana.build(changes)}:refs/heads/user/ana/link")

    def test_what_a_merge_records_is_not_for_others_to_write(self):
        cara, ana = self.desk("cara"), self.desk("ana")
        old = cara.head()
        name = "elements/d1/metadata.json"
        was = json.loads((cara.folder / name).read_text())
        for rating, desk in (("EI 60", cara), ("EI 90", ana)):
            was["properties"]["Pset_DoorCommon"]["FireRating"] = rating
            mine = {name: json.dumps(was, indent=2) + "\n"}
            if desk is cara:
                self.allowed(cara, f"{cara.build(mine, [old])}:refs/for/develop")
                continue
            for path, content in ((".aecos/conflicts/values/x", ("120000", "../../../../etc")),
                                  (".aecos/conflicts/values/deep/x", "evil"), (".aecos/conflicts/x.txt", "evil")):
                with self.subTest(path):
                    commit = ana.build({**mine, path: content}, [old])
                    self.refused(ana, f"{commit}:refs/for/develop", because=".aecos/conflicts")
            done = self.allowed(ana, f"{ana.build(mine, [old])}:refs/for/develop")
            self.assertIn("conflict was recorded", done.stderr)

    def test_many_files_at_once(self):
        ana = self.desk("ana")
        many = {f"elements/many-{n}/metadata.json": element(wall_guid(1000 + n), "IfcWall", f"M-{n}",
                                                        {"Pset_WallCommon": {"FireRating": "REI 60"}})
                for n in range(1200)}
        evil = {"elements/many-777/metadata.json": element(wall_guid(1777), "IfcWall", "M-777",
                                                       {"Pset_WallCommon": {"LoadBearing": False}})}
        self.refused(ana, f"{ana.build({**many, **evil})}:refs/for/develop", because="LoadBearing of M-777")
        self.allowed(ana, f"{ana.build(many)}:refs/for/develop")

    def test_settings_for_git_that_others_would_take(self):
        url = '[submodule "x"]\n\tpath = sub\n\turl = --upload-pack=touch,x\n'
        tries = {
            "filters": {".gitattributes": "*.ifc filter=evil\n"},
            "a server for large files": {".lfsconfig": "[lfs]\n\turl = http://evil.example\n"},
            "what is not seen": {".gitignore": ".aecos/\n"},
            "a repository that is an option": {".gitmodules": url},
            "a name that leaves": {".gitmodules": '[submodule "../../x"]\n\tpath = s\n\turl = x\n'},
            "as a link": {".gitmodules": ("120000", "docs/readme.md")},
        }
        for what, changes in tries.items():
            with self.subTest(what):
                ana = self.desk("ana")
                self.refused(ana, f"{ana.build(changes)}:refs/for/develop")
        cara = self.desk("cara")  # Whoever may write all may not write that.
        for what in ("a repository that is an option", "a name that leaves", "as a link"):
            with self.subTest(what):
                self.refused(cara, f"{cara.build(tries[what])}:refs/for/develop", because="pack was refused")


class ByName(HouseTest):
    """Names of files and refs."""

    def test_paths_that_look_alike(self):
        roles = BASE[".aecos/roles.json"]
        names = (".AECOS/roles.json", ".Aecos/roles.json", ".aecos./roles.json", ".aecos /roles.json",
                 ".aecos\u200c/roles.json", ".aecos/roles.json.", ".aecos/Roles.json", ".aecos/roles.json/x",
                 ".aeco\u017f/roles.json", "AECOS~1/roles.json", "docs\\contracts\\contract.md", "Docs/contracts/x.md",
                 "docs/Contracts/x.md", "docs/contracts./x.md", "docs/contracts /x.md", "docs/con\u200dtracts/x.md",
                 "docs/\u0441ontracts/x.md", "docs/CONTRA~1/x.md", "docs/cafe\u0301.md", "docs/x.md:stream", "docs/nul",
                 "docs/\uff0e\uff0e/x.md", "docs/a\u202e.md", "elements/w1/Metadata.json", "docs/.GITATTRIBUTES")
        cara = self.desk("cara")  # May write everything.
        for name in names:
            with self.subTest(name):
                self.refused(cara, f"{cara.build({name: roles})}:refs/for/develop")

    def test_trees_that_no_git_makes(self):
        ana = self.desk("ana")
        blob = object_id("blob", b"x")
        raw = bytes.fromhex(blob)
        inner = object_id("tree", b"100644 x\0" + raw)

        def entry(mode, name, target=blob):
            return f"{mode} ".encode() + name + b"\0" + bytes.fromhex(target)

        docs = ana.git("rev-parse", "HEAD:docs").stdout.strip()
        trees = {
            "git's folder": entry("40000", b".git", inner),
            "git's folder in capitals": entry("40000", b".GIT", inner),
            "git's folder for Windows": entry("40000", b"git~1", inner),
            "git's folder for macOS": entry("40000", ".g\u200cit".encode(), inner),
            "up": entry("40000", b"..", inner),
            "here": entry("40000", b".", inner),
            "with a slash": entry("100644", b"docs/contracts/contract.md"),
            "without a name": entry("100644", b""),
            "twice": entry("40000", b"docs", docs) + entry("40000", b"docs", inner),
            "a file and a folder": entry("100644", b"docs") + entry("40000", b"docs", docs),
            "not in order": entry("100644", b"z") + entry("100644", b"a"),
            "not UTF-8": entry("100644", b"\xff\xfe"),
            "a link with a newline": entry("100644", b"a\nb"),
        }
        for what, content in trees.items():
            with self.subTest(what):
                tree = object_id("tree", content)
                commit = (f"tree {tree}\nparent {ana.head()}\nauthor A <a@x> 1 +0000\ncommitter A <a@x> 1 +0000\n\n"
                          f"{what}\n").encode()
                pack = make_pack(("tree", content), ("commit", commit), ("blob", b"x"), ("tree", b"100644 x\0" + raw))
                with self.nothing_moves("ana"):
                    status, report = self.hub.push_raw("house", "ana", [
                        (None, object_id("commit", commit), "refs/heads/user/ana/x")], pack)
                    self.assertEqual(status, 200)
                    self.assertIn("ng refs/heads/user/ana/x", "\n".join(report))

    def test_refs_that_are_not_for_pushing(self):
        ana = self.desk("ana")
        head = ana.head()
        ana.commit(**{"docs__x.md": "# X\n"})
        long = "n" * 240
        refs = {"refs/heads/refs/for/x": "another name", "refs/heads/refs/heads/develop": "another name",
                "refs/for/nowhere": "no branch nowhere", "refs/for/main": "change requests only",
                "refs/for/refs/heads/develop": "no branch", "refs/for/user/ben/x": "no branch",
                "refs/heads/Develop": "", "refs/heads/MAIN": "", "refs/for/Develop": "no branch",
                "refs/heads/HEAD": "", "refs/heads/head": "", "refs/aecos/audit": "nothing else",
                "refs/aecos/other": "nothing else", "refs/AECOS/audit": "", f"refs/replace/{head}": "nothing else",
                "refs/notes/commits": "nothing else", "refs/stash": "nothing else", "refs/pull/1/head": "nothing else",
                "refs/remotes/origin/develop": "nothing else", "refs/heads/user/Ben/x": "",
                "refs/heads/User/ana/x": "", "refs/heads/dev\u200belop": "", "refs/heads/d\u0435velop": "",
                "refs/heads/user/ben": "", "refs/heads/user": "", "refs/heads/discipline": "",
                "refs/heads/release": "", "refs/heads/discipline/structural": "",
                f"refs/heads/user/ana/{'/'.join([long] * 4)}": "", f"refs/heads/user/ana/{'n' * 300}": "",
                "refs/heads/develop/x": "", "refs/heads/user/ana/con": "", "refs/tags/a\u200bb": ""}
        for ref, word in refs.items():
            with self.subTest(ref):
                self.refused(ana, f"HEAD:{ref}", because=word)

    def test_names_that_no_ref_can_have(self):
        ana = self.desk("ana")
        head = ana.head()
        names = ("HEAD", "refs/heads/a..b", "refs/heads/x.lock", "refs/heads/../../config", "refs/heads//x",
                 "refs/heads/.x", "refs/heads/x@{1}", "refs/heads/-x", "refs/heads/a b", "refs/heads/a\x01",
                 "FETCH_HEAD", "refs/heads/" + "n" * 1100, "refs/heads/x\\y", "/refs/heads/x", "refs/heads/x/")
        for name in names:
            with self.subTest(name[:40]):
                before = self.hub.refs("house")
                status, report = self.hub.push_raw("house", "ana", [(None, head, name)])
                self.assertTrue(status in (400, 403, 422) or any(line.startswith("ng ") for line in report), report)
                self.assertEqual(self.hub.refs("house"), before)

    def test_forcing_and_deleting(self):
        ana, cara = self.desk("ana"), self.desk("cara")
        cara.commit(**{"docs__step.md": "# Step\n"})
        self.allowed(cara)
        self.allowed(cara, "HEAD:refs/tags/v1", "HEAD:refs/heads/release/9")
        for desk in (self.desk("ana"), self.desk("cara")):
            old, head = desk.head("HEAD~1"), desk.head()
            self.refused(desk, f"{old}:develop", force=True, because="develop")
            self.refused(desk, f"{desk.build({'docs/f.md': 'f'}, [])}:main", force=True)
            self.refused(desk, ":develop", because="develop")
            self.refused(desk, ":main", because="main")
            self.refused(desk, ":refs/heads/release/9", because="release/9")
            self.refused(desk, f"{old}:refs/tags/v1", force=True, because="tags stay")
            self.refused(desk, ":refs/tags/v1", because="tags stay")
            self.refused_raw(desk.login, (None, None, "refs/tags/v1"))
            self.refused_raw(desk.login, (None, old, "refs/tags/v1"))
            self.refused_raw(desk.login, (None, None, "refs/heads/develop"))
            self.refused_raw(desk.login, (old, None, "refs/heads/develop"))
            self.refused_raw(desk.login, (None, old, "refs/heads/release/9"))
            self.refused_raw(desk.login, (head, "1" * 40, "refs/heads/user/ana/nothing"))
            self.refused_raw(desk.login, (None, "1" * 40, "refs/tags/nothing"))
        self.refused(ana, "HEAD~1:refs/heads/release/9", force=True, because="release/9")

    def test_who_may_write_nothing_moves_nothing(self):
        ana, eva = self.desk("ana"), self.desk("eva")
        self.allowed(ana, "HEAD:refs/heads/idea")
        for refspec in (":refs/heads/idea", "HEAD:refs/heads/eva", "HEAD:refs/heads/user/eva/x", "HEAD:refs/tags/eva",
                        f"+{eva.build({}, [])}:refs/heads/idea"):
            with self.subTest(refspec):
                self.refused(eva, refspec, because="eva")

    def test_tags_bring_nothing_in(self):
        ana = self.desk("ana")
        evil = ana.build({"docs/contracts/contract.md": "# Mine\n"})
        blob = ana.git("hash-object", "-w", "--stdin", input="x").stdout.strip()
        ana.git("tag", "-f", "-a", "-m", "evil", "evil", evil)
        for thing in (evil, "refs/tags/evil", blob, f"{evil}^{{tree}}"):
            with self.subTest(thing):
                self.refused(ana, f"{thing}:refs/tags/x", because="tag")
        ana.git("tag", "-f", "-a", "-m", "good", "good", "origin/develop")
        self.allowed(ana, "refs/tags/good", "origin/develop:refs/tags/plain")

    def test_one_ref_twice_in_one_push(self):
        ana = self.desk("ana")
        x = ana.build({"docs/x.md": "# X\n"})
        y = ana.build({"docs/y.md": "# Y\n"}, [x])
        evil = ana.build({"docs/contracts/contract.md": "# Mine\n"}, [x])
        self.allowed(ana, f"{y}:refs/heads/user/ana/twice")
        ref = "refs/heads/user/ana/twice"
        before = self.hub.refs("house")
        # Back to x as one may, and then on from x: as if somebody had been faster.
        status, report = self.hub.push_raw("house", "ana", [(y, x, ref), (x, evil, ref)], ana.pack(evil, f"^{x}"))
        self.assertTrue(status == 400 or any(line.startswith("ng ") for line in report), report)
        self.assertEqual(self.hub.refs("house")[ref], before[ref])
        self.allowed(ana, f":{ref}")

    def test_two_refs_that_differ_by_case_in_one_push(self):
        ana = self.desk("ana")
        done = ana.push("HEAD:refs/heads/user/ana/case", "HEAD:refs/heads/user/ana/Case", check=False)
        self.assert_refused(done, "only by case")


if __name__ == "__main__":
    main()
