#!/usr/bin/env python3
"""What the hub and the live client reach: hub, clients and all that measures them on this machine, over loopback.

latency   save in one work tree -> file placed in the other, by real `aecos sync --watch` processes: two people, five on
          one element, fifty at their usual pace with one of them offline for half of the time; beside it raw git
pushers   two hundred people who push at once: a light client with packs made beforehand, and real `git push`
streams   thousands of open event streams: how soon all have an event, and what a stream costs in memory
start     from exec to /readyz, and the idle hub's memory
lfs       a large file up and down

Without a name all are measured. Times are of the clock, on a machine on which everything else takes its part too; what
other programs had of the processors before each part is told.
"""
import argparse
import base64
import collections
import concurrent.futures
import datetime
import hashlib
import http.client
import json
import multiprocessing
import os
import pathlib
import random
import resource
import select
import shutil
import socket
import statistics
import sys
import tempfile
import threading
import time

from bench_table import MET, print_table
from bench_team import (CutLine, Failed, Hub, PROJECT, Person, Placings, ROOT, at, element, expect, machine_load,
                        processor_seconds, resident_kb, run, say, sync_ms, values_of, wait_for)

PARTS = ("start", "lfs", "latency", "pushers", "streams")
WALL = "elements/wall-w12"
NO_COMMIT = "0" * 40
MB = 1e6


class Latency:
    """A hub, people with watching syncs, and what they save."""

    def __init__(self, bench, name, count, elements, cut_off=False):
        self.bench, self.elements = bench, elements
        self.hub = bench.hub(name)
        self.names = [f"p{i}" for i in range(count)]
        self.hub.team(self.names)
        self.line = CutLine(self.hub.port) if cut_off else None
        first = Person(self.hub, self.names[0])
        for number, each in enumerate(elements):
            (first.folder / each).mkdir(parents=True)
            (first.folder / each / "metadata.json").write_text(element(number, **{name: 0 for name in self.names}))
        run(self.hub.aecos, "sync", folder=first.folder)
        self.people = [first] + [Person(self.hub, name) for name in self.names[1:-1]]
        self.people.append(Person(self.hub, self.names[-1], self.line and self.line.port))
        self.saves, self.lock = [], threading.Lock()  # (who, element, value, when)
        self.last = {}                                # (who, element): value

    def __enter__(self):
        self.placings = Placings(self.people, self.elements)
        for person in self.people:
            person.watch()
        self.wait_until_there(len(self.people))
        self.began, self.spent = time.monotonic(), self.spending()
        return self

    def __exit__(self, *_):
        for person in self.people:
            person.end()
        self.placings.end()

    def wait_until_there(self, count):
        present = lambda: self.hub.ask("GET", f"/projects/{PROJECT}/presence")["present"]
        wait_for(lambda: len(present()) == count, 120, "everybody watches", 0.2)
        time.sleep(1)

    def spending(self):
        return processor_seconds(self.hub.process.pid), sum(processor_seconds(p.process.pid) for p in self.people)

    def shares(self):
        """Of a processor, while people were saving: the hub and all clients, with the git processes of each."""
        seconds = time.monotonic() - self.began
        return [(end - begin) / seconds for begin, end in zip(self.spent, self.spending())]

    def save(self, person, name):
        key = person.login, name
        value = self.last[key] = self.last.get(key, 0) + 1
        when = person.save(name, value)
        with self.lock:
            self.saves.append((*key, value, when))

    def work(self, person, until, pause):
        time.sleep(random.uniform(0, 1) * pause[1])
        while time.monotonic() < until:
            self.save(person, random.choice(self.elements))
            time.sleep(max(0.0, min(random.uniform(*pause), until - time.monotonic())))

    def all_work(self, people, seconds, pause):
        until = time.monotonic() + seconds
        threads = [threading.Thread(target=self.work, args=(person, until, pause)) for person in people]
        for thread in threads:
            thread.start()
        return threads

    def settle(self):
        """Until all have everything and nothing moves; then nothing may be lost."""
        head = self.hub.head
        same = lambda: len({person.state() for person in self.people}) == 1
        wait_for(lambda: self.people[0].git("rev-parse", "HEAD").strip() == head() and same(), 300,
                 "everybody has the same", 0.5)
        head_and_tree, left = self.people[0].state()
        expect(left == "", f"not committed: {left}")
        for (who, name), value in self.last.items():
            for person in self.people:
                found = values_of((person.folder / name / "metadata.json").read_text()).get(who)
                expect(found == value, f"{who} saved {value} in {name}, {person.login} has {found}")
        records = self.people[0].git("ls-tree", "-r", "--name-only", "HEAD", ".aecos/conflicts").splitlines()
        expect(not [record for record in records if record.endswith(".json")], f"conflicts: {records}")
        self.hub.assert_sound()
        return head_and_tree.split()[1]

    def together(self):
        """Saves that are in no commit, as the same person saved again before the first was looked at."""
        kept = set()
        for name in self.elements:
            path = f"{name}/metadata.json"
            commits = self.people[0].git("rev-list", "--full-history", "HEAD", "--", path).split()
            asked = "".join(f"{commit}:{path}\n" for commit in commits)
            texts = run("git", "cat-file", "--batch=%(objectsize)", folder=self.people[0].folder, text=False,
                        input=asked.encode())
            while texts:
                size, _, texts = texts.partition(b"\n")
                kept |= {(who, name, value) for who, value in values_of(texts[:int(size)]).items()}
                texts = texts[int(size) + 1:]
        return sum(tuple(save[:3]) not in kept for save in self.saves)

    def latencies(self, without=()):
        """Milliseconds of each save for each of the others."""
        took = []
        for who, name, value, when in self.saves:
            for person in self.people:
                if person.login == who or {who, person.login} & set(without):
                    continue
                placed = self.placings.when(person.login, name, who, value)
                expect(placed, f"{who}'s {value} in {name} was not seen at {person.login}")
                took.append((placed - when) * 1e3)
        return took


def raw_git(bench, hub, folder, address, branch, rounds):
    """Milliseconds of `git push` and `git fetch` of a change to the wall, from one clone to another."""
    took, clones = [], [folder / "one", folder / "other"]
    for clone in clones:
        run("git", "clone", "-q", "-b", "develop", address, clone, folder=hub.folder)
        run("git", "config", "user.name", "raw", folder=clone)
        run("git", "config", "user.email", "raw@example.org", folder=clone)
    path = clones[0] / WALL / "metadata.json"
    for i in range(1, rounds + 1):
        content = json.loads(path.read_text())
        content["properties"]["Work"]["p0"] = 1000 + i
        path.write_text(json.dumps(content, indent=2) + "\n")
        run("git", "commit", "-q", "-a", "-m", f"W-0: p0 {i}", folder=clones[0])
        start = time.perf_counter()
        run("git", "push", "-q", "origin", f"HEAD:{branch}", folder=clones[0])
        middle = time.perf_counter()
        run("git", "fetch", "-q", "origin", folder=clones[1])
        took.append([(middle - start) * 1e3, (time.perf_counter() - middle) * 1e3])
    ids = [run("git", "rev-parse", name, folder=clone).strip() for name, clone in zip(("HEAD", "origin/develop"), clones)]
    expect(ids[0] == ids[1], "what was pushed is not what was fetched")
    return [sum(each) for each in took], statistics.median(each[0] for each in took)


# --- pushers

def packet(text):
    return f"{len(text) + 4:04x}{text}".encode()


class LightPusher:
    """Pushes as git does, without starting one: asks for the refs, then sends a command and a pack."""

    def __init__(self, port, login, token):
        self.line = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
        self.headers = {"Authorization": "Basic " + base64.b64encode(f"{login}:{token}".encode()).decode()}

    def push(self, commit, pack):
        """What was wrong; empty: it was integrated."""
        self.line.request("GET", f"/{PROJECT}.git/info/refs?service=git-receive-pack", headers=self.headers)
        answer = self.line.getresponse()
        if b"refs/heads/" not in answer.read() or answer.status != 200:
            return f"refs: {answer.status}"
        command = f"{NO_COMMIT} {commit} refs/for/develop\0 report-status side-band-64k agent=bench"
        self.line.request("POST", f"/{PROJECT}.git/git-receive-pack", packet(command) + b"0000" + pack,
                          {**self.headers, "Content-Type": "application/x-git-receive-pack-request"})
        answer = self.line.getresponse()
        content = answer.read()
        good = answer.status == 200 and b"unpack ok" in content and b"ok refs/for/develop" in content
        return "" if good and b"integrated into" in content else f"{answer.status} {content[:300]!r}"


def push_all(port, people, start_at):
    """In a process of its own, a thread for each person: [(began, ended, what was wrong)] on the clock of all."""
    done, lock = [], threading.Lock()

    def one(login, token, work):
        pusher = LightPusher(port, login, token)
        time.sleep(max(0, start_at - time.time()))
        for commit, pack in work:
            began = time.time()
            try:
                wrong = pusher.push(commit, pathlib.Path(pack).read_bytes())
            except (OSError, http.client.HTTPException) as error:
                wrong, pusher = repr(error), LightPusher(port, login, token)
            with lock:
                done.append((began, time.time(), wrong))

    threads = [threading.Thread(target=one, args=person) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return done


class Pushers:
    """A project with an element for each person and some that all share, and commits that wait to be pushed: each
    person's upon their own last one, as of somebody who never fetches."""

    SHARED = 10

    def __init__(self, bench, count, rounds, spare):
        self.bench, self.count, self.rounds = bench, count, rounds
        self.hub, self.names = bench.hub("pushers"), [f"p{i}" for i in range(count)]
        self.hub.team(self.names)
        self.folder = self.hub.folder / "source"
        run("git", "init", "-q", "-b", "develop", self.folder, folder=self.hub.folder)
        self.chains = self.commit(rounds + spare)
        self.hub.tokens["owner"] = self.hub.ask("POST", "/tokens", {"login": "p0", "scopes": ["admin"]})["secret"]
        run("git", "push", "-q", self.hub.address("owner"), "base:refs/heads/develop", folder=self.folder)
        self.packs = self.pack()
        self.pushed = []

    def path(self, person, push):
        number = person if push % 2 == 0 else self.count + person % self.SHARED
        return number, f"elements/e{number:04d}/metadata.json"

    def commit(self, rounds):
        """[[commit]] of each person, with every second one in an element that others have in hand too."""
        lines, marks = ["commit refs/heads/base", "mark :1", "committer base <base@x> 1700000000 +0000", "data 4\nbase"], 1
        for number in range(self.count + self.SHARED):
            values = {f"p{i}": 0 for i in range(self.count) if number in (i, self.count + i % self.SHARED)}
            text = element(number, **values)
            lines += [f"M 100644 inline elements/e{number:04d}/metadata.json", f"data {len(text)}\n{text}"]
        for path, text in (self.gate() if self.bench.options.validate else {}).items():
            lines += [f"M 100644 inline {path}", f"data {len(text)}\n{text}"]
        chains = []
        for person in range(self.count):
            parent, chain = 1, []
            for push in range(rounds):
                number, path = self.path(person, push)
                values = {f"p{i}": 0 for i in range(self.count) if number in (i, self.count + i % self.SHARED)}
                text, marks, what = element(number, **{**values, f"p{person}": push + 1}), marks + 1, f"p{person} {push}"
                lines += [f"commit refs/work/{person}", f"mark :{marks}", f"committer p{person} <p@x> 1700000001 +0000",
                          f"data {len(what)}\n{what}", f"from :{parent}", f"M 100644 inline {path}",
                          f"data {len(text)}\n{text}"]
                parent = marks
                chain.append(marks)
            chains.append(chain)
        run("git", "fast-import", "--quiet", f"--export-marks={self.folder}/marks", folder=self.folder, text=False,
            input="\n".join(lines + [""]).encode())
        ids = dict(line[1:].split() for line in (self.folder / "marks").read_text().splitlines())
        return [[ids[str(mark)] for mark in chain] for chain in chains]

    def gate(self):
        """Rules by which nothing goes into the branch that brings a new fault, and requirements."""
        members = {name: {"roles": ["author"]} for name in self.names}
        rules = {"version": 1, "members": members,
                 "roles": {"author": {"may": [{"write": "**"}, {"manage": "roles"}]}},
                 "branches": {"develop": {"through": "integration", "checks": ["validate"]}}}
        requirements = (ROOT / "tests" / "validate" / "house.ids").read_text(encoding="utf-8")
        requirements = requirements.encode("ascii", "xmlcharrefreplace").decode()  # As many bytes as characters.
        return {".aecos/roles.json": json.dumps(rules), ".aecos/ids/house.ids": requirements,
                ".aecos/project.json": "{}"}

    def pack(self):
        """Files with what git would send for each commit."""
        folder = self.hub.folder / "packs"
        folder.mkdir()
        base = run("git", "rev-parse", "base", folder=self.folder).strip()

        def make(pair):
            commit, parent = pair
            (folder / commit).write_bytes(run("git", "pack-objects", "-q", "--revs", "--thin", "--stdout", text=False,
                                              folder=self.folder, input=f"{commit}\n^{parent}\n".encode()))

        pairs = [(commit, parent) for chain in self.chains for parent, commit in zip([base] + chain, chain)]
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            list(pool.map(make, pairs[:]))
        return folder

    def light(self, first, last, rounds, processes):
        """Pushes of the persons from first to last, the next `rounds` of each."""
        work = [[] for _ in range(processes)]
        for person in range(first, last):
            chain = [self.chains[person].pop(0) for _ in range(rounds)]
            self.pushed += chain
            name = self.names[person]
            work[person % processes].append((name, self.hub.tokens[name], [(id, str(self.packs / id)) for id in chain]))
        start_at, spent = time.time() + 1, processor_seconds(self.hub.process.pid)
        with multiprocessing.get_context("fork").Pool(processes) as pool:
            parts = pool.starmap(push_all, [(self.hub.port, people, start_at) for people in work if people])
        return self.told([each for part in parts for each in part], spent)

    def real(self, people, rounds):
        """The same by `git push`, a process for each."""
        def one(person):
            done = []
            for _ in range(rounds):
                commit = self.chains[person].pop(0)
                began = time.time()
                run("git", "push", "-q", self.hub.address(self.names[person]), f"{commit}:refs/for/develop",
                    folder=self.folder)
                done.append((began, time.time(), ""))
                self.pushed.append(commit)
            return done

        spent = processor_seconds(self.hub.process.pid)
        with concurrent.futures.ThreadPoolExecutor(people) as pool:
            parts = list(pool.map(one, range(people)))
        return self.told([each for part in parts for each in part], spent)

    def told(self, done, spent):
        wrong = [each[2] for each in done if each[2]]
        expect(not wrong, f"{len(wrong)} of {len(done)} pushes were refused: {wrong[:3]}")
        seconds = max(each[1] for each in done) - min(each[0] for each in done)
        took = [(ended - began) * 1e3 for began, ended, _ in done]
        busy = (processor_seconds(self.hub.process.pid) - spent) / seconds
        return {"a_second": len(done) / seconds, "p50": at(took, 0.5), "p99": at(took, 0.99), "busy": busy}

    def check(self):
        """Everything that was pushed is in the shared branch, with every value."""
        run("git", "fetch", "-q", self.hub.address("p0"), "develop", folder=self.folder)
        there = set(run("git", "rev-list", "FETCH_HEAD", folder=self.folder).split())
        missing = [commit for commit in self.pushed if commit not in there]
        expect(not missing, f"{len(missing)} pushed commits are not in develop")
        done = collections.Counter()
        for commit in self.pushed:
            done[run("git", "log", "-1", "--format=%cn", commit, folder=self.folder).strip()] += 1
        for person, name in enumerate(self.names):
            for push in range(max(0, done[name] - 2), done[name]):
                _, path = self.path(person, push)
                found = values_of(run("git", "cat-file", "blob", f"FETCH_HEAD:{path}", folder=self.folder)).get(name)
                expect(found == push + 1, f"{name} pushed {push + 1}, {path} has {found}")
        told = len(self.hub.events("commit.integrated"))
        expect(told >= len(self.pushed), f"{len(self.pushed)} pushes, but {told} events")
        expect(not self.hub.events("push.rejected"), "pushes were refused")
        self.hub.assert_sound()


# --- streams

def listen(port, token, count, pipe):
    """In a process of its own: opens streams, says how many it has and how often it was told to come again, and then
    notes when each got which event until it is told to end. Sends {sequence: [seconds]}."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (count + 200, max(count + 200, resource.getrlimit(resource.RLIMIT_NOFILE)[1])))
    request = (f"GET /api/v1/projects/{PROJECT}/stream HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n"
               "Accept: text/event-stream\r\n\r\n").encode()
    epoll, streams, rest = select.epoll(), {}, {}
    came, times, again = [], collections.defaultdict(list), []

    def open_one():
        stream = socket.create_connection(("127.0.0.1", port))
        stream.sendall(request)
        streams[stream.fileno()], rest[stream.fileno()] = stream, b""
        epoll.register(stream.fileno(), select.EPOLLIN)

    def take(timeout):
        for number, _ in epoll.poll(timeout):
            data = streams[number].recv(65536)
            if data.startswith(b"HTTP/1.1 503 ") and b"\r\nRetry-After: 1\r\n" in data:
                epoll.unregister(number)
                streams.pop(number).close()
                again.append(time.time() + 1)
                continue
            came.append((time.time(), number, data))
            if not data:
                epoll.unregister(number)

    def digest():
        for when, number, data in came:
            *frames, rest[number] = (rest[number] + data).split(b"\n\n")
            for frame in frames:
                place = frame.find(b"id: ")
                if b"event: hello" in frame:
                    times["hello"].append(when)
                elif place >= 0:
                    times[int(frame[place + 4:].split(b"\n", 1)[0])].append(when)
            if not data:
                times["ended"].append(when)
        came.clear()

    for i in range(count):
        open_one()
        if i % 50 == 49:
            take(0.0)
    deadline, opened_again = time.time() + 120, 0
    while len(times["hello"]) < count and time.time() < deadline:
        take(0.1)
        digest()
        while opened_again < len(again) and again[opened_again] <= time.time():
            open_one()
            opened_again += 1
    pipe.send((len(times["hello"]), len(again)))
    while not pipe.poll(0):
        take(0.05)
        if len(came) > 4 * count or (came and time.time() - came[-1][0] > 0.05):
            digest()
    take(0.5)
    digest()
    pipe.send(dict(times))


class Bench:
    def __init__(self, options, folder):
        self.options, self.folder, self.rows, self.hubs = options, folder, [], []
        self.aecos = folder / "aecos"  # A copy: nobody links it anew while it is measured.
        shutil.copy2(options.aecos, self.aecos)
        self.part, self.failures, self.loads, self.sync = "", [], {}, {}

    def hub(self, name):
        self.hubs.append(Hub(self.aecos, self.folder / self.part / name))
        return self.hubs[-1]

    def row(self, what, value, unit, target="", most=None, least=None, note=""):
        met = None if most is None and least is None else (most is None or value <= most) and (
            least is None or value >= least)
        self.rows.append({"part": self.part, "what": what, "value": value, "unit": unit, "target": target, "met": met,
                          "note": note})

    def spread(self, what, took, median_max=None, p99_max=None, note=""):
        target = lambda most: "" if most is None else f"< {most}"
        self.row(f"{what}: median", at(took, 0.5), "ms", target(median_max), median_max, note=note)
        self.row(f"{what}: p99", at(took, 0.99), "ms", target(p99_max), p99_max, note=f"{len(took)} samples")

    def measure(self):
        for self.part in self.options.parts or PARTS:
            self.loads[self.part], self.sync[self.part] = machine_load(), sync_ms(self.folder)
            say(f"{self.part} (others have {self.loads[self.part]:.0%} of the processors, a sync takes "
                f"{self.sync[self.part]:.1f} ms)")
            try:
                getattr(self, self.part)()
            except (Failed, OSError, KeyError) as failed:
                self.failures.append(f"{self.part}: {failed!r}")
                say(f"FAILED: {self.part}: {failed}")
            finally:
                for hub in self.hubs:
                    hub.stop()
                self.hubs.clear()
                shutil.rmtree(self.folder / self.part, ignore_errors=True)

    # --- latency

    def latency(self):
        seconds = self.options.seconds
        peer, peer_folder = self.two_and_raw(seconds / 2)
        self.five(seconds, peer, peer_folder)
        if self.options.people:
            self.fifty(2 * seconds, self.options.people)

    def two_and_raw(self, seconds):
        """Two people, one of whom saves, beside raw git with nobody else there. The raw medians."""
        two = Latency(self, "two", 2, [WALL])
        with two:
            for thread in two.all_work(two.people[:1], seconds, (0.4, 0.8)):
                thread.join()
            two.settle()
            took = two.latencies()
            busy = two.shares()
        medians = []
        folder = two.hub.folder / "plain.git"
        run("git", "clone", "-q", "--bare", two.hub.address("p0"), folder, folder=two.hub.folder)
        for name, address, branch in (("through the hub", two.hub.address("p0"), "refs/for/develop"),
                                      ("a plain folder", folder, "refs/heads/develop")):
            place = two.hub.folder / f"raw-{len(medians)}"
            place.mkdir()
            raw, push = raw_git(self, two.hub, place, address, branch, self.options.rounds)
            medians.append(statistics.median(raw))
            self.spread(f"raw git push + fetch, {name}", raw, note=f"push alone {push:.0f}")
        two.hub.assert_sound()
        ratio = at(took, 0.5) / medians[0]
        self.spread("two people, one saves", took, note=f"hub {busy[0]:.0%}, clients {busy[1]:.0%} of a processor")
        self.row("two people: times raw git through the hub", ratio, "x", "<= 3", 3)
        self.row("two people: times raw git, a plain folder", at(took, 0.5) / medians[1], "x")
        return medians

    def five(self, seconds, peer, folder_peer):
        five = Latency(self, "five", 5, [WALL])
        with five:
            for thread in five.all_work(five.people, seconds, (1, 2)):
                thread.join()
            busy = five.shares()
            five.settle()
            took = five.latencies()
        note = f"hub {busy[0]:.0%}, clients {busy[1]:.0%} of a processor"
        self.spread("five on one element", took, 400, 1000, note)
        self.row("five: times raw git through the hub", at(took, 0.5) / peer, "x", "<= 3", 3,
                 note=f"{at(took, 0.5) / folder_peer:.1f}x a plain folder")
        self.row("five: saves", len(five.saves), "", note=f"none lost, trees identical, hub sound; "
                 f"{five.together()} in one commit with the next")

    def fifty(self, seconds, count):
        team = Latency(self, "fifty", count, [f"elements/e{i:03d}" for i in range(10)], cut_off=True)
        away = team.people[-1]
        with team:
            threads = team.all_work(team.people[:-1], seconds, (30, 90))
            threads += team.all_work([away], seconds, (seconds / 24, seconds / 12))
            time.sleep(seconds / 4)
            team.line.cut()
            time.sleep(seconds / 2)
            team.line.mend()
            back = time.monotonic()
            for thread in threads:
                thread.join()
            busy = team.shares()
            team.settle()
            took = team.latencies([away.login])
            late = self.catch_up(team, away, back, seconds / 2)
        self.spread(f"{count} people, a save a minute each", took,
                    note=f"hub {busy[0]:.0%}, clients {busy[1]:.0%} of a processor")
        self.row(f"{count}: offline for {seconds / 2:.0f} s, all exchanged after", late[0], "s",
                 note=f"{late[1]} saves out, {late[2]} in; none lost, trees identical, hub sound")

    @staticmethod
    def catch_up(team, away, back, offline):
        """Seconds from being back until everything of that time was in its place; how many saves each way."""
        placed, out, into = [back], 0, 0
        for who, name, value, when in team.saves:
            if not back - offline <= when <= back:
                continue
            others = [person for person in team.people if person != away] if who == away.login else [away]
            out, into = (out + 1, into) if who == away.login else (out, into + 1)
            placed += [team.placings.when(person.login, name, who, value) for person in others]
        return max(placed) - back, out, into

    # --- pushers

    def pushers(self):
        options = self.options
        alone, real = 20, (20, 5)
        say("making commits and packs")
        team = Pushers(self, options.pushers, options.pushes, 5)
        last = options.pushers - 1
        one = team.light(last, last + 1, min(alone, options.pushes), 1)
        by_git = team.real(min(real[0], last), real[1])
        all_at_once = team.light(0, last, options.pushes, 2)
        team.check()
        self.row("one pusher alone: p50 of a push", one["p50"], "ms", note=f"p99 {one['p99']:.0f}")
        people = min(real[0], last)
        self.row(f"{people} x git push: integrated", by_git["a_second"], "/s",
                 note=f"p50 {by_git['p50']:.0f} ms, p99 {by_git['p99']:.0f} ms")
        self.row(f"{last} pushers x {options.pushes}: integrated", all_at_once["a_second"], "/s", ">= 50", least=50,
                 note=f"hub {all_at_once['busy']:.0%} of a processor")
        self.row("a push: p50", all_at_once["p50"], "ms")
        self.row("a push: p99", all_at_once["p99"], "ms")
        self.row("refused for being late", 0, "", "0", 0, note=f"{len(team.pushed)} pushes, all in develop, hub sound")

    # --- streams

    def streams(self):
        count, rounds = self.options.streams, self.options.rounds
        most = max(count + 1000, 8192)
        _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, hard) if hard > 0 else most, hard))
        team = Pushers(self, 1, 3 * rounds, 0)
        hub, name = team.hub, team.names[0]
        time.sleep(1)
        before, spent = resident_kb(hub.process.pid), processor_seconds(hub.process.pid)
        ours, theirs = multiprocessing.get_context("fork").Pipe()
        child = multiprocessing.get_context("fork").Process(
            target=listen, args=(hub.port, hub.tokens[name], count, theirs), daemon=True)
        start = time.perf_counter()
        child.start()
        opened, again = ours.recv()
        took = time.perf_counter() - start
        expect(opened == count, f"{opened} of {count} streams were opened")
        time.sleep(2)
        per_stream = (resident_kb(hub.process.pid) - before) / count
        pusher = LightPusher(hub.port, name, hub.tokens[name])
        for commits, pause in ((rounds, 0.5), (2 * rounds, 0.1)):
            for _ in range(commits):
                commit = team.chains[0].pop(0)
                wrong = pusher.push(commit, (team.packs / commit).read_bytes())
                expect(not wrong, wrong)
                time.sleep(pause)
        time.sleep(2)
        ours.send("end")
        times = ours.recv()
        child.join()
        after = (resident_kb(hub.process.pid) - before) / count
        spent = processor_seconds(hub.process.pid) - spent
        expect("ended" not in times, f"{len(times.get('ended', []))} streams ended")
        events = hub.events("commit.integrated")[-3 * rounds:]
        told = [self.fan_out(event, times, count) for event in events]
        note = f"opened in {took:.1f} s" + (f", {again} told to come again" if again else "")
        self.row(f"{count} streams: an event to a stream, p50", at(sum(told[:rounds], []), 0.5), "ms", note=note)
        self.row(f"{count} streams: p99", at(sum(told[:rounds], []), 0.99), "ms", "< 1000", 1000,
                 note=f"last of all: median {statistics.median(map(max, told[:rounds])):.0f}")
        self.row(f"{count} streams: p99, an event after the other", at(sum(told[rounds:], []), 0.99), "ms", "< 1000", 1000,
                 note=f"every {self.pace(events[rounds:]) * 1e3:.0f} ms")
        self.row("memory of a stream", per_stream, "KB", "< 50", 50, note=f"{after:.1f} after {len(told)} events each")
        hub.assert_sound()

    @staticmethod
    def moment(event):
        return datetime.datetime.fromisoformat(event["time"].replace("Z", "+00:00")).timestamp()

    def pace(self, events):
        return (self.moment(events[-1]) - self.moment(events[0])) / (len(events) - 1)

    def fan_out(self, event, times, count):
        """Milliseconds from the moment that an event has in it, before it was made durable, to each stream."""
        came = times.get(event["data"]["seq"], [])
        expect(len(came) == count, f"event {event['data']['seq']} reached {len(came)} of {count} streams")
        return [(each - self.moment(event)) * 1e3 for each in came]

    # --- start

    def start(self):
        fresh, again, idle = [], [], 0
        for i in range(self.options.rounds):
            folder = self.folder / self.part / f"hub-{i}"
            folder.mkdir(parents=True)
            hub = Hub.__new__(Hub)
            began = time.perf_counter()
            hub.__init__(self.aecos, folder)
            fresh.append((time.perf_counter() - began) * 1e3)
            hub.stop()
            again.append(hub.start() * 1e3)
            if i == 0:
                hub.team(["p0"])
                time.sleep(5)
                idle = resident_kb(hub.process.pid) / 1024
            hub.stop()
        self.row("exec to ready, new data folder: median", at(fresh, 0.5), "ms", "< 300", 300, note=f"most {max(fresh):.0f}")
        self.row("exec to ready, again: median", at(again, 0.5), "ms", "< 300", 300, note=f"most {max(again):.0f}")
        self.row("idle memory", idle, "MB", "< 60", 60)

    # --- lfs

    def lfs(self):
        hub = self.hub("hub")
        hub.team(["p0"])
        content = hashlib.shake_256(b"scan").digest(1 << 20) * round(self.options.lfs_mb * MB / (1 << 20))
        name, size = hashlib.sha256(content).hexdigest(), len(content) / MB
        start = time.perf_counter()
        hashlib.sha256(content)
        hashing = time.perf_counter() - start
        with open(hub.folder / "probe", "wb") as probe:
            start = time.perf_counter()
            probe.write(content)
            probe.flush()
            os.fsync(probe.fileno())
        writing = time.perf_counter() - start
        note = f"this disk writes {size / writing:.0f}, sha256 in Python {size / hashing:.0f}"
        self.row("PUT of an object", size / self.put(hub, name, content), "MB/s", note=note)
        self.row("GET of it", size / self.get(hub, name, content), "MB/s")
        folder = hub.folder / "plain.git"
        run("git", "init", "-q", "--bare", "-b", "develop", folder, folder=hub.folder)
        for what, address in (("git lfs, through the hub", hub.address("p0")), ("git lfs, a plain folder", folder.as_uri())):
            up, down = self.by_git_lfs(hub, address, content)
            self.row(f"{what}: push", size / up, "MB/s")
            self.row(f"{what}: pull", size / down, "MB/s")
        hub.assert_sound()

    @staticmethod
    def transfer(hub, method, name, size, body=None):
        headers = {"Authorization": "Bearer " + hub.tokens["p0"]}
        line = hub.connect()
        start = time.perf_counter()
        line.request(method, f"/{PROJECT}.git/info/lfs/objects/{name}?size={size}", body, headers)
        answer = line.getresponse()
        digest, count = hashlib.sha256(), 0
        pieces = []
        while piece := answer.read(1 << 20):
            pieces.append(piece)
        took = time.perf_counter() - start
        expect(answer.status == 200, f"{method}: {answer.status}")
        for piece in pieces:
            digest.update(piece)
            count += len(piece)
        line.close()
        return took, digest.hexdigest(), count

    def put(self, hub, name, content):
        return self.transfer(hub, "PUT", name, len(content), content)[0]

    def get(self, hub, name, content):
        took, digest, count = self.transfer(hub, "GET", name, len(content))
        expect(digest == name and count == len(content), "what came is not what was sent")
        return took

    @staticmethod
    def by_git_lfs(hub, address, content):
        """Seconds up and down, of new content, without the hashing that `git add` does."""
        content = os.urandom(64) + content[64:]
        one, other = (pathlib.Path(tempfile.mkdtemp(dir=hub.folder)) for _ in range(2))
        run("git", "init", "-q", "-b", "develop", one, folder=hub.folder)
        for key, value in (("user.name", "p0"), ("user.email", "p0@x"), ("remote.origin.url", address),
                           ("lfs.locksverify", "false")):
            run("git", "config", key, value, folder=one)
        run("git", "lfs", "install", "--local", "--skip-repo", folder=one)
        run("git", "lfs", "track", "*.e57", folder=one)
        (one / "scan.e57").write_bytes(content)
        run("git", "add", "-A", folder=one)
        run("git", "commit", "-q", "-m", "scan", folder=one)
        start = time.perf_counter()
        run("git", "lfs", "push", "origin", "develop", folder=one)
        up = time.perf_counter() - start
        branch = f"refs/heads/{one.name.replace('_', '-')}"
        run("git", "push", "-q", "--no-verify", "origin", f"HEAD:{branch}", folder=one)
        run("git", "clone", "-q", "--no-checkout", "--single-branch", "-b", branch[11:], address, other, folder=hub.folder)
        run("git", "lfs", "install", "--local", "--skip-smudge", folder=other)
        run("git", "checkout", "-q", "HEAD", folder=other)
        start = time.perf_counter()
        run("git", "lfs", "pull", folder=other)
        down = time.perf_counter() - start
        expect((other / "scan.e57").read_bytes() == content, "what was pulled is not what was pushed")
        return up, down

    # --- telling

    def table(self):
        def number(value):
            return f"{value:.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.1f}"

        head = ["part", "what", "measured", "", "target", "met", ""]
        lines = [[row["part"], row["what"], number(row["value"]), row["unit"], row["target"], MET[row["met"]], row["note"]]
                 for row in self.rows]
        print_table(head, lines, to_the_right={2})


def main():
    parser = argparse.ArgumentParser(prog="./dev bench hub", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", metavar="PART", help=" ".join(PARTS))
    parser.add_argument("--aecos", type=pathlib.Path, default=ROOT / "build" / "aecos", help="the program; it is copied")
    parser.add_argument("--seconds", type=float, default=60, help="that five people save; the fifty: twice as long")
    parser.add_argument("--people", type=int, default=50, help="in the large team; 0: none")
    parser.add_argument("--rounds", type=int, default=20, help="of raw git, of starts, of events to all streams")
    parser.add_argument("--pushers", type=int, default=201, help="with the one that is measured alone")
    parser.add_argument("--pushes", type=int, default=20, help="of each")
    parser.add_argument("--validate", action="store_true", help="the pushers' branch takes only what is valid")
    parser.add_argument("--streams", type=int, default=5000)
    parser.add_argument("--lfs-mb", type=float, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=pathlib.Path, metavar="FILE", help="the figures for a program")
    options = parser.parse_args()
    for part in options.parts:
        if part not in PARTS:
            parser.error(f"there is no part {part}; there are {', '.join(PARTS)}")
    if not options.aecos.exists():
        sys.exit(f"bench: there is no {options.aecos}; ./dev build makes it")
    random.seed(options.seed)
    with tempfile.TemporaryDirectory(prefix="aecos-bench-hub-") as folder:
        bench = Bench(options, pathlib.Path(folder))
        try:
            bench.measure()
        except KeyboardInterrupt:
            say("stopped; this is what was measured so far")
    print(f"{os.cpu_count()} processors; before each part others had "
          f"{', '.join(f'{part} {load:.0%}' for part, load in bench.loads.items())}; a sync of a small file took "
          f"{statistics.median(bench.sync.values()):.1f} ms\n")
    bench.table()
    for failure in bench.failures:
        print(f"FAILED  {failure}")
    if options.json:
        report = {"processors": os.cpu_count(), "others": bench.loads, "sync_ms": bench.sync, "failures": bench.failures,
                  "rows": bench.rows}
        options.json.write_text(json.dumps(report, indent=2) + "\n")
    sys.exit(1 if bench.failures else 0)


if __name__ == "__main__":
    main()
