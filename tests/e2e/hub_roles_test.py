#!/usr/bin/env python3
"""Ways round the rules of a hub by way of the rules themselves, the API, tokens and locks."""
import base64
import hashlib
import json
import random
import socket
import sqlite3
import time
import urllib.parse

from hub import NONE, packet
from hub_rules import BASE, HouseTest, pointer, wall
from people import main, run
from small_model import model


class ByRoles(HouseTest):
    """roles.json itself."""

    def edit(self, desk, change):
        roles = json.loads((desk.folder / ".aecos/roles.json").read_text())
        change(roles)
        return json.dumps(roles, indent=2) + "\n"

    def test_giving_oneself_a_role(self):
        ana = self.desk("ana")
        mine = self.edit(ana, lambda roles: roles["members"]["ana"]["roles"].append("bim-coordinator"))
        commit = ana.build({".aecos/roles.json": mine})
        with_more = ana.build({"docs/contracts/contract.md": "# Mine\n"}, [commit])
        for target in ("refs/for/develop", "develop", "refs/heads/user/ana/roles", "refs/heads/free"):
            for one in (commit, with_more):
                self.refused(ana, f"{one}:{target}", because="ask who may manage roles")
        self.refused(ana, f"{ana.build({'.aecos/roles.json': mine}, [])}:refs/for/develop")
        open_all = self.edit(ana, lambda roles: roles["roles"]["architect"].update({"may": [{"write": "**"}]}))
        self.refused(ana, f"{ana.build({'.aecos/roles.json': open_all})}:refs/for/develop")
        self.refused(ana, f"{ana.build({'.aecos/roles.json': None})}:refs/for/develop")

    def test_roles_that_cannot_be(self):
        cara = self.desk("cara")
        good = (cara.folder / ".aecos/roles.json").read_text()
        last = self.edit(cara, lambda roles: [roles["members"].pop(name) for name in ("cara", "dan", "pia")])
        nobody = self.edit(cara, lambda roles: roles["roles"]["bim-coordinator"]["may"].remove({"manage": "roles"}))
        tries = {
            "no manager": last, "a role that manages nothing": nobody, "no JSON": good[:-20], "empty": "", "a list": "[]",
            "duplicate keys": good.replace('"members": {', '"members": {"cara": {"roles": []}, ', 1),
            "twice the members": good.replace("{", '{"members": {},', 1),
            "a typing mistake": good.replace('"not"', '"nto"', 1),
            "an unknown role": good.replace('"architect"', '"archtect"', 1),
            "a look-alike member": good.replace('"members": {', '"members": {"\u0441ara": {"roles": []}, ', 1),
            "not UTF-8": good.encode()[:-3] + b"\xff" + good.encode()[-3:],
            "a later version": good.replace('"version": 1', '"version": 2', 1),
            "a link": ("120000", "../docs/roles.json"),
            "a large file elsewhere": pointer(good.encode()),
            "a folder": None,
        }
        for what, content in tries.items():
            with self.subTest(what):
                changes = {".aecos/roles.json": content}
                if what == "a folder":
                    changes = {".aecos/roles.json": None, ".aecos/roles.json/x": "x"}
                self.refused(cara, f"{cara.build(changes)}:refs/for/develop", because="roles.json")
        for what, changes in (("linked", {**dict.fromkeys(BASE, None), ".aecos": ("120000", "docs")}),
                              ("removed", {".aecos/roles.json": None}),
                              ("another repository", {".aecos": ("160000", cara.head())})):
            with self.subTest(what):
                self.refused(cara, f"{cara.build(changes)}:refs/for/develop")

    def test_who_manages_the_project_changes_the_roles_and_nothing_else(self):
        olga = self.desk("olga")
        roles = self.edit(olga, lambda roles: roles["members"].update(olga={"roles": ["stakeholder"]}))
        both = olga.build({".aecos/roles.json": roles, "docs/contracts/contract.md": "# Mine\n"})
        self.refused(olga, f"{both}:refs/for/develop", because="contract.md")
        self.allowed(olga, f"{olga.build({'.aecos/roles.json': roles})}:refs/for/develop")

    def test_roles_that_cannot_be_read_open_nothing(self):
        self.house = "odd"
        self.make("odd", fay="write", gus="write")
        # As an earlier hub took them, or somebody put them there by hand.
        olga = self.desk("olga", "odd")
        commit = olga.build({".aecos/roles.json": "{}x"})
        repository = self.hub.data / "repositories/odd.git"
        (repository / "mine.pack").write_bytes(olga.pack(commit, "^HEAD"))
        with open(repository / "mine.pack", "rb") as pack:
            run("git", "unpack-objects", "-q", folder=repository, stdin=pack)
        run("git", "update-ref", "refs/heads/develop", commit, folder=repository)
        for login in ("fay", "ana", "cara"):
            status, report = self.hub.push_raw("odd", login, [(None, commit, f"refs/heads/user/{login}/x")])
            self.assertIn(status, (403, 404), report)
        self.assertIn("roles.json", self.hub.get("/api/v1/projects/odd", "olga")["rolesFault"])
        self.allowed(olga, f"{olga.build({'.aecos/roles.json': BASE['.aecos/roles.json']}, [commit])}:refs/for/develop")
        self.allowed(self.desk("ana", "odd"), "HEAD:refs/heads/user/ana/x")

    def test_rights_end_while_a_push_is_on_its_way(self):
        self.house = "late"
        self.make("late")
        ways = {
            "the token": lambda token: self.hub.ask("DELETE", f"/api/v1/tokens/{token['id']}", self.hub.secret),
            "the user": lambda token: self.hub.ask("PATCH", "/api/v1/users/ana", self.hub.secret, {"disabled": True}),
            "the role": lambda token: self.end_role(),
        }
        ana = self.desk("ana", "late")
        for number, (what, end) in enumerate(ways.items()):
            with self.subTest(what):
                made = self.hub.ask("POST", "/api/v1/tokens", self.hub.secret,
                                    {"login": "ana", "scopes": ["write"]})[2]
                # More than is kept in memory, so that it is seen to come.
                commit = ana.build({f"docs/{number}.txt": base64.b64encode(random.randbytes(1_500_000)).decode()})
                answer = self.slow_push(made["secret"], (None, commit, f"refs/heads/late{number}"),
                                        ana.pack(commit, f"^{ana.head()}"), lambda: end(made["token"]))
                self.hub.ask("PATCH", "/api/v1/users/ana", self.hub.secret, {"disabled": False})
                self.assertNotIn(b"ok refs", answer)
                self.assertIn(b"unpack ana may not push any more" if number < 2 else b"not shown to you", answer)
                self.assertNotIn(f"refs/heads/late{number}", self.hub.refs("late"))
                self.assertEqual(self.told(type="push.rejected")[-1]["data"]["actor"], "ana")

    def end_role(self):
        cara = self.desk("cara", "late")
        roles = self.edit(cara, lambda roles: roles["members"].pop("ana"))
        cara.write(".aecos/roles.json", roles)
        cara.commit("Ana has left")
        cara.push()

    def slow_push(self, secret, command, pack, meanwhile):
        old, new, ref = command
        body = packet(f"{old or NONE} {new} {ref}\0 report-status") + b"0000" + pack
        address = urllib.parse.urlsplit(self.hub.url)
        with socket.create_connection((address.hostname, address.port), timeout=30) as wire:
            wire.sendall((f"POST /{self.house}.git/git-receive-pack HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                          f"Authorization: Bearer {secret}\r\nContent-Length: {len(body)}\r\n"
                          "Content-Type: application/x-git-receive-pack-request\r\n\r\n").encode() + body[:-30])
            self.wait_until_received()
            meanwhile()
            wire.sendall(body[-30:])
            answer = b""
            while piece := wire.recv(65536):
                answer += piece
        return answer

    def wait_until_received(self):
        """The pack's beginning lies in quarantine: the push was let in."""
        objects = self.hub.data / "repositories" / f"{self.house}.git" / "objects"
        for _ in range(500):
            if any(path.name.startswith("tmp_objdir-") for path in objects.iterdir()):
                return
            time.sleep(0.01)
        self.fail("the push did not begin")


class ByApi(HouseTest):
    """Tokens, locks, change requests, checks and large objects."""

    def test_projects_that_are_not_there_look_like_those_one_may_not_see(self):
        self.house = "hidden"
        self.make("hidden")
        for path in ("/api/v1/projects/{}", "/api/v1/projects/{}/events", "/api/v1/projects/{}/locks",
                     "/api/v1/projects/{}/branches", "/api/v1/projects/{}/stream", "/api/v1/projects/{}/audit",
                     "/api/v1/projects/{}/change-requests/1", "/api/v1/projects/{}/members",
                     "/{}.git/info/refs?service=git-upload-pack", "/{}.git/info/refs?service=git-receive-pack",
                     "/{}.git/info/lfs/locks", "/{}.git/info/lfs/objects/" + "0" * 64):
            with self.subTest(path):
                answers = []
                for name in ("hidden", "absent"):
                    status, headers, body = self.hub.ask("GET", path.format(name), "gus")
                    answers.append((status, headers.get("Content-Type"), str(body).replace(name, "NAME")))
                self.assertEqual(answers[0], answers[1])
                self.assertEqual(answers[0][0], 404)
        for path, body in (("/{}.git/git-upload-pack", b"0000"), ("/{}.git/git-receive-pack", b"0000"),
                           ("/{}.git/info/lfs/objects/batch", {"operation": "upload", "objects": []}),
                           ("/api/v1/projects/{}/locks", {"kind": "path", "target": "x"})):
            with self.subTest(path):
                answers = []
                for name in ("hidden", "absent"):
                    status, _, answer = self.hub.ask("POST", path.format(name), "gus", body)
                    answers.append((status, str(answer).replace(name, "NAME")))
                self.assertEqual(answers[0], answers[1])
                self.assertEqual(answers[0][0], 404)
        self.assertNotIn("hidden", str(self.hub.get("/api/v1/projects", "gus")))
        self.assertEqual(self.hub.ask("GET", "/api/v1/projects/hidden", None)[0], 401)
        for name in ("..", "%2e%2e", "hidden%2f..", "hidden.git/../hidden", ".", "hidden%00", "HIDDEN", "api"):
            self.assertIn(self.hub.ask("GET", f"/api/v1/projects/{name}", "cara")[0], (400, 404), name)

    def test_tokens_give_no_more_than_they_have(self):
        ask = self.hub.ask
        read = ask("POST", "/api/v1/tokens", "ana", {"scopes": ["read"]})[2]
        self.kept_out(403, "POST", "/api/v1/tokens", "ana", {"scopes": ["admin"]}, "cannot give more")
        self.kept_out(403, "POST", "/api/v1/tokens", read["secret"], {"scopes": ["write"]}, "cannot give more")
        self.kept_out(403, "POST", "/api/v1/tokens", "ana", {"login": "cara", "scopes": ["read"]}, "administrators")
        self.kept_out(403, "GET", "/api/v1/tokens?login=cara", "ana", because="administrators")
        self.kept_out(403, "POST", self.api("/locks"), read["secret"], {"kind": "path", "target": "docs/x"})
        self.kept_out(403, "PUT", self.api("/members/ana"), "ana", {"access": "manage"})
        self.kept_out(403, "PUT", self.api("/members/gus"), "cara", {"access": "read"})
        self.kept_out(403, "POST", "/api/v1/users", "olga", {"login": "evil"}, "administrators")
        self.kept_out(403, "PATCH", "/api/v1/users/ana", "ana", {"administrator": True}, "administrators")
        self.kept_out(403, "GET", "/api/v1/users/cara", "ana", because="administrators")
        self.kept_out(403, "POST", "/api/v1/projects", "ana", {"name": "mine"}, "scope admin")
        self.kept_out(403, "POST", "/api/v1/operations/backup", "olga", {"path": "/tmp/x"})
        self.kept_out(403, "POST", "/api/v1/operations/check", "olga", {})
        theirs = ask("POST", "/api/v1/tokens", "cara", {"scopes": ["read"]})[2]
        self.kept_out(404, "DELETE", f"/api/v1/tokens/{theirs['token']['id']}", "ana", because="no such token")
        self.assertEqual(ask("GET", "/api/v1/user", theirs["secret"])[0], 200)
        desk = self.desk("ana")
        status, report = self.hub.push_raw("house", read["secret"], [(None, desk.head(), "refs/heads/user/ana/read")])
        self.assertEqual(status, 403, report)

    def test_a_token_for_one_project_is_for_no_other(self):
        self.house = "second"
        self.make("second", ana="manage")
        for scope in ("write", "admin"):
            secret = self.hub.admin("token", "add", "ana", "--scope", scope, "--project", "second").stdout.strip()
            self.assertEqual(self.hub.ask("GET", "/api/v1/projects/second", secret)[0], 200)
            for method, path, body in (("GET", "/api/v1/projects/house", None), ("GET", "/house.git/info/lfs/locks", None),
                                       ("GET", "/house.git/info/refs?service=git-upload-pack", None),
                                       ("POST", "/api/v1/projects/house/locks", {"kind": "path", "target": "x"})):
                self.kept_out(404, method, path, secret, body)
            status, report = self.hub.push_raw("house", secret, [(None, "1" * 40, "refs/heads/user/ana/x")])
            self.assertEqual(status, 404, report)
            self.assertNotIn("house", [project["name"] for project in
                                       self.hub.get("/api/v1/projects", secret)["projects"]])
            self.kept_out(403, "POST", "/api/v1/tokens", secret, {"scopes": ["read"], "project": "house"}, "another")
            self.kept_out(403, "POST", "/api/v1/tokens", secret, {"scopes": ["read"], "project": ""}, "another")
            self.kept_out(403, "POST", "/api/v1/projects", secret, {"name": "third"})

    def test_tokens_end(self):
        made = {name: self.hub.ask("POST", "/api/v1/tokens", "ben", {"scopes": ["write"], "name": name})[2]
                for name in ("expired", "revoked", "disabled")}
        database = sqlite3.connect(self.hub.data / "hub.db", timeout=10)
        with database:
            database.execute("UPDATE tokens SET expires_us = 1 WHERE id = ?", (made["expired"]["token"]["id"],))
        database.close()
        self.hub.ask("DELETE", f"/api/v1/tokens/{made['revoked']['token']['id']}", "ben")
        for name in ("expired", "revoked"):
            self.assert_closed(made[name]["secret"])
        self.hub.admin("user", "disable", "ben")
        self.assert_closed(made["disabled"]["secret"])
        self.hub.admin("user", "enable", "ben")
        self.assertEqual(self.hub.ask("GET", "/api/v1/user", made["disabled"]["secret"])[0], 200)
        for wrong in ("", "x", made["disabled"]["secret"][:-1], made["disabled"]["secret"] + "0", "aecos_" + "0" * 48,
                      hashlib.sha256(made["disabled"]["secret"].encode()).hexdigest()):
            self.assertEqual(self.hub.ask("GET", "/api/v1/user", None,
                                          headers={"Authorization": f"Bearer {wrong}"})[0], 401, wrong)

    def test_that_a_token_was_used_is_noted_and_does_not_bring_it_back(self):
        made = self.hub.ask("POST", "/api/v1/tokens", "cara", {"scopes": ["read"]})[2]
        self.assertEqual(self.hub.ask("GET", "/api/v1/user", made["secret"])[0], 200)
        self.hub.ask("DELETE", f"/api/v1/tokens/{made['token']['id']}", "cara")
        self.hub.stop()  # What was noted is written now at the latest.
        self.hub.start()
        self.assert_closed(made["secret"])
        token, = [each for each in self.hub.ask("GET", "/api/v1/tokens", "cara")[2]["tokens"]
                  if each["id"] == made["token"]["id"]]
        self.assertTrue(token["used"] and token["revoked"], token)

    def assert_closed(self, secret):
        for path in ("/api/v1/user", self.api(), "/house.git/info/refs?service=git-upload-pack",
                     "/house.git/info/lfs/locks", self.api("/stream")):
            self.assertEqual(self.hub.ask("GET", path, secret)[0], 401, path)
        self.assertEqual(self.hub.push_raw("house", secret, [(None, "1" * 40, "refs/heads/x")])[0], 401)

    def test_locks_of_others(self):
        lock = self.hub.ask("POST", self.api("/locks"), "ben", {"kind": "path", "target": "docs/b.md"})[2]["id"]
        path = self.api(f"/locks/{lock}")
        self.kept_out(403, "DELETE", path, "ana", because="locked by ben")
        self.kept_out(403, "DELETE", path + "?force=true", "ana", because="may not break")
        self.kept_out(403, "POST", path + "/heartbeat", "ana", {"leaseMinutes": 1}, "locked by ben")
        self.kept_out(403, "POST", path + "/hand-over", "ana", {}, "locked by ben")
        self.kept_out(403, "POST", f"/house.git/info/lfs/locks/{lock}/unlock", "ana", {"force": True}, "may not break")
        self.kept_out(404, "DELETE", path + "?force=true", "gus")
        self.kept_out(409, "POST", self.api("/locks"), "ana", {"kind": "path", "target": "docs/b.md"})
        self.kept_out(409, "POST", self.api("/locks"), "ana", {"kind": "path", "target": "docs/"})
        self.kept_out(409, "POST", "/house.git/info/lfs/locks", "ana", {"path": "docs/b.md"})
        ana = self.desk("ana")
        for changes in ({"docs/b.md": "b"}, {"docs/B.md": "b"}, {"docs/b.md/x": "b"}, {"docs/b.md": ("120000", "x")}):
            with self.subTest(changes):
                self.refused(ana, f"{ana.build(changes)}:refs/for/develop")
        self.hub.ask("DELETE", path, "ben")
        # A lock of another project is none here.
        self.make("locks")
        lock = self.hub.ask("POST", "/api/v1/projects/locks/locks", "cara", {"kind": "path", "target": "x"})[2]["id"]
        self.kept_out(404, "DELETE", self.api(f"/locks/{lock}"), "cara")

    def open(self, login, source, target="main"):
        return self.hub.ask("POST", self.api("/change-requests"), login,
                            {"title": source, "source": source, "target": target})

    def test_change_requests_are_not_got_round(self):
        path = self.api("/change-requests")
        ask = self.hub.ask
        dan = self.desk("dan")
        dan.commit(**{"docs__dan.md": "# Dan\n"})
        self.allowed(dan, "HEAD:refs/heads/user/dan/a")
        number = self.open("dan", "user/dan/a")[2]["changeRequest"]["number"]
        one = f"{path}/{number}"
        self.kept_out(403, "POST", f"{one}/approvals", "dan", {}, "nobody approves their own")
        self.kept_out(403, "POST", f"{one}/merge", "dan", {}, "1 more approval")
        self.kept_out(403, "POST", f"{one}/approvals", "ana", {}, "may not approve")
        self.kept_out(403, "POST", self.api("/checks"), "dan",
                      {"commit": dan.head(), "name": "readable", "state": "passed"}, "by the hub itself")
        self.kept_out(404, "POST", f"{one}/merge", "gus", {})
        self.kept_out(404, "POST", f"{path}/999/merge", "dan", {})
        ask("POST", self.api("/checks"), "olga", {"commit": dan.head(), "name": "clash", "state": "passed"})
        self.kept_out(403, "POST", f"{one}/merge", "dan", {}, "1 more approval")
        self.assertEqual(ask("POST", f"{one}/approvals", "cara", {})[0], 201)
        # Approved, and then another commit.
        dan.commit(**{"docs__more.md": "# More\n"})
        self.allowed(dan, "HEAD:refs/heads/user/dan/a")
        self.kept_out(403, "POST", f"{one}/merge", "dan", {}, "1 more approval")
        ask("POST", self.api("/checks"), "olga", {"commit": dan.head(), "name": "clash", "state": "passed"})
        self.kept_out(403, "POST", f"{one}/merge", "dan", {}, "1 more approval")
        ask("POST", f"{one}/approvals", "cara", {"verdict": "changes-requested"})
        self.kept_out(403, "POST", f"{one}/merge", "dan", {}, "asks for changes")
        self.assertEqual(ask("POST", f"{one}/close", "dan", {})[0], 200)
        self.kept_out(403, "POST", f"{one}/merge", "dan", {}, "it is closed")
        # What may not be written is not written by way of a change request either.
        evil = dan.build({"elements/w1/metadata.json": wall(LoadBearing=False)})
        self.refused(dan, f"{evil}:refs/heads/user/dan/b", because="LoadBearing")
        self.kept_out(422, "POST", path, "dan", {"title": "x", "source": evil, "target": "main"}, "there is no branch")
        self.kept_out(422, "POST", path, "dan", {"title": "x", "source": "main", "target": "main"}, "into itself")
        self.kept_out(422, "POST", path, "dan", {"title": "x", "source": "../aecos/audit", "target": "main"})

    def test_a_change_request_that_somebody_without_the_right_merges(self):
        # Ben's branch is his own; ana, who may not write it, opens the request and merges it.
        ben, ana = self.desk("ben"), self.desk("ana")
        commit = ben.build({"elements/w1/metadata.json": wall(LoadBearing=False)}, ["origin/main"])
        self.allowed(ben, f"{commit}:refs/heads/user/ben/lb")
        number = self.open("ana", "user/ben/lb")[2]["changeRequest"]["number"]
        one = self.api(f"/change-requests/{number}")
        self.hub.ask("POST", f"{one}/approvals", "cara", {})
        self.hub.ask("POST", self.api("/checks"), "olga", {"commit": commit, "name": "clash", "state": "passed"})
        before = self.hub.refs("house")["refs/heads/main"]
        self.kept_out(403, "POST", f"{one}/merge", "ana", {}, "LoadBearing")
        self.assertEqual(self.hub.refs("house")["refs/heads/main"], before)
        self.assertEqual(self.hub.ask("POST", f"{one}/merge", "ben", {})[0], 200)

    def upload(self, project, who, oid, content, size=None):
        path = f"/{project}.git/info/lfs/objects/{oid}" + (f"?size={size}" if size is not None else "")
        return self.hub.ask("PUT", path, who, content)

    def test_large_objects(self):
        content = b"large" * 1000
        oid = hashlib.sha256(content).hexdigest()
        ana = self.desk("ana")
        self.refused(ana, f"{ana.build({'docs/scan.e57': pointer(content)})}:refs/for/develop", because="not uploaded")
        self.refused(ana, f"{ana.build({'docs/scan.e57': pointer(content)})}:refs/heads/user/ana/s", because="not uploaded")
        for sent, size in ((content[:-1] + b"x", None), (content[:-1], len(content)), (content + b"x", len(content)),
                           (b"", None), (content, len(content) + 1), (content, 1)):
            status, _, answer = self.upload("house", "ana", oid, sent, size)
            self.assertEqual(status, 422, answer)
        for name in ("..%2f..%2fhub.db", "x", oid[:-1], oid.upper(), oid + "0"):
            self.assertIn(self.upload("house", "ana", name, content)[0], (400, 404, 422), name)
        self.assertEqual(self.upload("house", "hal", oid, content)[0], 403)
        self.assertEqual(self.upload("house", "gus", oid, content)[0], 404)
        read = self.hub.ask("POST", "/api/v1/tokens", "ana", {"scopes": ["read"]})[2]["secret"]
        self.assertEqual(self.upload("house", read, oid, content)[0], 403)
        self.assertFalse(list((self.hub.data / "large-objects").rglob(oid)))
        # In another project it is there, and cannot be had through this one.
        self.make("large")
        self.assertEqual(self.upload("large", "ana", oid, content)[0], 200)
        self.assertEqual(self.hub.ask("GET", f"/house.git/info/lfs/objects/{oid}", "ana")[0], 404)
        self.assertEqual(self.hub.ask("GET", f"/large.git/info/lfs/objects/{oid}", "gus")[0], 404)
        self.assertEqual(self.hub.ask("POST", "/house.git/info/lfs/objects/verify", "ana",
                                      {"oid": oid, "size": len(content)})[0], 404)
        batch = {"operation": "download", "objects": [{"oid": oid, "size": len(content)}]}
        answer = self.hub.ask("POST", "/house.git/info/lfs/objects/batch", "ana", batch)[2]
        answer = json.loads(answer) if isinstance(answer, bytes) else answer
        self.assertEqual(answer["objects"][0]["error"]["code"], 404)
        self.refused(ana, f"{ana.build({'docs/scan.e57': pointer(content)})}:refs/for/develop", because="not uploaded")
        self.assertEqual(self.upload("house", "ana", oid, content)[0], 200)
        wrong = pointer(content).replace(f"size {len(content)}", f"size {len(content) - 1}")
        self.refused(ana, f"{ana.build({'docs/scan.e57': wrong})}:refs/for/develop", because="not uploaded")
        self.allowed(ana, f"{ana.build({'docs/scan.e57': pointer(content)})}:refs/for/develop")

    def test_models_kept_in_large_objects_to_hide_them(self):
        hidden = model({"W-1": {"LoadBearing": ".F."}}, count=3).encode()
        self.assertEqual(self.upload("house", "ana", hashlib.sha256(hidden).hexdigest(), hidden)[0], 200)
        data = wall(LoadBearing=False).encode()
        self.assertEqual(self.upload("house", "ana", hashlib.sha256(data).hexdigest(), data)[0], 200)
        ana = self.desk("ana")
        for path, content in (("models/arch/house.ifc", hidden), ("models/arch/new.ifc", hidden),
                              ("elements/w1/metadata.json", data), ("elements/w2/metadata.json", data)):
            with self.subTest(path):
                self.refused(ana, f"{ana.build({path: pointer(content)})}:refs/for/develop", because="ana may not")

    def test_the_trail_is_whole_after_all_that(self):
        self.assert_sound()


if __name__ == "__main__":
    main()
