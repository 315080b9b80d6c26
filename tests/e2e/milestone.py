#!/usr/bin/env python3
"""What aecos is for, in one run: Ana generates a wall from a sentence; while she moves it, Ben changes what it must comply
with; both changes are merged, the team is told, the view follows, and everything is in the audit trail.

    ./dev demo           shows it and ends
    ./dev demo --stay    leaves the hub running, to look at the view

A real hub, two real `aecos sync --watch`, and services on this machine that check what they are sent as strictly as the
real ones.
"""
import argparse
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from hub import Hub  # noqa: E402
from notify_stand_ins import HAS_MAIL, StandIns  # noqa: E402
from people import AECOS, ENVIRONMENT, run  # noqa: E402

try:
    from speckle_stand_in import SpeckleServer
except ImportError:
    SpeckleServer = None

SENTENCE = "wall W-90, 5 m long, 200 mm thick, 2.8 m high, concrete, REI 90, load-bearing, at 2,12 on Storey 0"
PASSWORD = "a long enough secret"
ROLES = {"version": 1,
         "members": {"ana": {"roles": ["architect"], "email": "ana@example.org"},
                     "ben": {"roles": ["fire"], "email": "ben@example.org"}},
         "roles": {"architect": {"may": [{"write": "**"}, {"manage": "roles"}]},
                   "fire": {"may": [{"write": "elements/**"}]}}}


class Person:
    """A work tree that a watching sync keeps up."""

    def __init__(self, hub, login):
        self.login, self.name, self.folder = login, login.capitalize(), hub.folder / login
        self.environment = {**ENVIRONMENT, "HOME": str(hub.folder)}
        run("git", "clone", "-q", hub.address("house", login), self.folder, folder=hub.folder)
        for name, value in (("user.name", self.name), ("user.email", f"{login}@example.org")):
            run("git", "config", name, value, folder=self.folder)
        self.aecos("init")
        self.watching = None

    def aecos(self, *arguments, **environment):
        done = subprocess.run([AECOS, *map(str, arguments)], cwd=self.folder, env={**self.environment, **environment},
                              capture_output=True, text=True)
        if done.returncode != 0:
            raise AssertionError(f"{self.login}: aecos {arguments}: {done.returncode}\n{done.stdout}\n{done.stderr}")
        return done.stdout

    def watch(self):
        self.log = open(self.folder.with_suffix(".log"), "ab")
        self.watching = subprocess.Popen([AECOS, "sync", "--watch"], cwd=self.folder, env=self.environment,
                                         stdout=self.log, stderr=self.log)

    def end(self):
        if self.watching and self.watching.poll() is None:
            self.watching.send_signal(signal.SIGINT)
            self.watching.wait(timeout=60)
            self.log.close()

    def tree(self):
        return run("git", "rev-parse", "HEAD^{tree}", folder=self.folder).stdout.strip()

    def save(self, path, text):
        """As programs do: beside, and then over it."""
        whole = self.folder / path
        whole.with_suffix(".tmp").write_text(text)
        os.replace(whole.with_suffix(".tmp"), whole)


class Milestone:
    def __init__(self, folder, say=lambda line: None):
        self.folder, self.began, self.lines, self.say = pathlib.Path(folder), time.monotonic(), [], say
        self.closing = []
        self.has_view = (pathlib.Path(AECOS).parent / "web/dist/view.js").exists() and bool(shutil.which("node"))

    def note(self, what):
        line = f"{time.monotonic() - self.began:7.2f} s  {what}"
        self.lines.append(line)
        self.say(line)

    def close(self):
        for each in reversed(self.closing):
            each()

    def wait(self, what, true, timeout=60):
        """What it gives, and when it was first so."""
        deadline = time.monotonic() + timeout
        while not (found := true()):
            if time.monotonic() > deadline:
                raise AssertionError(f"it did not come: {what}")
            time.sleep(0.01)
        return found

    # --- the stage

    def set_up(self):
        self.them = StandIns(rates=False)
        self.them.start()
        self.closing.append(self.them.stop)
        lines = [f'notify.allow = "{urllib.parse.urlsplit(self.them.url("slack")).netloc}"']
        if HAS_MAIL:
            (self.folder / "password").write_text(self.them.password + "\n")
            lines += [f'mail.server = "{self.them.url("mail")}"', f'mail.user = "{self.them.user}"',
                      f'mail.password-file = "{self.folder / "password"}"', f'mail.ca-file = "{self.them.ca_file}"',
                      'mail.from = "aecos <aecos@example.org>"']
        (self.folder / "hub.toml").write_text("\n".join(lines) + "\n")
        self.hub = Hub(self.folder, "--config", self.folder / "hub.toml")
        self.closing.append(self.hub.stop)
        for login, scope in (("ana", "admin"), ("ben", "write")):
            self.hub.user(login, scope=scope)
        self.hub.admin("project", "add", "house", "--owner", "ana")
        self.hub.admin("project", "member", "house", "ben", "write")
        self.give("SLACK", self.them.url("slack"))
        self.give("TEAMS", self.them.url("teams"))
        self.ana = Person(self.hub, "ana")
        self.write_project()
        self.ana.aecos("sync")
        self.ben = Person(self.hub, "ben")
        for person in (self.ana, self.ben):
            person.watch()
            self.closing.append(person.end)
        present = lambda: self.hub.get("/api/v1/projects/house/presence", "ana")["present"]
        self.wait("both watch", lambda: len(present()) == 2)
        self.note("a hub, the house, Ana (architect) and Ben (fire safety); both have it open, synced as they save")

    def give(self, name, value):
        status, _, answer = self.hub.ask("PUT", f"/api/v1/projects/house/secrets/{name}", "ana", {"value": value})
        assert status == 204, answer

    def write_project(self):
        channels = {"structural": {"kind": "slack", "secret": "SLACK"}, "site": {"kind": "teams", "secret": "TEAMS"}}
        if HAS_MAIL:
            channels["letters"] = {"kind": "mail", "to": ["dora@example.org"]}
        notify = {"channels": channels, "routes": [{"to": list(channels), "events": ["commit.integrated", "conflict.*"]}]}
        for path, content in ((".aecos/roles.json", ROLES), (".aecos/notify.json", notify)):
            (self.ana.folder / path).parent.mkdir(exist_ok=True)
            (self.ana.folder / path).write_text(json.dumps(content, indent=2) + "\n")
        (self.ana.folder / "models").mkdir()
        run(AECOS, "sample", self.ana.folder / "models/house.ifc", folder=self.folder)

    # --- what happens

    def element(self, person):
        found = sorted((person.folder / "elements").glob("wall*"))
        return found[0].relative_to(person.folder) if found else None

    def metadata(self, person):
        path = person.folder / self.element(person) / "metadata.json"
        return json.loads(path.read_text())

    def generate(self):
        saved = time.monotonic()
        made = json.loads(self.ana.aecos("generate", "--json", SENTENCE))
        self.note(f"Ana: aecos generate \"{SENTENCE}\"")
        there = lambda: self.element(self.ben) and (self.ben.folder / self.element(self.ben) / "metadata.json").exists()
        self.wait("Ben has the wall", there)
        self.note(f"Ben has {self.element(self.ben)}, {time.monotonic() - saved:.2f} s after it was asked for")
        return made

    def version(self):
        return json.loads(self.ana.aecos("visualise", "--json"))

    def both_change(self):
        """Ana moves the wall, Ben changes what it must comply with; neither has the other's change."""
        element = self.element(self.ben)
        wall, values = (self.ana.folder / element / "element.ifc").read_text(), self.metadata(self.ben)
        moved = wall.replace("(2000.,12000.,0.)", "(2500.,12000.,0.)")
        assert moved != wall
        values["properties"]["Pset_WallCommon"]["FireRating"] = "REI 120"
        values.setdefault("compliance", {})["fire"] = {"code": "EN 13501-2", "status": "approved", "by": "ben"}
        self.shown = self.version()["object"] if self.has_view else None
        self.told = {kind: len(self.them.received(kind)) for kind in ("slack", "teams", "mail")}
        ben = threading.Thread(target=self.ben.save, args=(element / "metadata.json", json.dumps(values, indent=2) + "\n"))
        self.saved, self.saved_at = time.monotonic(), time.time()
        ben.start()
        self.ana.save(element / "element.ifc", moved)
        ben.join()
        self.note("at the same time, Ana's program moves W-90 by 0.5 m and Ben sets its fire rating to REI 120, approved")

    def merged(self):
        def both():
            texts = [(person.folder / self.element(person) / "element.ifc").read_text() for person in (self.ana, self.ben)]
            return texts[0] == texts[1] and "'REI 120'" in texts[0] and self.ana.tree() == self.ben.tree() and all(
                self.metadata(person).get("compliance", {}).get("fire", {}).get("by") == "ben" and
                self.is_moved(person) for person in (self.ana, self.ben))
        self.wait("both have both changes", both)
        self.merged_s = time.monotonic() - self.saved
        self.note(f"both have both, {self.merged_s:.2f} s after the save: moved, REI 120 in metadata.json and element.ifc")

    def is_moved(self, person):
        text = (person.folder / self.element(person) / "element.ifc").read_text()
        return "(2500.,12000.,0.)" in text

    def told_of_it(self):
        kinds = ["slack", "teams"] + (["mail"] if HAS_MAIL else [])
        self.told_s = {}
        for kind in kinds:
            def about():
                return [one for one in self.them.received(kind)[self.told[kind]:] if b"REI 120" in one.body or (
                    one.mail and "REI 120" in one.mail.get_body(("plain",)).get_content())]
            [first, *_] = self.wait(f"{kind} is told", about)
            self.told_s[kind] = first.time - self.saved_at
            self.note(f"{kind:5} was told {self.told_s[kind]:.2f} s after the save:")
            for line in self.words_of(first):
                self.say(f"{'':13}| {line}")
        assert self.them.faults == [], self.them.faults

    @staticmethod
    def words_of(received):
        if received.mail:
            text = f"{received.mail['Subject']}\n{received.mail.get_body(('plain',)).get_content()}"
        else:
            found = []
            def walk(value):
                if isinstance(value, dict) and "inlines" in value:
                    found.append("".join(each if isinstance(each, str) else each["text"] for each in value["inlines"]))
                elif isinstance(value, dict):
                    text = value.get("text") if not isinstance(value.get("text"), dict) else None
                    if isinstance(text, str) and value.get("type") in ("mrkdwn", "plain_text", "TextBlock"):
                        found.append(text)
                    for each in value.values():
                        walk(each)
                elif isinstance(value, list):
                    for each in value:
                        walk(each)
            walk(received.json)
            text = "\n".join(found)
        return [line for line in text.splitlines() if line.strip()][:12]

    def seen(self):
        """The view has the merged wall."""
        self.wait("the view follows", lambda: self.version()["object"] != self.shown)
        self.wait("the view is done", lambda: self.version()["state"] == "ready")
        self.link = self.version()["link"]
        self.note(f"the view shows it: {self.link}")

    def sent(self):
        """To a Speckle server too."""
        server = SpeckleServer("for-this-demonstration")
        self.closing.append(server.stop)
        sent = json.loads(self.ana.aecos("visualise", "--send", "--json", SPECKLE_SERVER=server.url,
                                         SPECKLE_TOKEN="for-this-demonstration"))
        assert server.faults == [], server.faults
        self.note(f"sent to a Speckle server: {sent['sent']['objects']} objects")
        return sent

    def proved(self):
        conflicts = json.loads(self.ana.aecos("sync", "--json"))["conflicts"]
        assert conflicts == [], conflicts
        words = self.ana.aecos("audit", "verify").strip().splitlines()
        self.note(f"aecos audit verify: {words[-1]}")
        check = self.hub.admin("check").stdout.strip().splitlines()
        self.note(f"aecos hub check: {check[-1]}")

    def run(self):
        self.set_up()
        self.generate()
        self.both_change()
        self.merged()
        self.told_of_it()
        if self.has_view:
            self.seen()
            if SpeckleServer:
                self.sent()
        else:
            self.note("there is no view: ./dev web installs what it needs")
        self.proved()


def main():
    parser = argparse.ArgumentParser(prog="./dev demo", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", help=argparse.SUPPRESS)
    parser.add_argument("--stay", action="store_true", help="leave the hub running")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="aecos-demo-") as folder:
        milestone = Milestone(folder, print)
        try:
            milestone.run()
            if options.stay:
                print(f"\nThe hub stays until Ctrl-C. The view: {milestone.link}")
                milestone.hub.process.wait()
        except KeyboardInterrupt:
            pass
        finally:
            milestone.close()


if __name__ == "__main__":
    main()
