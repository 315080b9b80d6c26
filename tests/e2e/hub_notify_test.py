#!/usr/bin/env python3
"""Who is told of what by a hub: its channels against stand-ins that are as strict as the services, routes, the inbox,
what fails and is tried again, kills, and addresses that a hub must not be led to."""
import json
import pathlib
import random
import shutil
import tempfile
import time
import urllib.parse

from hub import Desk, HubTest
from notify_stand_ins import HAS_MAIL, StandIns
from people import AECOS, LONG, Team, main, run

GUID = "2O2Fr$t4X7Zf8NOew3FLOH"


def element(name="W-12", fire="REI 60", bearing=True, global_id=GUID, ifc_class="IfcWall"):
    return json.dumps({"globalId": global_id, "class": ifc_class, "name": name,
                       "properties": {"Pset_WallCommon": {"FireRating": fire, "LoadBearing": bearing}}}, indent=2) + "\n"


def formatted(block):
    """The texts of a Slack message in which marks mean something."""
    if isinstance(block, list):
        return [text for each in block for text in formatted(each)]
    if not isinstance(block, dict):
        return []
    return [block["text"]] if block.get("type") == "mrkdwn" else formatted(list(block.values()))


class NotifyTest(HubTest):
    """A hub that may reach the stand-ins, and nothing else of this machine."""

    rates = False

    def setUp(self):
        self.them = StandIns(rates=self.rates)
        self.them.start()
        self.addCleanup(self.them.stop)
        own = pathlib.Path(tempfile.mkdtemp(prefix="aecos-notify-"))
        self.addCleanup(shutil.rmtree, own, ignore_errors=True)
        lines = [f'notify.allow = "{urllib.parse.urlsplit(self.them.url("slack")).netloc}"']
        if HAS_MAIL:
            (own / "password").write_text(self.them.password + "\n")
            lines += [f'mail.server = "{self.them.url("mail")}"', f'mail.user = "{self.them.user}"',
                      f'mail.password-file = "{own / "password"}"', f'mail.ca-file = "{self.them.ca_file}"',
                      'mail.from = "aecos <aecos@example.org>"']
        (own / "hub.toml").write_text("\n".join(lines) + "\n")
        self.options = ("--config", own / "hub.toml")
        super().setUp()
        self.project(owner="ana", ben="write", cleo="read")
        self.desk = Desk(self.hub, "house", "ana")
        self.desk.git("config", "aecos.hub", self.hub.url)
        self.desk.write("elements/w12/metadata.json", element())

    def channels(self, channels, routes=None, **more):
        """Settings with these channels: {name: kind or object}; secrets of theirs are given to the hub."""
        settings = {"channels": {}, "routes": routes or [{"to": list(channels), "events": "commit.integrated"}], **more}
        for name, channel in channels.items():
            channel = {"kind": channel} if isinstance(channel, str) else dict(channel)
            kind = channel["kind"]
            if kind in ("slack", "teams", "discord", "webhook") and "url" not in channel:
                where = "teams card" if channel.get("form") == "card" else kind
                self.secret(f"URL_{name}", self.them.url(f"{where}/{name}"))
                channel["secret"] = f"URL_{name}"
            if kind == "webhook" and "signing" not in channel:
                self.secret(f"SIGN_{name}", self.them.secret)
                channel["signing"] = f"SIGN_{name}"
            settings["channels"][name] = channel
        self.desk.write(".aecos/notify.json", json.dumps(settings, indent=2) + "\n")
        self.desk.commit("Who is told")
        self.desk.push()

    def secret(self, name, value, who="ana", status=204):
        done = self.hub.ask("PUT", f"/api/v1/projects/house/secrets/{name}", who, {"value": value})
        self.assertEqual(done[0], status, done)

    def change(self, **values):
        self.desk.pull()
        self.desk.write("elements/w12/metadata.json", element(**values))
        self.desk.commit("A change")
        self.desk.push()

    def states(self):
        return {each["name"]: each for each in self.hub.get("/api/v1/projects/house/channels", "ana")["channels"]}

    def until(self, what, true, timeout=30):
        deadline = time.monotonic() + timeout
        while not (found := true()):
            self.assertLess(time.monotonic(), deadline, what)
            time.sleep(0.05)
        return found

    def cli(self, *arguments, check=True, **more):
        return run(AECOS, *arguments, folder=self.desk.folder, check=check, **more)


class Channels(NotifyTest):
    def test_each_service_is_told_in_its_own_way(self):
        channels = {"chat": "slack", "site": "teams", "cards": {"kind": "teams", "form": "card"}, "bim": "discord",
                    "erp": "webhook"}
        if HAS_MAIL:
            channels["letters"] = {"kind": "mail", "to": ["dora@example.org"]}
        self.channels(channels)
        self.change(fire="REI 120")
        for name, channel in channels.items():
            kind = channel if isinstance(channel, str) else channel["kind"]
            got = self.them.wait_for(kind if kind == "mail" else f"{kind}/{name}", 1)[-1]
            text = got.body.decode(errors="replace") if kind != "mail" else got.mail.get_body(("plain",)).get_content()
            for part in ("REI 60", "REI 120", "W-12"):
                self.assertIn(part, text, name)
        message = json.loads(self.them.received("slack/chat")[-1].body)
        links = [button["url"] for block in message["blocks"] if block["type"] == "actions" for button in block["elements"]]
        self.assertEqual(len(links), 2)
        shown = (pathlib.Path(AECOS).parent / "web/dist/view.js").exists()  # Without npm's packages there is no view.
        for link in links:  # They lead somewhere.
            wanted = 200 if shown or "/view?" not in link else 503
            self.assertEqual(self.hub.ask("GET", link.removeprefix(self.hub.url))[0], wanted, link)
        hook = self.them.received("webhook/erp")[-1]
        event = self.hub.events("house", type="commit.integrated")[-1]
        self.assertEqual(json.loads(hook.body), event)
        self.assertEqual(self.them.faults, [])

    def test_users_texts_command_nobody(self):
        self.channels({"chat": "slack", "site": "teams", "bim": "discord"})
        self.change(name="<!channel> @everyone *bold* [x](http://evil) & <b>", fire="@here")
        for name in ("slack/chat", "teams/site", "discord/bim"):
            self.them.wait_for(name, 1)
        message = json.loads(self.them.received("slack/chat")[-1].body)
        self.assertNotIn("<!channel", "\n".join(formatted(message)) + message["text"])
        self.assertEqual(json.loads(self.them.received("discord/bim")[-1].body)["allowed_mentions"], {"parse": []})
        self.assertEqual(self.them.faults, [])

    def test_only_whom_a_route_fits(self):
        self.channels({"structural": "slack", "all": "webhook"},
                      [{"to": "structural", "properties": ["*.LoadBearing"]}, {"to": "structural", "classes": ["IfcBeam"]},
                       {"to": "all"}])
        self.change(fire="REI 90")
        self.them.wait_for("webhook/all", 1)
        self.assertEqual(self.them.received("slack/structural"), [])
        self.change(fire="REI 90", bearing=False)
        told = self.them.wait_for("slack/structural", 1)[0].body.decode()
        self.assertIn("LoadBearing", told)
        self.desk.pull()
        self.desk.write("elements/b1/metadata.json", element("B-1", global_id="2O2Fr$t4X7Zf8NOew3FLOB", ifc_class="IfcBeam"))
        self.desk.commit("A beam")
        self.desk.push()
        self.them.wait_for("slack/structural", 2)

    def test_a_fault_in_the_settings_is_told(self):
        self.channels({"chat": "slack"})
        self.desk.write(".aecos/notify.json", '{"channels": {"chat": {"kind": "slak"}}}')
        self.desk.commit("A mistake")
        self.desk.push()
        self.assertIn("not slak", self.hub.get("/api/v1/projects/house/channels", "ana")["fault"])
        self.assertIn("not slak", self.cli("notify", "channels").stderr)

    def test_secrets_stay_in_the_hub(self):
        self.secret("X", "https://hooks.example.org/very-secret")
        self.secret("X", "value", who="ben", status=403)
        for status in (self.hub.ask("GET", "/api/v1/projects/house/secrets", "ben")[0],
                       self.hub.ask("DELETE", "/api/v1/projects/house/secrets/X", "ben")[0]):
            self.assertEqual(status, 403)
        listed = self.hub.get("/api/v1/projects/house/secrets", "ana")
        self.assertEqual([each["name"] for each in listed["secrets"]], ["X"])
        everything = json.dumps([listed, self.hub.all_events("house")])
        for data in [everything.encode(), (self.hub.folder / "hub.log").read_bytes(),
                     *(path.read_bytes() for path in self.hub.data.glob("hub.db*"))]:
            self.assertNotIn(b"very-secret", data)
        self.assertEqual((self.hub.data / "secret.key").stat().st_mode & 0o777, 0o600)
        done = self.cli("notify", "secret", "set", "Y", input="https://example.org/other-secret\n")
        self.assertNotIn("other-secret", done.stdout + done.stderr)
        self.assertIn("Y", self.cli("notify", "secret", "list").stdout)
        self.cli("notify", "secret", "remove", "Y")
        self.assertNotIn("Y", self.cli("notify", "secret", "list").stdout)

    def test_preview_and_test(self):
        self.channels({"chat": "slack", "bim": "discord"}, [{"to": "chat"}])
        self.change(fire="REI 180")
        sequence = self.hub.events("house", type="commit.integrated")[-1]["data"]["seq"]
        shown = self.cli("notify", "preview", str(sequence)).stdout
        self.assertIn("goes to: chat", shown)
        self.assertIn("REI 180", shown)
        self.assertIn("embeds", self.cli("notify", "preview", str(sequence), "--channel", "bim").stdout)
        before = len(self.them.received("discord/bim"))
        self.assertIn("took the message", self.cli("notify", "test", "bim").stdout)
        self.assertEqual(len(self.them.received("discord/bim")), before + 1)
        self.them.kill("discord/bim")
        failed = self.cli("notify", "test", "bim", check=False)
        self.assertNotEqual(failed.returncode, 0)
        self.assertNotIn("secret-part", failed.stderr)


class Bursts(NotifyTest):
    rates = True

    def test_much_at_once_is_one_message(self):
        self.channels({"chat": "slack"})
        for number in range(12):
            self.change(fire=f"REI {number}")
        last = self.until("the last is told", lambda: [one for one in self.them.received("slack/chat")
                                                       if b"REI 11" in one.body])
        self.assertLess(len(self.them.received("slack/chat")), 9)
        self.assertEqual(self.them.faults + self.them.too_fast, [])
        self.assertTrue(last)


class Inbox(NotifyTest):
    def items(self, who, **query):
        text = "&".join(f"{name}={value}" for name, value in query.items())
        return self.hub.get(f"/api/v1/projects/house/inbox?{text}", who)["items"]

    def test_watchers_hear_of_what_they_watch(self):
        self.channels({}, [])
        status, _, _ = self.hub.ask("POST", "/api/v1/projects/house/watches", "cleo", {"kind": "element", "target": GUID})
        self.assertEqual(status, 201)
        self.hub.ask("POST", "/api/v1/projects/house/watches", "ben", {"kind": "property", "target": "*.LoadBearing"})
        self.hub.ask("POST", "/api/v1/projects/house/watches", "ana", {"kind": "element", "target": GUID})
        self.change(fire="REI 30")
        self.assertEqual([item["reason"] for item in self.items("cleo")], ["watched"])
        self.assertEqual(self.items("ben"), [])
        self.assertEqual(self.items("ana"), [])  # Who did it knows.
        self.change(fire="REI 30", bearing=False)
        self.assertEqual(len(self.items("ben", unread="true")), 1)
        self.hub.ask("POST", "/api/v1/projects/house/inbox/read", "ben", {})
        self.assertEqual(self.items("ben", unread="true"), [])
        self.assertEqual(len(self.items("ben")), 1)
        self.assertEqual(self.hub.get("/api/v1/inbox", "cleo")["items"][0]["project"], "house")
        self.hub.ask("POST", "/api/v1/projects/house/watches/remove", "cleo", {"kind": "element", "target": GUID})
        self.change(fire="REI 45", bearing=False)
        self.assertEqual(len(self.items("cleo")), 2)

    def test_in_the_terminal(self):
        self.channels({"people": {"kind": "inbox", "to": "everybody"}}, [{"to": "people", "events": "lock.*"}])
        self.assertIn("You hear of", self.cli("watch", "*.FireRating").stdout)
        self.assertIn("*.FireRating", self.cli("watch").stdout)
        self.hub.ask("POST", "/api/v1/projects/house/locks", "ben", {"kind": "element", "target": GUID, "reason": "mine"})
        self.assertIn("ben locked", self.cli("inbox", "--read").stdout)
        self.assertIn("Nothing new.", self.cli("inbox").stdout)
        self.assertIn("ben locked", self.cli("inbox", "--all").stdout)
        self.cli("unwatch", "*.FireRating")
        self.assertIn("You watch nothing", self.cli("watch").stdout)

    def test_an_element_is_watched_by_its_name_before_a_property_is(self):
        self.cli("watch", "W-12")
        self.cli("watch", "FireRating")
        watches = json.loads(self.cli("watch", "--json").stdout)["watches"]
        self.assertEqual({(each["kind"], each["target"]) for each in watches},
                         {("element", GUID), ("property", "FireRating")})
        done = self.cli("watch", "W-13", check=False)
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn("W-13 is neither an element", done.stderr)
        self.cli("unwatch", "W-12")
        self.cli("unwatch", "FireRating")
        self.assertIn("You watch nothing", self.cli("watch").stdout)


class Trouble(NotifyTest):
    def test_a_dead_channel_is_disabled_and_told_by_another(self):
        self.channels({"chat": "slack", "spare": "webhook"},
                      [{"to": "chat", "events": "commit.*"}, {"to": "spare", "events": "notification.failed"}])
        self.them.kill("slack/chat")
        self.change(fire="REI 1")
        told = json.loads(self.them.wait_for("webhook/spare", 1)[0].body)
        self.assertEqual((told["type"], told["subject"]), ("notification.failed", "chat"))
        self.assertNotIn("secret-part", json.dumps(told))
        self.assertTrue(self.states()["chat"]["disabled"])
        inbox = self.hub.get("/api/v1/inbox", "ana")["items"]
        self.assertEqual([item["reason"] for item in inbox], ["managing"])
        # What happens meanwhile waits, and goes when the channel is used again.
        self.change(fire="REI 2")
        self.assertEqual(self.states()["chat"]["waiting"], 2)
        self.them.revive("slack/chat")
        self.assertIn("2 messages", self.cli("notify", "replay", "chat").stdout)
        self.until("the rest is told", lambda: any(b"REI 2" in one.body for one in self.them.received("slack/chat")))
        self.until("nothing waits", lambda: self.states()["chat"]["waiting"] == 0)

    def test_what_is_refused_lies_ready_and_the_rest_goes_on(self):
        self.channels({"chat": "slack"})
        self.them.fail_next("slack/chat", "400")
        self.change(fire="REI 1")
        self.change(fire="REI 2")
        self.until("the next is told", lambda: any(b"REI 2" in one.body for one in self.them.received("slack/chat")))
        self.assertEqual(self.states()["chat"]["failed"], 1)
        self.assertIn("chat", self.cli("notify", "failed").stdout)
        self.assertIn("1 messages", self.cli("notify", "replay", "chat").stdout)
        self.until("it is told", lambda: any(b"REI 1" in one.body for one in self.them.received("slack/chat")))
        self.assertIn("Everything was delivered", self.cli("notify", "failed").stdout)

    def test_nothing_is_lost_over_kills_and_failures(self):
        """Every event at least once and in order, whatever the receivers and the hub go through."""
        events, kills, probability = (10_000, 20, 0.3) if LONG else (150, 3, 0.3)
        names = [f"hook{number}" for number in range(10 if LONG else 3)]
        self.channels({name: "webhook" for name in names}, [{"to": names, "events": "check.*"}])
        self.them.hang_s = 0.5
        self.them.failing(probability, seed=7, ways=["429 bare", "500", "502", "503", "close", "close!", "cut", "cut!",
                                                     "garbage", "page"])
        head = self.desk.head()
        dice, sent = random.Random(11), 0
        moments = {dice.randrange(events) for _ in range(kills)}
        while sent < events:
            if sent in moments:
                moments.discard(sent)
                self.hub.kill()
                self.hub.start()
            status, _, answer = self.hub.ask("POST", "/api/v1/projects/house/checks", "ana",
                                             {"commit": head, "name": f"c{sent % 7}", "state": "passed",
                                              "summary": f"number {sent}"})
            self.assertIn(status, (200, 201), answer)
            sent += 1
        stored = [event["data"]["seq"] for event in self.hub.all_events("house") if event["type"].startswith("check.")]
        self.assertEqual(len(stored), events)
        self.until("all is told", lambda: all(state["waiting"] == 0 for state in self.states().values()),
                   timeout=1500 if LONG else 120)
        for name in names:
            got = self.them.received(f"webhook/{name}")
            first, order = set(), []
            for one in got:
                sequence = json.loads(one.body)["data"]["seq"]
                self.assertEqual(one.is_repeat, sequence in first, name)  # The same event has the same id.
                if sequence not in first:
                    order.append(sequence)
                first.add(sequence)
            self.assertEqual(order, stored, name)
        self.assertEqual(self.them.faults, [])


class Addresses(NotifyTest):
    """Where a hub must not be led to by what somebody writes into a repository."""

    def test_into_its_own_network(self):
        port = self.them.server.server_address[1]
        hub_port = self.hub.port
        bad = {"hub": f"http://127.0.0.1:{hub_port}/api/v1", "loop": f"https://127.0.0.1:{hub_port}/",
               "name": f"https://localhost:{hub_port}/", "short": f"https://127.1:{hub_port}/",
               "number": f"https://2130706433:{hub_port}/", "octal": f"https://0177.0.0.1:{hub_port}/",
               "six": f"https://[::1]:{hub_port}/", "mapped": f"https://[::ffff:127.0.0.1]:{hub_port}/",
               "meta": "https://169.254.169.254/latest/meta-data", "private": "https://10.0.0.1/x",
               "home": "https://192.168.1.1/x", "shared": "https://100.64.0.1/x", "zero": f"https://0.0.0.0:{hub_port}/",
               "ula": "https://[fd00::1]/x", "link": "https://[fe80::1]/x", "nat": "https://[64:ff9b::7f00:1]/x",
               "user": f"https://a:b@127.0.0.1:{hub_port}/", "port": "https://example.org:25/"}
        allowed = {"allowed": f"http://127.0.0.1:{port}/hook/allowed"}
        self.channels({name: {"kind": "webhook", "url": url} for name, url in {**bad, **allowed}.items()})
        self.change(fire="REI 1")
        self.them.wait_for("webhook/allowed", 1)
        for name in bad:
            state = self.until(f"{name} is refused", lambda: (lambda s: s if s["disabled"] or s["lastError"] else None)(
                self.states()[name]), timeout=60)
            self.assertEqual(self.them.received(f"webhook/{name}"), [], state)


class WithoutAHub(Team):
    def test_the_client_tells_by_itself(self):
        them = StandIns(rates=False)
        them.start()
        self.addCleanup(them.stop)
        [ana] = self.people("ana", files={"elements/w12/metadata.json": element(), ".gitignore": ".env\n"})
        ana.write(".env", f"# ours\nexport SLACK_WEBHOOK='{them.url('slack')}'\nDISCORD_WEBHOOK={them.url('discord')}\n")
        ana.write("elements/w12/metadata.json", element(fire="REI 120"))
        ana.sync()
        text = them.wait_for("slack", 1)[0].body.decode()
        for part in ("ana", "W-12", "REI 60", "REI 120"):
            self.assertIn(part, text)
        them.wait_for("discord", 1)
        ana.sync()  # Nothing new is nothing to tell.
        self.assertEqual(len(them.received("slack")), 1)
        ana.write(".gitignore", "")  # Whatever .env says now may be of anybody who pushes.
        told = ana.aecos("sync").stderr
        for name in ("SLACK_WEBHOOK", "DISCORD_WEBHOOK"):
            self.assertIn(f"{name} in .env does not count", told)
        ana.write(".gitignore", ".env\n")
        ana.git("rm", "-q", "--cached", ".env")
        ana.git("commit", "-q", "-a", "-m", ".env is mine")
        ana.sync()
        them.wait_for("slack", 2)
        self.assertEqual([len(them.received(each)) for each in ("slack", "discord")], [2, 2])
        ana.write("elements/w12/metadata.json", element(fire="REI 150"))
        ana.aecos("sync", "--offline")  # It is told when it is shared.
        self.assertEqual(len(them.received("slack")), 2)
        ana.sync()
        self.assertIn("REI 150", them.wait_for("slack", 3)[2].body.decode())
        them.fail_next("slack", "500")
        ana.write("elements/w12/metadata.json", element(fire="REI 180"))
        done = ana.aecos("sync")
        self.assertEqual(done.returncode, 0)
        self.assertIn("was not told", done.stderr)
        self.assertNotIn("secret-part", done.stderr)
        self.assertEqual(them.faults, [])


if __name__ == "__main__":
    main()
