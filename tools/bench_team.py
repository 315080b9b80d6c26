"""A hub and people with clones of a project on it, for measuring."""
import bisect
import collections
import contextlib
import ctypes
import http.client
import json
import math
import os
import pathlib
import select
import socket
import statistics
import struct
import subprocess
import sys
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
ENVIRONMENT = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "GIT_CONFIG_NOSYSTEM": "1",
               "GIT_CONFIG_GLOBAL": os.devnull}
PROJECT = "house"


def say(text):
    print(f"bench: {text}", file=sys.stderr, flush=True)


class Failed(Exception):
    """Something that must hold did not."""


def expect(holds, what):
    if not holds:
        raise Failed(what)


def run(*command, folder, text=True, **more):
    done = subprocess.run([str(part) for part in command], cwd=folder, env={**ENVIRONMENT, "HOME": str(folder)},
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=text, check=False, **more)
    expect(done.returncode == 0, f"{command} in {folder}: status {done.returncode}\n{done.stderr}")
    return done.stdout


def at(values, share):
    """The value below which that share of them lies."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def wait_for(condition, seconds, what, pause=0.02):
    deadline = time.monotonic() + seconds
    while not condition():
        expect(time.monotonic() < deadline, f"not within {seconds} s: {what}")
        time.sleep(pause)


def element(number, **values):
    """A metadata.json of about 2 KB, in which each person has a value of their own."""
    common = {f"Property {i}": {"value": round(number * 0.37 + i, 2), "unit": "mm"} for i in range(20)}
    return json.dumps({"globalId": f"{number:022d}", "class": "IfcWall", "name": f"W-{number}",
                       "properties": {"Pset_WallCommon": common, "Work": values}}, indent=2) + "\n"


def values_of(text):
    try:
        return json.loads(text)["properties"]["Work"]
    except (ValueError, KeyError, TypeError):
        return {}


def processor_seconds(pid):
    """What a process took, with all that it started and waited for."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


def resident_kb(pid):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    return 0


def machine_load(seconds=1.0):
    """The share of all processors that is taken, by whomever."""
    def look():
        fields = [int(field) for field in pathlib.Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
        return fields[3], sum(fields)  # Waiting for the disk counts as taken.

    idle, total = look()
    time.sleep(seconds)
    now_idle, now_total = look()
    return 1 - (now_idle - idle) / max(1, now_total - total)


def sync_ms(folder):
    """Median of writing and syncing a small file, which limits whatever must be durable."""
    took = []
    for i in range(30):
        with open(folder / f"sync-{i}", "wb") as file:
            file.write(b"x" * 4096)
            file.flush()
            start = time.perf_counter()
            os.fsync(file.fileno())
            took.append((time.perf_counter() - start) * 1e3)
    return statistics.median(took)


class Hub:
    """One `aecos hub serve` on a data folder of its own."""

    def __init__(self, aecos, folder, *options):
        self.aecos, self.folder, self.data, self.tokens, self.options = aecos, folder, folder / "data", {}, options
        folder.mkdir(parents=True, exist_ok=True)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.start()

    def start(self):
        """Seconds from exec until it says that it is ready."""
        began = time.perf_counter()
        with open(self.folder / "hub.log", "ab") as log:
            self.process = subprocess.Popen([self.aecos, "hub", "serve", "--data", self.data, "--listen",
                                             f"127.0.0.1:{self.port}", *self.options], stdout=log, stderr=log,
                                            env={**ENVIRONMENT, "HOME": str(self.folder)})
        while True:
            expect(self.process.poll() is None, f"the hub ended: {(self.folder / 'hub.log').read_text()[-1000:]}")
            expect(time.perf_counter() - began < 60, "the hub does not become ready")
            with contextlib.suppress(OSError), contextlib.closing(self.connect()) as line:
                line.request("GET", "/readyz")
                if line.getresponse().status == 200:
                    break
            time.sleep(0.001)
        took = time.perf_counter() - began
        wait_for((self.data / "control.json").exists, 10, "the hub's control file")
        self.secret = json.loads((self.data / "control.json").read_text())["secret"]
        return took

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(timeout=60)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def connect(self):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=300)

    def ask(self, method, path, body=None):
        with contextlib.closing(self.connect()) as line:
            line.request(method, "/api/v1" + path, body=None if body is None else json.dumps(body),
                         headers={"Authorization": "Bearer " + self.secret, "Content-Type": "application/json"})
            answer = line.getresponse()
            content = answer.read()
        expect(answer.status < 300, f"{method} {path}: {answer.status} {content[:500]!r}")
        return json.loads(content or b"null")

    def team(self, names, project=PROJECT):
        for name in names:
            self.ask("POST", "/users", {"login": name})
            self.tokens[name] = self.ask("POST", "/tokens", {"login": name, "scopes": ["write"]})["secret"]
        self.ask("POST", "/projects", {"name": project, "owner": names[0]})
        for name in names[1:]:
            self.ask("PUT", f"/projects/{project}/members/{name}", {"access": "write"})

    def address(self, login, port=None):
        return f"http://{login}:{self.tokens[login]}@127.0.0.1:{port or self.port}/{PROJECT}.git"

    def head(self):
        return self.ask("GET", f"/projects/{PROJECT}")["head"]

    def events(self, kind):
        found, after = [], 0
        while True:
            page = self.ask("GET", f"/projects/{PROJECT}/events?limit=1000&order=oldest&type={kind}&after={after}")
            found += page["events"]
            if not page["next"]:
                return found
            after = page["next"]

    def assert_sound(self):
        said = run(self.aecos, "hub", "check", "--data", self.data, folder=self.folder)
        expect(said == "Everything is sound.\n", f"aecos hub check: {said}")


# --- latency

class Person:
    """A work tree with a watching sync."""

    def __init__(self, hub, login, port=None):
        self.hub, self.login, self.folder, self.process = hub, login, hub.folder / login, None
        run("git", "clone", "-q", hub.address(login, port), self.folder, folder=hub.folder)
        self.git("config", "user.name", login)
        self.git("config", "user.email", f"{login}@example.org")
        run(hub.aecos, "init", folder=self.folder)

    def git(self, *arguments):
        return run("git", *arguments, folder=self.folder)

    def watch(self):
        with open(self.folder.with_suffix(".log"), "ab") as log:
            self.process = subprocess.Popen([self.hub.aecos, "sync", "--watch"], cwd=self.folder, stdout=log,
                                            stderr=log, env={**ENVIRONMENT, "HOME": str(self.hub.folder)})

    def end(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(timeout=60)

    def save(self, name, value):
        """As authoring tools do: reads, changes, writes a temporary file, renames it over; again if it was replaced
        meanwhile. When that was, just before the renaming."""
        path = self.folder / name / "metadata.json"
        while True:
            before = path.read_bytes()
            content = json.loads(before)
            content["properties"]["Work"][self.login] = value
            path.with_suffix(".tmp").write_text(json.dumps(content, indent=2) + "\n")
            if path.read_bytes() == before:
                now = time.monotonic()
                os.replace(path.with_suffix(".tmp"), path)
                return now

    def state(self):
        """The commit, its tree, and what is not in it."""
        return self.git("rev-parse", "HEAD", "HEAD^{tree}"), self.git("status", "--porcelain")


class Placings:
    """Hears when an element's file is put in its place in any work tree, and notes the values that it has then."""

    CLOSED, MOVED = 0x8, 0x80

    def __init__(self, people, names):
        self.libc, self.ended = ctypes.CDLL(None, use_errno=True), False
        self.inotify, self.places = self.libc.inotify_init1(os.O_CLOEXEC), {}
        self.seen = collections.defaultdict(list)  # (who sees it, element, whose value): [(value, when)], rising
        for person in people:
            for name in names:
                folder = person.folder / name
                number = self.libc.inotify_add_watch(self.inotify, os.fsencode(folder), self.CLOSED | self.MOVED)
                expect(number >= 0, f"{folder} cannot be watched: {os.strerror(ctypes.get_errno())}")
                self.places[number] = (person.login, name, folder / "metadata.json")
        self.thread = threading.Thread(target=self.listen, daemon=True)
        self.thread.start()

    def listen(self):
        while not self.ended:
            if not select.select([self.inotify], [], [], 0.2)[0]:
                continue
            data, now, offset, changed = os.read(self.inotify, 65536), time.monotonic(), 0, set()
            while offset < len(data):
                number, _, _, size = struct.unpack_from("iIII", data, offset)
                if data[offset + 16:offset + 16 + size].rstrip(b"\0") == b"metadata.json":
                    changed.add(number)
                offset += 16 + size
            for number in changed:
                self.look(self.places[number], now)

    def look(self, place, now):
        login, name, path = place
        with contextlib.suppress(OSError):
            for who, value in values_of(path.read_text()).items():
                known = self.seen[login, name, who]
                if not known or known[-1][0] < value:
                    known.append((value, now))

    def when(self, login, name, who, value):
        """When somebody's work tree first had that value, or a later one; None: not yet."""
        known = self.seen[login, name, who]
        place = bisect.bisect_left(known, (value, 0.0))
        return known[place][1] if place < len(known) else None

    def end(self):
        self.ended = True
        self.thread.join()
        os.close(self.inotify)


class CutLine:
    """A way to the hub that can be cut and mended."""

    def __init__(self, port):
        self.to, self.open, self.listener, self.port = port, set(), None, 0
        self.mend()

    def mend(self):
        self.listener = socket.create_server(("127.0.0.1", self.port), reuse_port=False)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, args=(self.listener,), daemon=True).start()

    def cut(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for each in list(self.open):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def accept(self, listener):
        with contextlib.suppress(OSError):
            while True:
                near = listener.accept()[0]
                far = socket.create_connection(("127.0.0.1", self.to))
                self.open |= {near, far}
                for ends in ((near, far), (far, near)):
                    threading.Thread(target=self.pump, args=ends, daemon=True).start()

    def pump(self, source, target):
        with contextlib.suppress(OSError):
            while piece := source.recv(65536):
                target.sendall(piece)
        with contextlib.suppress(OSError):
            target.shutdown(socket.SHUT_WR)
        self.open.discard(source)
