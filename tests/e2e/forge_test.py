#!/usr/bin/env python3
"""A project whose repository lives at GitHub, GitLab or Gitea: deliveries of webhooks in any order, statuses and
comments on pull requests, teams that become roles. The forges are stand-ins on this machine; the hub is a real one."""
import json
import pathlib
import subprocess
import tempfile
import time
import uuid

from forge_stand_in import Forge
from hub import Desk, HubTest
from people import AECOS, ENVIRONMENT, main, run
from small_model import model

TOKEN, SECRET = "made-up-for-this-test", "only-two-know-this"
ROLES = {"version": 1,
         "members": {"ana": {"roles": ["lead", "structural"]}, "ben": {"roles": ["structural"]},
                     "cleo": {"roles": ["architect"], "login": {"github": "cleo-x", "gitlab": "cleo-x", "gitea": "cleo-x"}}},
         "teams": {"structural": {kind: "acme/structural" for kind in ("github", "gitlab", "gitea")}},
         "roles": {"lead": {"may": [{"write": "**"}, {"manage": "roles"}]}, "structural": {"may": [{"write": "**"}]},
                   "architect": {"may": [{"write": "models/**"}]}}}


def moment(second):
    return f"2026-03-01T10:00:{second:02d}Z"


class Cases:
    """What holds for each of the three."""
    kind = ""

    def setUp(self):
        self.forge = Forge(self.kind, TOKEN)
        self.addCleanup(self.forge.stop)
        settings = tempfile.NamedTemporaryFile("w", suffix=".json")
        self.addCleanup(settings.close)
        json.dump({"notify": {"allow": self.forge.host}}, settings)
        settings.flush()
        self.options = ("--config", settings.name)
        super().setUp()
        self.project()
        self.ana = Desk(self.hub, "house", "ana")
        self.ana.git("config", "aecos.hub", self.hub.url)  # As aecos init would note it.
        self.ana.write("models/house.ifc", model())
        self.ana.write(".aecos/roles.json", json.dumps(ROLES, indent=2) + "\n")
        self.ana.write(".gitignore", ".env\n")
        self.write_settings()
        self.base = self.ana.commit("models")
        self.ana.push("HEAD:refs/heads/develop")
        self.keep("FORGE_TOKEN", TOKEN)
        self.keep("FORGE_WEBHOOK", SECRET)
        self.head = self.branch("fire", {"W-1": {"FireRating": "REI 120"}})

    def tearDown(self):
        self.assertEqual(self.forge.complaints, [])
        for secret in (TOKEN, SECRET):
            self.assertNotIn(secret, (self.folder / "hub.log").read_text())
            self.assertNotIn(secret, json.dumps(self.hub.all_events("house")))

    def write_settings(self, **more):
        self.ana.write(".aecos/forge.json", json.dumps({"kind": self.kind, "repository": "acme/house",
                                                        "api": self.forge.api, **more}) + "\n")

    def keep(self, name, value):
        status, _, answer = self.hub.ask("PUT", f"/api/v1/projects/house/secrets/{name}", "ana", {"value": value})
        self.assertEqual(status, 204, answer)

    def branch(self, name, values, base=None):
        """A branch with another model, in the hub's repository too; its commit."""
        self.ana.git("checkout", "-q", "-B", name, base or self.base)
        self.ana.write("models/house.ifc", model(values))
        commit = self.ana.commit(name)
        self.ana.push(f"HEAD:refs/heads/{name}", force=True)
        return commit

    def deliver(self, told, identity=None, secret=SECRET, spoil=b""):
        headers, data = self.forge.signed(*told, identity or str(uuid.uuid4()), secret)
        status, _, answer = self.hub.ask("POST", "/api/v1/projects/house/forge", None, data + spoil, headers)
        return status, answer

    def taken(self, told, **how):
        status, answer = self.deliver(told, **how)
        self.assertEqual((status, answer.get("taken")), (202, True), answer)
        return answer["event"]

    def ignored(self, told, **how):
        before = len(self.hub.all_events("house"))
        status, answer = self.deliver(told, **how)
        self.assertEqual((status, answer.get("taken")), (200, False), answer)
        self.assertTrue(answer["note"])
        self.assertEqual(len(self.hub.all_events("house")), before)

    def events(self, start):
        return [event for event in self.hub.all_events("house") if event["type"].startswith(start)]

    def eventually(self, what, seconds=30):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if found := what():
                return found
            time.sleep(0.05)
        raise AssertionError(f"it did not come: {self.forge.requests[-10:]} {(self.folder / 'hub.log').read_text()}")

    def open(self, number=7, title="Fire rating", **more):
        wish = {"source": "fire", "head": self.head, "base": self.base, "moment": moment(0), **more}
        self.forge.pull(number, title, **wish)
        return self.taken(self.forge.told(number, "opened"))

    def status_of(self, commit):
        return self.eventually(lambda: self.forge.of_commit(commit))[-1]

    def comment_of(self, number, *words):
        def found():
            comments = self.forge.comments.get(number, [])
            return comments if comments and all(word in comments[0]["body"] for word in words) else None
        comments = self.eventually(found)
        self.assertEqual(len(comments), 1)
        return comments[0]["body"]

    # --- deliveries

    def test_pull_requests_become_events(self):
        sequence = self.open()
        event = next(each for each in self.hub.all_events("house") if each["data"]["seq"] == sequence)
        self.assertEqual((event["type"], event["subject"]), ("pullRequest.opened", "7"))
        data = event["data"]
        self.assertEqual((data["actor"], data["branch"], data["source"]), (f"{self.kind}:ben", "develop", "fire"))
        self.assertEqual((data["commit"], data["title"]), (self.head, "Fire rating"))
        self.forge.pull(7, "Fire rating", "fire", self.head, self.base, moment(9), state="merged")
        self.taken(self.forge.reviewed(7, "cleo", moment(5)))
        self.taken(self.forge.told(7, "merged", "ana"))
        self.assertEqual([event["type"] for event in self.events("pullRequest.")],
                         ["pullRequest.opened", "pullRequest.reviewed", "pullRequest.merged"])
        self.assertEqual(self.hub.admin("check", check=False).stdout, "Everything is sound.\n")

    def test_what_is_told_twice_counts_once(self):
        self.forge.pull(7, "Fire rating", "fire", self.head, self.base, moment(0))
        told = self.forge.told(7, "opened")
        self.taken(told, identity="one")
        self.ignored(told, identity="one")
        self.ignored(told, identity="two")  # The id is not under every forge's signature.
        self.hub.kill()
        self.hub.start()
        self.ignored(told, identity="one")
        self.ignored(told, identity="three")

    def test_what_is_late_changes_nothing(self):
        self.forge.pull(7, "First", "fire", self.head, self.base, moment(0))
        first = self.forge.told(7, "opened")
        first = (first[0], json.loads(json.dumps(first[1])))
        self.forge.pull(7, "Second", "fire", self.head, self.base, moment(5))
        self.taken(self.forge.told(7, "updated"))
        self.ignored(first)
        self.forge.pull(7, "Second", "fire", self.head, self.base, moment(9), state="closed")
        self.taken(self.forge.told(7, "closed"))
        self.forge.pull(7, "Second", "fire", self.head, self.base, moment(9))
        self.ignored(self.forge.told(7, "updated"))
        self.forge.pull(7, "Second", "fire", self.head, self.base, moment(10))
        self.taken(self.forge.told(7, "opened"))

    def test_pushes_hang_together(self):
        second = self.branch("second", {"W-1": {"FireRating": "REI 30"}}, base=self.head)
        third = self.branch("third", {"W-1": {"FireRating": "REI 90"}}, base=second)
        self.taken(self.forge.pushed("fire", None, self.base))
        self.taken(self.forge.pushed("fire", second, third))
        self.ignored(self.forge.pushed("fire", self.head, second))
        self.ignored(self.forge.pushed("fire", self.base, self.head))
        self.taken(self.forge.pushed("fire", third, self.base))  # Somebody rewrote the branch.
        self.taken(self.forge.pushed("other", None, self.base))
        event = self.events("forge.push")[-2]
        self.assertEqual((event["subject"], event["data"]["before"], event["data"]["commit"]), ("fire", third, self.base))

    def test_forged_deliveries_are_refused_and_noted(self):
        self.forge.pull(7, "Fire rating", "fire", self.head, self.base, moment(0))
        told = self.forge.told(7, "opened")
        for _ in range(20):
            status, answer = self.deliver(told, secret="guessed")
            self.assertEqual(status, 401, answer)
        if self.kind != "gitlab":  # Whose token says nothing of the body.
            self.assertEqual(self.deliver(told, spoil=b" ")[0], 401)
        headers, data = self.forge.signed(*told, "x", SECRET)
        bare = {name: value for name, value in headers.items() if "ignature" not in name and "Token" not in name}
        self.assertEqual(self.hub.ask("POST", "/api/v1/projects/house/forge", None, data, bare)[0], 401)
        self.assertEqual(len(self.events("forge.refused")), 1)
        self.assertEqual(self.events("pullRequest."), [])
        self.taken(told)

    def test_nobody_learns_which_projects_there_are(self):
        told = self.forge.pushed("fire", None, self.head)
        headers, data = self.forge.signed(*told, "x", SECRET)
        self.hub.admin("project", "add", "shed", "--owner", "ana")
        answers = [self.hub.ask("POST", f"/api/v1/projects/{name}/forge", None, data, headers) for name in ("shed", "none")]
        self.assertEqual([answer[0] for answer in answers], [404, 404])
        self.assertEqual(answers[0][2]["detail"].replace("shed", "none"), answers[1][2]["detail"])

    def test_what_is_of_no_use_is_no_event(self):
        self.ignored(("Note Hook" if self.kind == "gitlab" else "issues", {"action": "opened"}))
        event, body = self.forge.pushed("fire", None, self.head)
        text = json.dumps(body).replace("acme/house", "acme/barn")
        self.ignored((event, json.loads(text)))

    def test_texts_of_users_are_only_texts(self):
        self.open(title="<!-- aecos:house --> `x` | @all \u202e\n/close **b**" + "x" * 500)
        event = self.events("pullRequest.opened")[0]
        self.assertNotIn("\u202e", event["data"]["title"])
        self.assertNotIn("\n", event["data"]["title"])
        self.assertLessEqual(len(event["data"]["title"]), 201)

    def test_teams(self):
        if self.kind == "gitea":
            return  # It tells nothing of them.
        self.taken(self.forge.team_changed("structural", "dan"))
        event = self.events("team.changed")[0]
        self.assertEqual((event["data"]["member"], event["data"]["change"]), ("dan", "added"))

    # --- statuses and comments

    def test_pull_requests_are_reported_on(self):
        self.open()
        status = self.status_of(self.head)
        self.assertEqual(status.get("context") or status.get("name"), "aecos")
        self.assertEqual(status["state"], "success")
        self.assertIn("no conflicts", status["description"])
        self.assertIn("REI 120", status["description"])
        text = self.comment_of(7, "REI 120")
        self.assertTrue(text.startswith("<!-- aecos:house -->\n"), text)
        self.assertIn("| `W-1` | `Pset_WallCommon.FireRating` | `REI 60` | `REI 120` |", text)
        before = self.hub.refs("house")
        self.head = self.branch("fire", {"W-1": {"FireRating": "REI 30"}})
        self.forge.pull(7, "Fire rating", "fire", self.head, self.base, moment(5))
        self.taken(self.forge.told(7, "updated"))
        self.assertIn("REI 30", self.status_of(self.head)["description"])
        self.assertNotIn("REI 120", self.comment_of(7, "REI 30"))
        self.assertEqual({**self.hub.refs("house"), "refs/heads/fire": ""}, {**before, "refs/heads/fire": ""})

    def test_conflicts_are_counted(self):
        target = self.branch("elsewhere", {"W-1": {"FireRating": "REI 30"}, "W-2": {"Name": "W-2a"}})
        self.ana.push(f"{target}:refs/heads/develop")
        self.open(base=target)
        status = self.status_of(self.head)
        self.assertIn(status["state"], ("failure", "failed"))
        self.assertIn("1 conflict", status["description"])
        text = self.comment_of(7, "Conflict at")
        self.assertIn("`REI 30` | `REI 120`", text)
        self.assertNotIn("W-2a", text)

    def test_users_texts_are_code_in_comments(self):
        odd = self.branch("odd", {"W-1": {"Name": "@all |` **b** <b>"}})
        self.open(8, source="odd", head=odd)
        self.assertIn("| ``@all │` **b** <b>`` |", self.comment_of(8, "@all"))

    def test_large_differences_stay_within_the_limit(self):
        self.ana.git("checkout", "-q", "-B", "large", self.base)
        for number in range(1500):
            self.ana.write(f"notes/{'long-name-' * 8}{number}.json", "{}\n")
        large = self.ana.commit("many")
        self.ana.push("HEAD:refs/heads/large")
        self.open(9, source="large", head=large)
        text = self.comment_of(9, "Left out: ")
        self.assertLessEqual(len(text.encode()), 60_000)
        self.assertIn("**1500 changes**", text)

    def test_commits_that_are_not_here_are_not_reported_on(self):
        self.open(head="a" * 40)
        self.eventually(lambda: "could not be reported on" in (self.folder / "hub.log").read_text())
        self.assertEqual(self.forge.requests, [])

    def test_commits_that_come_later_are_waited_for(self):
        self.ana.git("checkout", "-q", "-B", "late", self.base)
        self.ana.write("models/house.ifc", model({"W-2": {"FireRating": "REI 240"}}))
        late = self.ana.commit("late")
        self.open(source="late", head=late)
        self.eventually(lambda: "they may come yet" in (self.folder / "hub.log").read_text())
        self.ana.push("HEAD:refs/heads/late")
        self.assertIn("REI 240", self.status_of(late)["description"])

    def test_what_was_missed_is_reported_on_after_a_restart(self):
        self.hub.stop()
        self.forge.pull(7, "Fire rating", "fire", self.head, self.base, moment(0))
        self.forge.pull(8, "Not here", "other", "a" * 40, self.base, moment(0))
        self.hub.start()
        self.assertIn("REI 120", self.status_of(self.head)["description"])
        self.comment_of(7, "REI 120")

    def test_limits_are_kept_and_it_is_tried_again(self):
        self.forge.faults = [(403, {"Retry-After": "1"}), (429, {"Retry-After": "1"})]
        self.open()
        self.assertIn("no conflicts", self.status_of(self.head)["description"])
        self.comment_of(7, "REI 120")

    def test_the_token_goes_nowhere_that_the_administrator_did_not_name(self):
        other = Forge(self.kind, TOKEN)
        self.addCleanup(other.stop)
        self.ana.git("checkout", "-q", "-B", "develop", self.base)
        self.write_settings(api=other.api)
        self.ana.commit("elsewhere")
        self.ana.push("HEAD:refs/heads/develop")
        self.open()
        self.eventually(lambda: "notify.allow" in (self.folder / "hub.log").read_text())
        self.assertEqual(other.requests, [])
        self.assertIn("notify.allow", self.hub.get("/api/v1/projects/house/pull-requests", "ana")["fault"])

    # --- the command line

    def aecos(self, *arguments, check=True, **variables):
        names = {"github": "GITHUB", "gitlab": "GITLAB", "gitea": "GITEA"}
        named = {f"{names[self.kind]}_{name}": value for name, value in variables.items()}
        done = subprocess.run([AECOS, *arguments], cwd=self.ana.folder, capture_output=True, text=True,
                              env={**ENVIRONMENT, "HOME": str(self.folder), **named})
        if check and done.returncode != 0:
            raise AssertionError(f"{arguments}: {done.returncode}\n{done.stdout}\n{done.stderr}")
        self.assertNotIn(TOKEN, done.stdout + done.stderr)
        return done

    def roles(self):
        return json.loads((self.ana.folder / ".aecos/roles.json").read_text())

    def test_roles_follow_the_teams(self):
        self.ana.git("checkout", "-q", "-B", "develop", self.base)
        self.forge.page_max = 2
        self.forge.teams = {"owners": ["x"], "structural": ["Ana", "cleo-x", "dan"]}
        own = {"TOKEN": TOKEN, "API_URL": self.forge.api}
        told = json.loads(self.aecos("roles", "sync", "--json", "--dry-run", **own).stdout)
        self.assertEqual({(each["what"], each["member"]) for each in told["changes"]},
                         {("removed", "ben"), ("added", "cleo"), ("joined", "dan")})
        self.assertEqual((told["written"], self.roles()), (False, ROLES))
        text = self.aecos("roles", "sync", **own).stdout
        for words in ("loses structural", "gets structural", "joins with structural"):
            self.assertIn(words, text)
        members = self.roles()["members"]
        self.assertEqual({name: member["roles"] for name, member in members.items()},
                         {"ana": ["lead", "structural"], "ben": [], "cleo": ["architect", "structural"],
                          "dan": ["structural"]})
        self.assertEqual(self.ana.git("log", "-1", "--format=%H").stdout.strip(), self.base)  # Nothing is committed.
        self.assertIn("as the teams are", self.aecos("roles", "sync", **own).stdout)

    def test_roles_through_the_hub(self):
        self.ana.git("checkout", "-q", "-B", "develop", self.base)
        self.forge.teams = {"structural": ["ana", "ben"]}
        self.assertIn("as the teams are", self.aecos("roles", "sync").stdout)
        self.hub.user("eva")
        self.hub.admin("project", "member", "house", "eva", "read")
        status, _, _ = self.hub.ask("GET", "/api/v1/projects/house/team-members?team=acme/structural", "eva")
        self.assertEqual(status, 403)

    def test_roles_are_left_alone_where_the_team_cannot_be_read(self):
        self.ana.git("checkout", "-q", "-B", "develop", self.base)
        before = (self.ana.folder / ".aecos/roles.json").read_bytes()
        for token, words in ((TOKEN, "may not see it"), ("another", "does not accept the token")):
            done = self.aecos("roles", "sync", check=False, TOKEN=token, API_URL=self.forge.api)
            self.assertNotEqual(done.returncode, 0)
            self.assertIn(words, done.stderr)
        self.forge.faults = [(429, {"Retry-After": "7"})]
        done = self.aecos("roles", "sync", check=False, TOKEN=TOKEN, API_URL=self.forge.api)
        self.assertEqual(done.returncode, 5)
        self.assertIn("in 7 s", done.stderr)
        self.assertEqual((self.ana.folder / ".aecos/roles.json").read_bytes(), before)

    def test_a_cloned_project_gets_no_token_sent_to_it(self):
        self.ana.git("checkout", "-q", "-B", "develop", self.base)
        self.forge.teams = {"structural": ["ana"]}
        done = self.aecos("roles", "sync", check=False, TOKEN=TOKEN)
        self.assertEqual(done.returncode, 4, done.stderr)
        self.assertIn("_API_URL", done.stderr)
        self.assertEqual(self.forge.requests, [])

    def test_variables_of_the_work_tree_count_if_git_ignores_them(self):
        self.ana.git("checkout", "-q", "-B", "develop", self.base)
        self.forge.teams = {"structural": ["ana", "ben"]}
        name = {"github": "GITHUB", "gitlab": "GITLAB", "gitea": "GITEA"}[self.kind]
        self.ana.write(".env", f"{name}_TOKEN={TOKEN}\n{name}_API_URL={self.forge.api}/\n")
        self.assertIn("as the teams are", self.aecos("roles", "sync").stdout)
        self.assertTrue(self.forge.requests)
        self.ana.git("remote", "set-url", "origin", str(self.folder / "nowhere"))
        self.ana.git("add", "-f", ".env")  # Now it may be anybody's.
        done = self.aecos("roles", "sync", check=False)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("there is no token", done.stderr)

    def test_status_shows_open_pull_requests(self):
        self.open()
        self.status_of(self.head)
        self.forge.reviews[7] = [("cleo", "APPROVED")]
        self.forge.pull(8, "Closed one", "x", self.head, self.base, moment(0), state="closed")
        text = self.aecos("sync", "status").stdout
        self.assertIn("Open pull requests of acme/house", text)
        self.assertRegex(text, r"#7 +Fire rating +ben +fire → develop +checks passed, 1 approval")
        self.assertNotIn("Closed one", text)
        told = json.loads(self.aecos("sync", "status", "--json").stdout)
        self.assertEqual([each["number"] for each in told["pullRequests"]], [7])
        asked = len(self.forge.requests)
        self.aecos("sync", "status")
        self.assertEqual(len(self.forge.requests), asked)  # Not at every look.

    def test_a_forge_that_is_down_is_a_line(self):
        self.forge.stop()
        done = self.aecos("sync", "status")
        lines = [line for line in done.stdout.splitlines() if line.startswith("Pull requests are not known: ")]
        self.assertEqual(len(lines), 1, done.stdout)

    def test_status_without_a_hub(self):
        self.open()
        self.status_of(self.head)
        run("git", "init", "-q", "--bare", self.folder / "plain.git", folder=self.folder)
        self.ana.git("remote", "set-url", "origin", str(self.folder / "plain.git"))
        text = self.aecos("sync", "status", TOKEN=TOKEN, API_URL=self.forge.api).stdout
        self.assertIn("Fire rating", text)
        done = self.aecos("sync", "status", check=False)
        self.assertIn("no aecos hub", done.stderr)

    def test_nothing_is_said_where_nothing_is_set_up(self):
        self.ana.git("checkout", "-q", "-B", "develop", self.base)
        (self.ana.folder / ".aecos/forge.json").unlink()
        self.ana.commit("none")
        self.ana.push("HEAD:refs/heads/develop")
        self.assertNotIn("ull request", self.aecos("sync", "status").stdout)


class GithubTest(Cases, HubTest):
    kind = "github"

    def as_app(self):
        """The hub has the App's key, and no token any more. The tokens that were made of it."""
        key, public = self.folder / "app.pem", self.folder / "app.pub"
        subprocess.run(["openssl", "genrsa", "-out", key, "2048"], check=True, stderr=subprocess.DEVNULL)
        subprocess.run(["openssl", "rsa", "-in", key, "-pubout", "-out", public], check=True, stderr=subprocess.DEVNULL)
        self.forge.app = ("Iv1.8a61f9b3a7aba766", "4711", public)
        self.ana.git("checkout", "-q", "-B", "develop", self.base)
        self.write_settings(app=self.forge.app[0], installation=self.forge.app[1], token="FORGE_KEY")
        self.base = self.ana.commit("app")
        self.ana.push("HEAD:refs/heads/develop")
        self.head = self.branch("fire", {"W-1": {"FireRating": "REI 120"}})
        self.keep("FORGE_KEY", key.read_text())
        return self.forge.app_tokens

    def test_an_apps_key_gives_tokens(self):
        made = self.as_app()
        self.open()
        self.assertIn("REI 120", self.status_of(self.head)["description"])
        self.comment_of(7, "REI 120")
        self.assertEqual(self.hub.get("/api/v1/projects/house/pull-requests", "ana")["fault"], "")
        self.assertEqual(len(made), 1)  # It is kept for as long as it holds.
        for secret in [*made, (self.folder / "app.pem").read_text().splitlines()[1]]:
            self.assertNotIn(secret, (self.folder / "hub.log").read_text())

    def test_a_token_that_ends_soon_is_made_anew(self):
        self.forge.app_seconds = 200
        made = self.as_app()
        self.open()
        self.comment_of(7, "REI 120")
        self.forge.reviews[7] = [("dan", "APPROVED")]
        self.hub.get("/api/v1/projects/house/pull-requests", "ana")
        self.assertEqual(len(made), 2)

    def test_what_is_no_key_is_said(self):
        self.as_app()
        self.keep("FORGE_KEY", "no-key")
        self.open()
        self.eventually(lambda: "a private RSA key as PEM" in (self.folder / "hub.log").read_text())
        self.assertEqual(self.forge.app_tokens, [])


class GitlabTest(Cases, HubTest):
    kind = "gitlab"


class GiteaTest(Cases, HubTest):
    kind = "gitea"


if __name__ == "__main__":
    main()
