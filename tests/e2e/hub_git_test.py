"""Plain git and git-lfs against the hub: what they know from other servers works, and late pushes are merged."""
import hashlib
import json
import time
import os
import unittest

from hub import Desk, HubTest
from people import main, run


class PlainGit(HubTest):
    def setUp(self):
        super().setUp()
        self.project(ben="write")
        self.ana, self.ben = Desk(self.hub, "house", "ana"), None
        self.ana.commit("first", a_json='{"a": 1, "b": 1}\n')
        self.ana.push("HEAD:develop")
        self.ben = Desk(self.hub, "house", "ben")

    def test_clone_push_and_pull(self):
        self.ben.commit("more", b_json='{"b": 2}\n')
        self.ben.push("HEAD:develop")
        self.ana.pull()
        self.assertEqual((self.ana.folder / "b.json").read_text(), '{"b": 2}\n')

    def test_late_work_is_merged_by_meaning(self):
        self.ana.commit(a_json='{"a": 2, "b": 1}\n')
        self.ben.commit(a_json='{"a": 1, "b": 2}\n')
        self.ana.push()
        done = self.ben.push()
        self.assertIn("integrated into develop", done.stderr)
        for desk in (self.ana, self.ben):
            desk.pull()
            self.assertEqual(json.loads((desk.folder / "a.json").read_text()), {"a": 2, "b": 2})
        self.assertEqual(self.ana.git("rev-list", "--count", "HEAD").stdout, "4\n")

    def test_a_value_wanted_two_ways_is_recorded_and_nobody_is_stopped(self):
        self.ana.commit(a_json='{"a": 2, "b": 1}\n')
        self.ben.commit(a_json='{"a": 3, "b": 1}\n')
        self.ana.push()
        self.assertIn("1 conflict was recorded", self.ben.push().stderr)
        self.ana.pull()
        records = list((self.ana.folder / ".aecos/conflicts").glob("*.json"))
        self.assertEqual(len(records), 1)
        record = json.loads(records[0].read_text())
        self.assertEqual([record["ours"]["value"], record["theirs"]["value"]], [2, 3])
        types = [event["type"] for event in self.hub.events("house")]
        self.assertEqual(types.count("conflict.opened"), 1)

    def test_a_bare_push_is_enough_when_it_is_set_up(self):
        self.ben.git("config", "remote.origin.push", "HEAD:refs/for/develop")
        self.ana.commit(a_json='{"a": 2, "b": 1}\n')
        self.ana.push()
        self.ben.commit(b_json="{}\n")
        self.ben.git("push")
        self.ana.pull()
        self.assertTrue((self.ana.folder / "b.json").exists())

    def test_branches_and_tags(self):
        self.ben.push("HEAD:refs/heads/user/ben/idea", "HEAD:refs/heads/idea", "HEAD:refs/tags/v1")
        self.assert_refused(self.ben.push("HEAD:refs/heads/user/ana/idea", check=False), "user/ana/idea")
        self.ben.commit(b_json="{}\n")
        self.assert_refused(self.ben.push("HEAD:refs/tags/v1", check=False, force=True), "tags stay")
        self.ben.push("HEAD:refs/heads/idea")
        self.ben.push("HEAD~1:refs/heads/idea", force=True)
        self.ben.push(":refs/heads/idea")
        self.assertNotIn("refs/heads/idea\n", self.ben.git("ls-remote", "origin").stdout)

    def test_what_everybody_shares_keeps_its_history(self):
        self.ben.commit(b_json="{}\n")
        self.ben.push()
        for refspec in ("+HEAD~1:develop", ":develop", "+HEAD~1:refs/heads/Develop", "HEAD:refs/aecos/audit",
                        "HEAD:refs/for/nowhere", "HEAD:refs/notes/x"):
            self.assert_refused(self.ben.push(refspec, check=False))
        self.assert_sound()

    def test_one_push_of_several_refs_may_be_all_or_nothing(self):
        self.ben.commit(b_json="{}\n")
        done = self.ben.git("push", "--atomic", "origin", "HEAD:refs/heads/user/ben/a", "HEAD:refs/heads/user/ana/b",
                            check=False)
        self.assert_refused(done)
        self.assertNotIn("user/ben/a", self.ben.git("ls-remote", "origin").stdout)

    def test_shallow_and_partial_clones(self):
        self.ana.commit(a_json='{"a": 2}\n')
        self.ana.push()
        address = self.hub.address("house", "ben")
        run("git", "clone", "-q", "--depth", "1", address, "shallow", folder=self.folder)
        run("git", "clone", "-q", "--filter=blob:none", address, "partial", folder=self.folder)
        run("git", "log", "-p", folder=self.folder / "partial")
        for name in ("shallow", "partial"):
            folder = self.folder / name
            run("git", "config", "user.name", "Ben", folder=folder)
            run("git", "config", "user.email", "b@x", folder=folder)
            (folder / f"{name}.md").write_text("# " + name)
            run("git", "add", "-A", folder=folder)
            run("git", "commit", "-q", "-m", name, folder=folder)
            run("git", "push", "-q", "origin", "HEAD:refs/for/develop", folder=folder)
        self.ana.pull()
        self.assertTrue((self.ana.folder / "shallow.md").exists() and (self.ana.folder / "partial.md").exists())

    def test_older_protocols_of_git_work(self):
        for version in ("0", "1", "2"):
            self.ben.git("-c", f"protocol.version={version}", "fetch", "-q", "origin")
        self.assertIn("refs/heads/develop", self.ben.git("-c", "protocol.version=0", "ls-remote", "origin").stdout)

    def test_who_may_not_come_in(self):
        self.hub.user("eva")
        run("git", "init", "-q", "x", folder=self.folder)
        for address, word in ((self.hub.address("house", "eva"), "not found"),
                              (self.hub.url + "/house.git", "could not read Username"),
                              (self.hub.url.replace("//", "//ben:wrong@") + "/house.git", "Authentication failed")):
            done = run("git", "ls-remote", address, folder=self.folder / "x", check=False)
            self.assert_refused(done, word)

    def test_the_trail_is_whole_and_in_the_repository(self):
        for i in range(5):
            self.ben.commit(b_json=f'{{"b": {i}}}\n')
            self.ben.push()
        self.assert_sound()
        events = self.hub.events("house")
        self.assertEqual([event["data"]["seq"] for event in events], list(range(1, len(events) + 1)))
        self.hub.stop()
        self.hub.start()
        self.ben.git("fetch", "-q", "origin", "refs/aecos/audit:refs/aecos/audit")
        lines = self.ben.git("show", "refs/aecos/audit:events/000001.jsonl").stdout.splitlines()
        self.assertEqual([json.loads(line) for line in lines], events[:len(lines)])
        self.assertEqual(len(lines), len(events))

    def test_large_files_by_git_lfs(self):
        size = (300 if os.environ.get("AECOS_LONG") else 20) << 20
        content = hashlib.shake_256(b"scan").digest(1 << 20) * (size >> 20)
        self.ben.git("lfs", "install", "--local")
        self.ben.git("lfs", "track", "*.e57")
        self.ben.write("scan.e57", content)
        self.ben.commit("scan")
        self.ben.push()
        self.ana.git("lfs", "install", "--local")
        self.ana.pull()
        self.ana.git("lfs", "pull")
        self.assertEqual((self.ana.folder / "scan.e57").read_bytes(), content)
        self.assertIn("fsck OK", self.ana.git("lfs", "fsck").stdout)
        stored = [path for path in (self.hub.data / "large-objects").rglob("*") if path.is_file()]
        self.assertEqual([path.name for path in stored], [hashlib.sha256(content).hexdigest()])
        self.assert_sound()

    def test_locks_of_git_lfs_are_the_hubs(self):
        for desk in (self.ana, self.ben):
            desk.git("lfs", "install", "--local")
            desk.git("config", "lfs.locksverify", "true")
        self.ben.git("lfs", "track", "--lockable", "*.rvt")
        self.ben.write("house.rvt", b"1")
        self.ben.commit()
        self.ben.push()
        self.ana.pull()
        self.ben.git("lfs", "lock", "house.rvt")
        self.assert_refused(self.ana.git("lfs", "lock", "house.rvt", check=False), "locked by ben")
        self.assertIn("house.rvt", self.ana.git("lfs", "locks").stdout)
        locks = self.hub.get("/api/v1/projects/house/locks", "ana")["locks"]
        self.assertEqual([(lock["holder"], lock["target"]) for lock in locks], [("ben", "house.rvt")])
        os.chmod(self.ana.folder / "house.rvt", 0o644)
        self.ana.write("house.rvt", b"2")
        self.ana.commit()
        self.assert_refused(self.ana.push(check=False))
        self.ben.git("lfs", "unlock", "house.rvt")
        self.ana.push()
        self.ben.pull()
        self.ben.git("lfs", "lock", "house.rvt")
        self.ana.git("lfs", "unlock", "--force", "house.rvt")
        types = [event["type"] for event in self.hub.events("house", type="lock.")]
        self.assertEqual(types, ["lock.acquired", "lock.released", "lock.acquired", "lock.broken"])


class Administration(HubTest):
    def test_what_the_hub_keeps_survives_it(self):
        self.project(ben="write")
        ana = Desk(self.hub, "house", "ana")
        ana.commit(a_json="{}\n")
        ana.push("HEAD:develop")
        self.hub.admin("backup", str(self.folder / "copy"))
        self.hub.stop()
        done = run(self.hub.process.args[0], "hub", "restore", self.folder / "copy", "--data", self.folder / "second",
                   folder=self.folder)
        self.assertIn("second", done.stdout)
        self.hub.data = self.folder / "second"
        self.hub.start()
        self.assert_sound()
        again = Desk(self.hub, "house", "ben")
        self.assertTrue((again.folder / "a.json").exists())

    def test_what_gathers_in_a_repository_is_packed(self):
        """While somebody pushes and fetches; and nothing goes, not even what no branch leads to."""
        self.project(ben="write")
        ana = Desk(self.hub, "house", "ana")
        ana.commit(a_json="{}\n")
        ana.push("HEAD:develop")
        ben = Desk(self.hub, "house", "ben")
        repository = self.hub.data / "repositories/house.git"
        for number in range(9000):
            (self.folder / f"blob{number}").write_text(f"{number}\n")
        names = "".join(f"{self.folder}/blob{number}\n" for number in range(9000))
        blobs = run("git", "hash-object", "-w", "--stdin-paths", folder=repository, input=names).stdout
        for number in range(52):
            run("git", "pack-objects", "-q", "objects/pack/pack", folder=repository, input=blobs[41 * number:][:41])

        def counts():
            lines = run("git", "count-objects", "-v", folder=repository).stdout.splitlines()
            found = dict(line.split(": ") for line in lines)
            return int(found["count"]), int(found["packs"])

        self.assertGreater(counts()[1], 50)
        deadline = time.monotonic() + 60
        while counts()[0] > 2000 or counts()[1] > 5:
            self.assertLess(time.monotonic(), deadline, counts())
            for desk in (ana, ben):
                desk.pull()
                desk.commit("more", **{desk.login: str(time.monotonic())})
                desk.push()
        self.assert_sound()
        there = run("git", "cat-file", "--batch-check=%(objecttype)", folder=repository, input=blobs).stdout
        self.assertEqual(there, "blob\n" * 9000)

    def test_a_second_hub_on_the_same_folder_is_refused(self):
        done = run(self.hub.process.args[0], "hub", "serve", "--data", self.hub.data, "--listen", "127.0.0.1:0",
                   folder=self.folder, check=False)
        self.assertEqual(done.returncode, 5)
        self.assertIn("another hub runs", done.stderr)

    def test_settings_are_checked(self):
        for text, word in (("listne = 'x'\n", "no setting \"listne\""), ("[limits]\npack = 'x'\n", "limits.pack"),
                           ('{"log": {"level": "loud"}}', "log.level"), ("x = [", "1:")):
            (self.folder / "hub.toml").write_text(text)
            done = run(self.hub.process.args[0], "hub", "serve", "--config", "hub.toml", folder=self.folder, check=False)
            self.assertEqual(done.returncode, 2, done.stderr)
            self.assertIn("hub.toml", done.stderr)
            self.assertIn(word, done.stderr)

    def test_nothing_secret_is_in_the_log(self):
        token = self.hub.user("ana", scope="admin")
        self.hub.ask("GET", "/api/v1/user?secret=" + token, "ana")
        self.hub.ask("POST", "/api/v1/session", body={"login": "ana", "password": "wrong-wrong-wrong"})
        self.hub.stop()
        log = (self.folder / "hub.log").read_text()
        for secret in (token, "wrong-wrong-wrong", self.hub.secret):
            self.assertNotIn(secret, log)

    def test_the_first_administrator_is_made_by_a_link_that_works_once(self):
        code = (self.folder / "hub.log").read_text().split("/setup#")[1].split()[0]
        wish = {"code": code, "login": "ana", "password": "a long password"}
        self.assertEqual(self.hub.ask("POST", "/api/v1/setup", body={**wish, "code": "aecos_" + "0" * 48})[0], 403)
        self.assertEqual(self.hub.ask("POST", "/api/v1/setup", body=wish)[0], 201)
        self.assertEqual(self.hub.ask("POST", "/api/v1/setup", body={**wish, "login": "eve"})[0], 403)
        status, headers, answer = self.hub.ask("POST", "/api/v1/session", body={"login": "ana", "password": "a long password"})
        self.assertEqual(status, 201)
        self.assertIn("HttpOnly", headers["Set-Cookie"])
        self.assertIn("SameSite=Strict", headers["Set-Cookie"])
        cookie = {"Cookie": headers["Set-Cookie"].split(";")[0]}
        self.assertEqual(self.hub.ask("GET", "/api/v1/user", headers=cookie)[2]["administrator"], True)
        self.assertEqual(self.hub.ask("POST", "/api/v1/users", body={"login": "eve"}, headers=cookie)[0], 401)
        cookie["X-Aecos-Csrf"] = "1"
        self.assertEqual(self.hub.ask("POST", "/api/v1/users", body={"login": "eve"}, headers=cookie)[0], 201)
        self.assertEqual(self.hub.ask("DELETE", "/api/v1/session", headers=cookie)[0], 204)
        self.assertEqual(self.hub.ask("GET", "/api/v1/user", headers=cookie)[0], 401)
        self.assertNotIn("secret", json.dumps(self.hub.ask("GET", "/api/v1/tokens", self.hub.secret)[2]))
        self.assertTrue(answer["secret"].startswith("aecos_"))


if __name__ == "__main__":
    main()
