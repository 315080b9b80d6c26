#!/usr/bin/env python3
"""Secrets stay out: of commits with git and with aecos sync, and of a hub, also where a later commit takes them out."""
import json
import random
import string

from hub import Desk, HubTest
from people import AECOS, Person, Team, main, run

DICE = random.Random(20261129)


def token():
    """As GitHub makes them; put together here, so that this file has none itself."""
    return "gh" + "p_" + "".join(DICE.choices(string.ascii_letters + string.digits, k=36))


class Scanning(Team):
    """aecos secrets scan"""

    def setUp(self):
        super().setUp()
        [self.ana] = self.people("ana", files={"README.md": "# House\n", "notes/a.md": "one\n"})

    def scan(self, *arguments, status=None):
        done = self.ana.aecos("secrets", "scan", *arguments, check=False)
        if status is not None:
            self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return done

    def test_files_and_what_is_staged(self):
        self.scan(status=0)
        secret, staged = token(), token()
        self.ana.write("notes/key.md", f"a key:\n{secret}\n")
        self.ana.write("notes/a.md", f"{staged}\n")
        self.ana.git("add", "notes/a.md")
        self.ana.write("notes/a.md", "two\n")
        done = self.scan(status=1)
        lines = [line.split() for line in done.stdout.splitlines()]
        self.assertEqual([line[:2] for line in lines], [["notes/key.md:2", "github-token"],
                                                        ["notes/a.md:1", "github-token"]])
        self.assertNotIn(secret[4:], done.stdout + done.stderr)
        found = json.loads(self.scan("--json", status=1).stdout)
        self.assertEqual([(each["path"], each["line"], each["column"]) for each in found],
                         [("notes/key.md", 2, 1), ("notes/a.md", 1, 1)])
        self.assertEqual([each["fingerprint"] for each in found], [line[2] for line in lines])
        self.assertIn("notes/a.md", self.scan("--staged", status=1).stdout)
        self.ana.git("reset", "-q")
        self.scan("--staged", status=0)
        self.ana.write(".gitignore", "key.md\n")
        self.scan(status=0)

    def test_ranges(self):
        start = self.ana.git("rev-parse", "HEAD").stdout.strip()
        secret = token()
        for content in (f"{secret}\n", f"more\n{secret}\n", "gone\n"):
            self.ana.write("notes/a.md", content)
            self.ana.git("commit", "-q", "-a", "-m", "by hand")
        came = self.ana.git("rev-parse", "HEAD~2").stdout.strip()
        for scanned in (f"{start}..HEAD", f"{start}..", "HEAD~2", f"{start}..HEAD~2"):
            self.assertEqual(self.scan(scanned, status=1).stdout.split()[::3], ["notes/a.md:1", came[:8]], scanned)
        for scanned in ("HEAD", "HEAD~1", "HEAD~2..HEAD", "HEAD..HEAD"):  # An old one is not what they add.
            self.assertEqual(self.scan(scanned, status=0).stdout, "")
        [found] = json.loads(self.scan(f"{start}..HEAD", "--json", status=1).stdout)
        self.assertEqual(found["commit"], came)

    def test_mistakes_are_told_in_a_line(self):
        for arguments in (["nothing"], ["HEAD..nothing"], ["HEAD...HEAD"], ["--staged", "HEAD"]):
            done = self.scan(*arguments, status=2)
            self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
        self.assertEqual(run(AECOS, "secrets", "scan", folder=self.folder, check=False).returncode, 2)


class Committing(Team):
    def setUp(self):
        super().setUp()
        [self.ana] = self.people("ana")
        self.ana.aecos("init")

    def commit(self, *arguments):
        return self.ana.git("commit", "-q", "-m", "by hand", *arguments, check=False)

    def test_the_hook_refuses_secrets(self):
        secret = token()
        self.ana.write("key.md", f"one\n{secret}\n")
        self.ana.write("good.md", "good\n")
        self.ana.git("add", "-A")
        done = self.commit()
        self.assertEqual(done.returncode, 1)
        self.assertIn("key.md:2: looks like a github-token", done.stderr)
        self.assertNotIn(secret[4:], done.stderr)
        self.assertEqual(self.commit("good.md").returncode, 0)  # Of a part, with an index of its own.
        self.assertEqual(self.commit("key.md").returncode, 1)
        self.assertEqual(self.commit("--no-verify").returncode, 0)
        self.ana.write("key.md", f"one\n{secret}\ntwo\n")
        self.assertEqual(self.commit("-a").returncode, 0)  # It was there before.

    def test_a_merge_brings_nothing_new(self):
        self.ana.git("switch", "-q", "-c", "side")
        self.ana.write("key.md", token())
        self.ana.git("add", "-A")
        self.assertEqual(self.commit("--no-verify").returncode, 0)
        self.ana.git("switch", "-q", "-")
        self.ana.write("good.md", "good\n")
        self.ana.git("add", "-A")
        self.assertEqual(self.commit().returncode, 0)
        self.ana.git("merge", "-q", "--no-commit", "side")
        self.assertEqual(self.commit().returncode, 0)

    def test_sync_holds_back_only_the_file_with_it(self):
        secret = token()
        self.ana.write("key.md", f"one\n{secret}\n")
        self.ana.write("good.md", "good\n")
        status = json.loads(self.ana.aecos("status", "--json").stdout)
        self.assertEqual([file["path"] for file in status["held"]], ["key.md"])
        self.assertEqual([file["path"] for file in status["changes"]], ["good.md"])
        self.assertIn("held back key.md:2: looks like a github-token", self.ana.aecos("status").stdout)
        done = self.ana.aecos("sync")
        self.assertIn("key.md:2: looks like a github-token", done.stderr)
        self.assertNotIn(secret[4:], done.stdout + done.stderr)
        [ben] = [Person(self, "ben")]
        self.assertEqual(sorted(ben.files()), sorted({*ben.files(), "good.md"} - {"key.md"}))
        self.assertEqual(self.ana.git("status", "--porcelain").stdout, "?? key.md\n")
        done = self.ana.sync("--allow-secret", "made up for a manual")
        self.assertEqual(done["held"], [])
        ben.sync()
        self.assertEqual(ben.read("key.md"), f"one\n{secret}\n")
        ben.write("key.md", f"one\n{secret}\nmore\n")  # Whoever edits around an old one is not held up.
        self.assertEqual(ben.sync()["held"], [])

    def test_nothing_is_pushed_that_git_committed_all_the_same(self):
        self.ana.write("key.md", token())
        self.ana.git("add", "-A")
        self.ana.git("commit", "-q", "--no-verify", "-m", "by hand")
        self.assertIn("would be refused", self.ana.aecos("status").stdout)
        done = self.ana.aecos("sync", statuses=(4,))
        self.assertIn("nothing was pushed: key.md:1 in ", done.stderr)
        self.ana.git("reset", "-q", "--hard", "HEAD~1")
        self.assertEqual(self.ana.aecos("sync").returncode, 0)


class Pushing(HubTest):
    def setUp(self):
        super().setUp()
        self.project(ben="write", cara="write")
        roles = {"members": {"ben": {"roles": ["writer"]}, "cara": {"roles": ["keeper"]}, "ana": {"roles": ["keeper"]}},
                 "roles": {"writer": {"may": [{"write": "**"}]},
                           "keeper": {"may": [{"write": "**"}, {"manage": "secrets"}, {"manage": "roles"}]}}}
        self.ana = Desk(self.hub, "house", "ana")
        self.ana.commit(README_md="x", **{".aecos__roles_json": json.dumps(roles)})
        self.ana.push("HEAD:develop")
        self.ben, self.cara = Desk(self.hub, "house", "ben"), Desk(self.hub, "house", "cara")

    def bring_in(self, desk):
        """A secret that the last commit has no more; the commit that has it."""
        secret = token()
        with_it = desk.commit("a key", **{"notes__a.md": f"one\n{secret}\n"})
        desk.commit("no key", **{"notes__a.md": "one\n"})
        return secret, with_it

    def told(self, kind):
        return [event for event in self.hub.events("house") if event["type"] == kind]

    def refused(self, desk, *refspecs, because=(), options=()):
        refs, count = self.hub.refs("house"), len(self.told("push.rejected"))
        done = desk.git(*options, "push", "origin", *refspecs, check=False)
        self.assert_refused(done, *because)
        self.assertEqual(self.hub.refs("house"), refs)
        event = self.told("push.rejected")[count]
        for word in because:
            self.assertIn(word, event["data"]["reasons"])
        return event

    def test_refused_wherever_it_goes(self):
        secret, commit = self.bring_in(self.ben)
        because = (f"notes/a.md:2 in {commit[:10]}: looks like a github-token (fingerprint ", "take it out of the history")
        for ref in ("refs/for/develop", "refs/heads/develop", "refs/heads/user/ben/work", "refs/heads/other"):
            event = self.refused(self.ben, f"HEAD:{ref}", because=because)
            self.assertEqual(event["data"]["actor"], "ben")
        self.assertNotIn(secret[4:], json.dumps(self.hub.events("house")))
        # Without it, the rest goes.
        self.ben.git("reset", "-q", "--hard", "HEAD~2")
        self.ben.commit(**{"notes__a.md": "one\n"})
        self.ben.push("HEAD:refs/for/develop", "HEAD:refs/heads/user/ben/work")

    def test_who_may_says_why(self):
        _, commit = self.bring_in(self.ben)
        reason = ["push.pushOption=aecos.allow-secret=made up for a manual"]
        self.refused(self.ben, "HEAD:refs/for/develop", because=("ben may not let it in: ask who may manage secrets",),
                     options=("-c", *reason))
        _, commit = self.bring_in(self.cara)
        self.refused(self.cara, "HEAD:refs/for/develop", because=("wants a reason",),
                     options=("-c", "push.pushOption=aecos.allow-secret= "))
        self.cara.git("push", "-o", "aecos.allow-secret=made up for a manual", "origin", "HEAD:refs/for/develop")
        event = self.told("commit.integrated")[-1]["data"]
        self.assertEqual(event["actor"], "cara")
        self.assertEqual(event["allowedSecrets"]["reason"], "made up for a manual")
        [secret] = event["allowedSecrets"]["secrets"]
        self.assertEqual((secret["path"], secret["line"], secret["commit"], secret["rule"]),
                         ("notes/a.md", 2, commit, "github-token"))
        # What was let in is part of the history: it holds nobody up any more.
        self.ben.pull()
        self.ben.commit(**{"notes__b.md": "two\n"})
        self.ben.push("HEAD:refs/for/develop", "HEAD:refs/heads/user/ben/more")
        self.bring_in(self.cara)
        self.cara.git("push", "-o", "aecos.allow-secret=once more", "origin", "HEAD:refs/heads/user/cara/work")
        self.assertEqual(self.told("commit.pushed")[-1]["data"]["allowedSecrets"]["reason"], "once more")
        self.assert_sound()

    def test_sync_tells_what_the_hub_says(self):
        folder = self.cara.folder
        run(AECOS, "init", folder=folder)
        (folder / "key.md").write_text(token())
        (folder / "good.md").write_text("good\n")
        done = run(AECOS, "sync", folder=folder)
        self.assertIn("key.md:1: looks like a github-token", done.stderr)
        run("git", "add", "-A", folder=folder)
        run("git", "commit", "-q", "--no-verify", "-m", "by hand", folder=folder)
        done = run(AECOS, "sync", folder=folder, check=False)
        self.assertEqual(done.returncode, 4)
        self.assertIn("key.md:1 in ", done.stderr)
        self.assertEqual(len(self.told("push.rejected")), 1)
        run(AECOS, "sync", "--allow-secret", "made up for a manual", folder=folder)
        self.assertEqual(self.told("commit.integrated")[-1]["data"]["allowedSecrets"]["reason"], "made up for a manual")
        self.ben.pull()
        self.assertTrue((self.ben.folder / "key.md").exists())


if __name__ == "__main__":
    main()
