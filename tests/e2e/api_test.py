#!/usr/bin/env python3
"""The hub's API is what docs/api/openapi.yaml says: every route, every answer, and no for all that it does not allow.

Requests are made up from the description by PyPI's schemathesis; the test is skipped where that cannot be had.
"""
import json
import pathlib
import re
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request

try:
    import jsonschema_rs
    import schemathesis  # noqa: F401
    import yaml
except ImportError:
    print("skipped: PyPI's schemathesis is not installed")
    sys.exit(77)

from hub import Desk, HubTest, basic
from people import ENVIRONMENT, LONG, main, run
from small_model import GUIDS, model

ROOT = pathlib.Path(__file__).resolve().parents[2]
DESCRIPTION = yaml.safe_load((ROOT / "docs/api/openapi.yaml").read_text())
OTHER_PROTOCOLS = {"git_routes.cpp", "large_object_routes.cpp", "speckle_routes.cpp"}
ROUTE = re.compile(r'(?<![\w.])(router\.)?add(_events)?\(\s*(?:router, hub, )?(?:"([A-Z]+)",\s*)?"([^"]*)"')
PREFIX = re.compile(r'router\.add\(method, std::string\("([^"]*)"\) \+ path')
HOUSE = "/api/v1/projects/house"
SEED, EXAMPLES = 1, 100 if LONG else 8
# Operations that are asked for by hand: one ends the token that is used, the other never ends.
ALONE = ["signOut", "followEvents"]
# Those that made-up values cannot lead to: they need a secret, a channel, or a forge.
REFUSED = ["setUp", "signIn", "backUp", "testChannel", "receiveDelivery", "listPullRequests",
           "listTeamMembers"]
# Those that may find what is well said impossible (422): no schema knows branches, paths, and how things stand.
JUDGED = {"changeUser", "setMember", "removeMember", "listCommits", "getChanges", "addLock", "askForLock",
          "handLockOver", "openChangeRequest", "approveChangeRequest", "closeChangeRequest"}


def described():
    """{(method, path with {} in it)}"""
    return {(method.upper(), re.sub(r"\{\w+\}", "{}", path)) for path, item in DESCRIPTION["paths"].items()
            for method in item if method != "parameters"}


def registered():
    """The same out of the hub's source text."""
    found = set()
    for source in sorted((ROOT / "src/hub").glob("*_routes.cpp")):
        if source.name in OTHER_PROTOCOLS:
            continue
        text = source.read_text()
        prefix = PREFIX.search(text)
        routes = [(method or "GET", path if absolute else prefix[1] + path)
                  for absolute, _, method, path in ROUTE.findall(text)]
        if not routes:
            raise AssertionError(f"{source}: no route can be read out of it")
        found.update(routes)
    return found


def closed(node):
    """The description with no place for members that it does not name."""
    if isinstance(node, list):
        return [closed(each) for each in node]
    if not isinstance(node, dict):
        return node
    copy = {name: closed(value) for name, value in node.items()}
    if copy.get("type") == "object" and "properties" in copy:
        copy.setdefault("additionalProperties", False)
    return copy


class ApiTest(HubTest):
    """A house that people work on: models, branches, conflicts, locks, change requests, checks, events."""

    def setUp(self):
        super().setUp()
        self.hub.user("ana", "--administrator", "--email", "ana@example.org", scope="admin")
        for login in ("eva", "old"):
            self.hub.user(login)
        self.project(ben="write", eva="read")
        self.hub.admin("project", "add", "shed", "--owner", "ana")
        self.ana = Desk(self.hub, "house", "ana")
        self.first_models()
        self.two_ways()
        self.branches()
        self.locks = [self.lock(kind="element", target=GUIDS["W-1"], elementName="W-1", elementClass="IfcWall"),
                      self.lock(kind="properties", target=GUIDS["W-2"], propertySet="Pset_WallCommon"),
                      self.lock(kind="path", target="models/", reason="re-export"),
                      self.lock("ben", kind="path", target="notes.md"),
                      *(self.lock(kind="path", target=f"old-{i}.md") for i in range(6))]
        self.post(f"{HOUSE}/locks/{self.locks[0]}/request", "ben", {"message": "for the fire rating"}, 200)
        self.requests = [self.request(source) for source in ("idea", "plan", "note", "note", "note", "note")]
        self.post(f"{HOUSE}/change-requests/1/approvals", "ana", {"text": "good"}, 201)
        self.post(f"{HOUSE}/change-requests/2/approvals", "ana", {"verdict": "changes-requested"}, 201)
        self.head = self.ana.git("rev-parse", "origin/idea").stdout.strip()
        self.post(f"{HOUSE}/checks", "ben", {"commit": self.head, "name": "clash", "state": "failed",
                                             "summary": "2 clashes\nin the shaft", "url": "https://ci.example.org/1"})
        self.ask(204, "PUT", f"{HOUSE}/presence", "ben", {"client": "desk", "path": "a.json", "state": "editing"})
        self.used_up = [self.post("/api/v1/tokens", "ana", {"scopes": ["read"]})["token"]["id"] for _ in range(6)]

    def first_models(self):
        self.ana.write("models/house.ifc", model())
        self.ana.commit("models", a_json='{"a": 1, "globalId": "0a"}\n')
        self.ana.push("HEAD:develop")
        self.ben = Desk(self.hub, "house", "ben")

    def two_ways(self):
        for desk, rating in ((self.ana, "REI 90"), (self.ben, "REI 120")):
            desk.write("models/house.ifc", model({"W-1": {"FireRating": rating}}))
            desk.commit(rating, a_json='{"a": "%s", "globalId": "0a"}\n' % rating)
            desk.push()
        self.ana.pull()

    def branches(self):
        for name in ("idea", "plan", "note"):
            self.ana.git("checkout", "-q", "-b", name, "origin/develop")
            self.ana.write(f"{name}.json", '{"name": "%s"}\n' % name)
            self.ana.write("models/house.ifc", model({"W-2": {"Name": name}}, count=3))
            self.ana.commit(name)
            self.ana.push(f"HEAD:refs/heads/{name}")

    def ask(self, status, method, path, token=None, body=None, headers=None):
        found, self.headers, answer = self.hub.ask(method, path, token, body, headers)
        self.assertEqual(found, status, (method, path, answer))
        return answer

    def post(self, path, token, body, status=201):
        return self.ask(status, "POST", path, token, body)

    def lock(self, login="ana", **wish):
        return self.post(f"{HOUSE}/locks", login, wish)["id"]

    def request(self, source):
        wish = {"title": f"The {source}", "text": "See\nthe plan", "source": source}
        return self.post(f"{HOUSE}/change-requests", "ben", wish)["changeRequest"]["number"]

    def fits(self, name, value):
        """Holds a value to a schema of the description."""
        self.hold(value, {"$ref": f"#/components/schemas/{name}"})

    def hold(self, value, schema):
        components = closed(DESCRIPTION["components"])
        jsonschema_rs.Draft202012Validator({**closed(schema), "components": components}).validate(value)

    def house(self, path, query=""):
        """What is answered of the house, held to the description."""
        answer = self.ask(200, "GET", f"{HOUSE}/{path}{query}", "ana")
        operation = DESCRIPTION["paths"]["/api/v1/projects/{project}/" + path]["get"]
        self.hold(answer, operation["responses"]["200"]["content"]["application/json"]["schema"])
        return answer

    # --- what there is

    def test_routes_are_those_described(self):
        self.assertEqual(registered(), described())
        for path, item in DESCRIPTION["paths"].items():
            self.ask(204, "OPTIONS", re.sub(r"\{\w+\}", "1", path))
            allowed = set(self.headers["Allow"].split(", ")) - {"HEAD", "OPTIONS"}
            self.assertEqual(allowed, {method.upper() for method in item if method != "parameters"}, path)

    # --- what no made-up request comes to

    def test_texts_that_are_none_are_refused(self):
        wish = {"kind": "element", "target": "x"}
        for body in (b'{"kind": "element", "target": "a\\u0000b"}', b'{"kind": "element", "target": "\xff\xfe"}',
                     b'{"kind": "element", "target": "\\ud800"}', b'{"kind": "element", "target": "\xed\xa0\x80"}',
                     b'{"kind": "element", "target": 1}', b'{"kind": "element", "target": null}',
                     b'{"kind": "element", "target": "x", "target": "y"}', b'{"kind": "element"', b"[]", b'"x"', b"\xff",
                     b"[" * 100_000, b'{"kind":' * 5000, b'{"kind": "element", "target": "x", "more": 1}',
                     *(json.dumps({**wish, "leaseMinutes": lease}).encode()
                       for lease in (-1, 1.5, 525601, 1 << 63, 1 << 64, -1 << 63, 10 ** 400, "1", [1], True))):
            answer = self.ask(422, "POST", f"{HOUSE}/locks", "ana", body, {"Content-Type": "application/json"})
            self.fits("Problem", answer)
        for target in ("a\x1b[31mb", "a\nb", "a\x7fb", "a\x9bb", "ä" * 1001):
            self.post(f"{HOUSE}/locks", "ana", {**wish, "target": target}, 422)
        self.post(f"{HOUSE}/locks", "ana", {**wish, "target": "\U0001f3e0" * 1000, "leaseMinutes": 60.0})
        for number in ("-1", "+1", "1.0", "1e3", "0x1", " 1", "9007199254740992", "1" * 400, ""):
            self.fits("Problem", self.ask(422, "GET", f"{HOUSE}/events?after={urllib.parse.quote(number)}", "ana"))
        for path in (f"{HOUSE}/events?type=%ff", f"{HOUSE}/events?type=%00", f"{HOUSE}/events?type=%zz",
                     "/api/v1/projects/%ff", "/api/v1/projects/%2e%2e/events", "/api/v1/projects/a%2fb"):
            self.fits("Problem", self.ask(400, "GET", path, "ana"))
        self.ask(413, "POST", f"{HOUSE}/locks", "ana", b" " * (1 << 20) + b"{}", {"Content-Type": "application/json"})
        self.ask(405, "PUT", f"{HOUSE}/locks", "ana", {})
        self.ask(404, "GET", "/api/v1/nothing", "ana")

    def test_forms_of_other_pages_are_refused(self):
        body = json.dumps({"login": "ana", "password": "a long password"}).encode()
        for kind in ("text/plain", "application/x-www-form-urlencoded", "application/json-seq", ""):
            for path in ("/api/v1/session", "/api/v1/setup", "/api/v1/tokens"):
                answer = self.ask(415, "POST", path, "ana", body, {"Content-Type": kind})
                self.fits("Problem", answer)
        self.ask(401, "POST", "/api/v1/session", body=body, headers={"Content-Type": "Application/JSON; charset=utf-8"})

    def test_persons_can_sign_their_commits(self):
        for wish in ({"name": "Eve <eve@x>"}, {"name": "a\nb"}, {"email": "a b@x"}, {"email": "<a@x>"}, {"email": "a"},
                     {"email": "a@b@c"}, {"password": ""}, {"password": "ä" * 9}, {"name": "x" * 201}):
            self.post("/api/v1/users", "ana", {"login": "eve", **wish}, 422)
            self.ask(422, "PATCH", "/api/v1/users/eva", "ana", {"disabled": True, **wish})
        self.assertFalse(self.ask(200, "GET", "/api/v1/users/eva", "ana")["disabled"])
        for login in ("", ".a", "a.", "a..b", "-a", "A", "ä", "a" * 41, "a b"):
            self.post("/api/v1/users", "ana", {"login": login}, 422)
        self.ask(200, "PATCH", "/api/v1/users/eva", "ana", {"password": "ä" * 1000, "email": ""})
        self.post("/api/v1/session", None, {"login": "eva", "password": "ä" * 1000})

    def test_sessions(self):
        self.ask(200, "PATCH", "/api/v1/users/eva", "ana", {"password": "a long password"})
        made = self.post("/api/v1/session", None, {"login": "eva", "password": "a long password"})
        self.fits("NewToken", made)
        cookie = {"Cookie": self.headers["Set-Cookie"].split(";")[0]}
        self.fits("User", self.ask(200, "GET", "/api/v1/user", headers={"Authorization": basic("x", made["secret"])}))
        self.ask(401, "DELETE", "/api/v1/session", headers=cookie)
        self.assertEqual(self.headers.get_all("WWW-Authenticate"), ['Bearer realm="aecos"'])
        self.ask(204, "DELETE", "/api/v1/session", headers={**cookie, "X-Aecos-Csrf": "1"})
        self.assertIn("Max-Age=0", self.headers["Set-Cookie"])
        self.fits("Problem", self.ask(401, "GET", "/api/v1/user", headers=cookie))

    def test_streams(self):
        for path, token, status in ((f"{HOUSE}/stream?after=x", "ana", 422), (f"{HOUSE}/stream", None, 401),
                                    ("/api/v1/projects/none/stream", "ana", 404)):
            self.fits("Problem", self.ask(status, "GET", path, token))
        request = urllib.request.Request(f"{self.hub.url}{HOUSE}/stream?after=0")
        request.add_header("Authorization", "Bearer " + self.hub.tokens["ana"])
        self.ask(204, "PUT", f"{HOUSE}/presence", "ben", {"client": "first"})
        with urllib.request.urlopen(request, timeout=20) as stream:
            self.assertEqual(stream.headers["Content-Type"], "text/event-stream")
            hello = self.next_event(stream)
            self.assertEqual(hello[:2], (None, "hello"))
            self.fits("Hello", hello[2])
            for sequence in range(1, hello[2]["sequence"] + 1):
                number, kind, event = self.next_event(stream)
                self.fits("Event", event)
                self.assertEqual((number, kind, event["data"]["seq"]), (str(sequence), event["type"], sequence))
            for state in ("editing", "gone"):
                self.ask(204, "PUT", f"{HOUSE}/presence", "ben", {"client": "second", "state": state})
                _, kind, news = self.next_event(stream)
                self.fits("PresenceNews", news)
                self.assertEqual((kind, news["state"]), ("presence", state))

    def next_event(self, stream):
        fields = {}
        while line := stream.readline().decode().rstrip("\n"):
            name, _, value = line.partition(": ")
            fields[name] = value
        return fields.get("id"), fields["event"], json.loads(fields["data"])

    def test_operations(self):
        code = (self.folder / "hub.log").read_text().split("/setup#")[1].split()[0]
        wish = {"code": code, "login": "zoe", "password": "a long password"}
        self.fits("Problem", self.post("/api/v1/setup", None, wish, 403))
        done = self.post("/api/v1/operations/backup", self.hub.secret, {"path": str(self.folder / "copy")})
        self.assertEqual(set(done), {"path", "projects", "files", "bytes"})
        made = self.post("/api/v1/projects", "ana", {"name": "barn"})
        self.assertEqual(self.ask(200, "GET", "/api/v1/projects/barn", "ana")["project"], made)
        made = self.ask(200, "PATCH", "/api/v1/projects/barn", "ana", {"title": "Barn"})
        self.assertEqual(self.ask(200, "GET", "/api/v1/projects/barn", "ana")["project"], made)

    def test_the_hubs_own_address_says_how_to_join_and_nothing_of_projects(self):
        with urllib.request.urlopen(self.hub.url + "/") as answer:
            page = answer.read().decode()
            self.assertEqual(answer.headers.get_content_type(), "text/html")
            self.assertIn("default-src 'none'", answer.headers["Content-Security-Policy"])
        self.assertIn(f"<code>git clone {self.hub.url}/house.git", page)
        request = urllib.request.Request(self.hub.url + "/", headers={"Host": "a\"><script>"})
        with self.assertRaises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(request)
        self.assertEqual(refused.exception.code, 400)

    def test_what_people_push_does_not_break_answers(self):
        record = {"id": "c-hand", "path": "a.json", "kind": "both-changed", "chosen": "ours", "branch": 5, "more": [1],
                  "opened": None, "element": "x", "base": 3, "ours": {"value": "v" * 5000}, "because": {"a": 1}}
        self.ana.pull()
        self.ana.write(".aecos/conflicts/c-hand.json", json.dumps(record))
        self.ana.write("notes.md", "# M\xfcll\n".encode("latin-1"))
        self.ana.write("models/house.ifc", model({"W-1": {"Name": "M\xfcll"}}).encode("latin-1"))
        for date in ("@99999999999999 +0000", "@0 +0000"):
            self.ana.git("add", "-A")
            run("env", f"GIT_COMMITTER_DATE={date}", "git", "commit", "-q", "--allow-empty", "-m", date,
                folder=self.ana.folder)
        self.ana.push("HEAD:refs/heads/odd")
        self.ana.push()
        commits = self.house("commits", "?from=odd")["commits"]
        self.assertEqual([commit["time"] for commit in commits[:2]], [None, None])
        self.assertIn("Müll: renamed from W-1", self.house("changes", "?from=note&to=odd")["summary"])
        conflicts = {conflict["id"]: conflict for conflict in self.house("conflicts")["conflicts"]}
        self.assertEqual((conflicts["c-hand"]["branch"], conflicts["c-hand"]["ours"]), ("", {"blob": ""}))
        self.assertGreater(len(conflicts), 1)
        self.house("branches")
        self.house("events", "?limit=1000")

    # --- made-up requests

    def test_answers_are_those_described(self):
        description, settings, report = (self.folder / name for name in ("api.json", "settings.toml", "report.har"))
        description.write_text(json.dumps(self.with_real_examples(closed(DESCRIPTION))))
        settings.write_text(self.settings())
        without = [word for name in ALONE for word in ("--exclude-operation-id", name)]
        done = subprocess.run(
            [sys.executable, "-m", "schemathesis.cli", "--config-file", settings, "run", description, "--url",
             self.hub.url, "--phases", "examples,coverage,fuzzing", "--report-har-path", report, *without],
            cwd=self.folder, env={**ENVIRONMENT, "HOME": str(self.folder), "PYTHONHASHSEED": "0"}, capture_output=True,
            text=True)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assert_all_were_reached(report)
        self.assert_sound()

    def assert_all_were_reached(self, report):
        """A hub that refuses everything would keep to the description too."""
        reached = set()
        for entry in json.loads(report.read_text())["log"]["entries"]:
            if entry["response"]["status"] < 300:
                reached.add((entry["request"]["method"], urllib.parse.urlsplit(entry["request"]["url"]).path))
        for path, item in DESCRIPTION["paths"].items():
            for method, operation in item.items():
                if method == "parameters" or operation["operationId"] in ALONE + REFUSED:
                    continue
                address = re.compile(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(path)))
                self.assertTrue(any(name == method.upper() and address.fullmatch(at) for name, at in reached),
                                f"{method} {path} was never done")

    def names(self, operation):
        """What there is to be asked about, by parameter; what some take away or shut is theirs alone."""
        own = {"changeProject": {"project": ["shed"]}, "handLockOver": {"lock": self.locks[:1]},
               "askForLock": {"lock": self.locks[3:4]}, "releaseLock": {"lock": self.locks[4:]},
               "removeMember": {"login": ["old"]}, "mergeChangeRequest": {"number": self.requests[2:3]},
               "closeChangeRequest": {"number": self.requests[3:]}, "revokeToken": {"id": self.used_up}}
        names = {"project": ["house"] * 3 + ["shed"], "login": ["ben", "eva"], "lock": self.locks[1:3],
                 "number": self.requests[:2], "commit": [self.head], "from": ["develop", self.head],
                 "to": ["idea", self.head],
                 "have": [self.ana.git("rev-parse", "origin/develop~1").stdout.strip()]}
        return {**names, **own.get(operation, {})}

    def with_real_examples(self, description):
        for item in description["paths"].values():
            shared = item.pop("parameters", [])
            for operation in item.values():
                names, parameters = self.names(operation["operationId"]), []
                for parameter in shared + operation.get("parameters", []):
                    if "$ref" in parameter:
                        parameter = description["components"]["parameters"][parameter["$ref"].rsplit("/", 1)[1]]
                    if parameter["name"] in names:
                        parameter = {**parameter, "example": names[parameter["name"]][0]}
                    parameters.append(parameter)
                operation["parameters"] = parameters
        return description

    def settings(self):
        text = f"""
            seed = {SEED}
            warnings = false
            continue-on-failure = true
            auth.openapi.token.bearer = "{self.hub.tokens['ana']}"
            generation = {{ max-examples = {EXAMPLES}, database = "none" }}
            cache.enabled = false
            phases.examples.extra-data-sources.responses = false
            phases.fuzzing.extra-data-sources.responses = false
            phases.coverage.extra-data-sources.responses = false
            phases.coverage.unexpected-methods = ["GET", "PUT", "POST", "DELETE", "PATCH"]
            """
        operations = [(path, operation) for path, item in DESCRIPTION["paths"].items()
                      for method, operation in item.items() if method != "parameters"]
        dictionaries, settings = {}, ""
        for path, operation in operations:
            name = operation["operationId"]
            settings += f'[[operations]]\ninclude-operation-id = "{name}"\n'
            for parameter, values in self.names(name).items():
                place = "path" if f"{{{parameter}}}" in path else "query"
                key = f"{parameter}-{len(dictionaries)}"
                dictionaries[key] = values
                settings += f'parameters."{place}.{parameter}" = {{ dictionary = "{key}", probability = 0.8 }}\n'
            if name in JUDGED:
                settings += "checks.positive_data_acceptance.expected-statuses = "
                settings += '["2xx", 401, 403, 404, 409, 422]\n'
        text += "".join(f"dictionaries.{key}.values = {json.dumps(values)}\n" for key, values in dictionaries.items())
        return text + settings


if __name__ == "__main__":
    main()
