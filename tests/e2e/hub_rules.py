"""A house with rules about who may do what in it, and people who try."""
import contextlib
import hashlib
import json

from hub import Desk, HubTest
from small_model import model, wall_guid

DOOR, MEMBER = "0door00001xxxxxxxxxxxA", "0memb00001xxxxxxxxxxxA"
STRUCTURES = ["IfcBeam", "IfcColumn", "IfcSlab", "IfcWall"]
PEOPLE = {"ana": ["architect"], "ben": ["structural"], "cara": ["bim-coordinator"], "dan": ["bim-coordinator"],
          "eva": ["stakeholder"], "pia": ["bim-coordinator", "structural"]}

ROLES = {
    "version": 1,
    "members": {login: {"roles": roles, "email": f"{login}@example.org"} for login, roles in PEOPLE.items()},
    "teams": {"structural": {"github": "acme/structural"}},
    "roles": {
        "architect": {"may": [{"write": "elements/**"}, {"write": "models/arch/**"}, {"write": "docs/**"},
                              {"write": "studies/**", "branch": "user/**"}],
                      "not": [{"property": "*.LoadBearing"}, {"class": "IfcStructuralMember"},
                              {"write": "docs/contracts/**"}]},
        "structural": {"may": [{"write": "elements/**", "class": STRUCTURES}], "owns": [{"property": "*.LoadBearing"}]},
        "bim-coordinator": {"may": [{"write": "**"}, {"manage": "roles"}, {"manage": "locks"}, {"approve": "main"}]},
        "stakeholder": {"may": [{"read": "**"}, {"comment": "**"}]}},
    "branches": {
        "main": {"protected": True, "through": "change-request", "approvals": 1, "checks": ["clash", "readable"]},
        "develop": {"protected": True, "through": "integration", "checks": ["readable"]},
        "release/**": {"protected": True, "push": ["bim-coordinator"]},
        "user/{member}/**": {"push": ["{member}"]},
        "discipline/{role}/**": {"push": ["{role}"]}},
    "locks": "deny"}


def element(global_id, ifc_class, name, properties=None, **more):
    properties = properties or {"Pset_WallCommon": {"FireRating": "REI 60", "LoadBearing": True}}
    return json.dumps({"globalId": global_id, "class": ifc_class, "name": name, "properties": properties, **more},
                      indent=2) + "\n"


def wall(**values):
    return element(wall_guid(1), "IfcWall", "W-1",
                   {"Pset_WallCommon": {"FireRating": "REI 60", "LoadBearing": True, **values}})


def pointer(content):
    return (f"version https://git-lfs.github.com/spec/v1\noid sha256:{hashlib.sha256(content).hexdigest()}\n"
            f"size {len(content)}\n")


BASE = {
    ".aecos/roles.json": json.dumps(ROLES, indent=2) + "\n",
    "elements/w1/metadata.json": wall(),
    "elements/d1/metadata.json": element(DOOR, "IfcDoor", "D-1", {"Pset_DoorCommon": {"FireRating": "EI 30"}}),
    "elements/m1/metadata.json": element(MEMBER, "IfcStructuralCurveMember", "M-1", {"Pset_X": {"Y": 1}}),
    "models/arch/house.ifc": model(count=3),
    "models/mep/pipes.ifc": model(count=1),
    "docs/readme.md": "# Read me\n",
    "docs/contracts/contract.md": "# Contract\n\n100 EUR\n",
    "studies/a.md": "# A\n",
}


class HouseTest(HubTest):
    """A project with these rules on a hub that all tests of a class share, and desks that begin where it is."""

    @classmethod
    def setUpClass(cls):
        cls.share_hub()
        for login in ("olga", *PEOPLE, "fay", "gus", "hal"):
            cls.hub.user(login, scope="admin" if login == "olga" else "write")
        cls.make("house", hal="read", fay="write")
        cls.desks = {}

    @classmethod
    def make(cls, name, **grants):
        cls.hub.admin("project", "add", name, "--owner", "olga")
        for login, access in grants.items():
            cls.hub.admin("project", "member", name, login, access)
        desk = Desk(cls.hub, name, "olga", f"{name}-first")
        for path, content in BASE.items():
            desk.write(path, content)
        desk.commit("The house")
        desk.push("HEAD:develop")
        desk.git("push", "-q", cls.hub.address(name, "cara"), "HEAD:main")

    def setUp(self):
        self.house = "house"

    def desk(self, login, project="house"):
        """Somebody's clone, as the shared branch is now."""
        known = self.desks.get((login, project))
        if known is None:
            known = self.desks[login, project] = Desk(self.hub, project, login, f"{project}-{login}")
        known.pull()
        return known

    def told(self, **query):
        return self.hub.events(self.house, **query)

    def last(self):
        return self.hub.get(f"/api/v1/projects/{self.house}", self.hub.secret)["project"]["sequence"]

    def allowed(self, desk, *refspecs, **more):
        return desk.push(*refspecs, **more)

    @contextlib.contextmanager
    def nothing_moves(self, login, *because):
        """Whatever is tried in here: no ref moves, and the refusal is told with its reasons."""
        before, last = self.hub.refs(self.house), self.last()
        yield
        after = self.hub.refs(self.house)
        for refs in (before, after):
            refs.pop("refs/aecos/audit", None)  # Where it is told.
        self.assertEqual(after, before)
        told = self.told(after=last)
        self.assertTrue(told, "the refusal was not told")
        for event in told:
            self.assertEqual((event["type"], event["data"]["actor"]), ("push.rejected", login), event)
            self.assertTrue(event["data"]["reasons"])
        reasons = "\n".join(event["data"]["reasons"] for event in told)
        for word in because:
            self.assertIn(word, reasons)

    def refused(self, desk, *refspecs, because=(), force=False):
        because = (because,) if isinstance(because, str) else because
        with self.nothing_moves(desk.login, *because):
            done = desk.push(*refspecs, check=False, force=force)
            self.assert_refused(done, *because)

    def refused_raw(self, login, *commands, because=(), pack=None):
        because = (because,) if isinstance(because, str) else because
        with self.nothing_moves(login, *because):
            status, report = self.hub.push_raw(self.house, login, commands, pack)
            self.assertEqual(status, 200, report)
            self.assertTrue(any(line.startswith("ng ") for line in report), report)

    def kept_out(self, status, method, path, who, body=None, because="", headers=None):
        found, _, answer = self.hub.ask(method, path, who, body, headers)
        self.assertEqual(found, status, answer)
        if found not in (204,):
            self.assertIn(because, answer["detail"] if isinstance(answer, dict) and "detail" in answer else str(answer))
        return answer

    def api(self, path=""):
        return f"/api/v1/projects/{self.house}{path}"
