"""A real hub on a free port of this machine, and people who use it with plain git and with aecos."""
import base64
import hashlib
import json
import os
import pathlib
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import unittest
import urllib.error
import urllib.request
import zlib

from people import AECOS, ENVIRONMENT, run


NONE = "0" * 40


def free_port():
    """Not one that the system gives to clients: while the hub is down, it may be taken then."""
    while True:
        port = random.randrange(20_000, 32_000)
        with socket.socket() as taken:
            try:
                taken.bind(("127.0.0.1", port))
                return port
            except OSError:
                pass


class Hub:
    """One `aecos hub serve` and its data folder; may be killed and started again."""

    def __init__(self, folder, *options, data=None, inside=(), **how):
        """`inside`: a command that runs the hub; `how`: for Popen."""
        self.folder, self.options, self.process, self.port = pathlib.Path(folder), options, None, free_port()
        self.data, self.how = data or self.folder / "data", how
        self.inside, self.place = inside, self.data if inside else None
        self.tokens = {}
        self.start()

    def launch(self):
        (self.data / "control.json").unlink(missing_ok=True)
        self.log = open(self.folder / "hub.log", "ab")
        self.process = subprocess.Popen([*self.inside, AECOS, "hub", "serve", "--data", str(self.place or self.data), "--listen",
                                         f"127.0.0.1:{self.port}", *self.options], stdout=self.log, stderr=self.log,
                                        env={**ENVIRONMENT, "HOME": str(self.folder)}, **self.how)
        if self.inside:
            self.data = pathlib.Path(f"/proc/{self.process.pid}/root{self.place}")

    def start(self):
        self.launch()
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise AssertionError(f"the hub ended: {(self.folder / 'hub.log').read_text()}")
            try:
                control = json.loads((self.data / "control.json").read_text())
                self.url, self.secret = control["url"], control["secret"]
                self.get("/healthz", token=None)
                return
            except (OSError, ValueError, urllib.error.URLError):
                time.sleep(0.02)
        raise AssertionError("the hub does not answer")

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.log.close()

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(timeout=60)
        self.log.close()

    def admin(self, *arguments, check=True):
        return run(AECOS, "hub", *arguments, "--data", self.data, folder=self.folder, check=check)

    def user(self, login, *options, scope="write"):
        self.admin("user", "add", login, "--name", login.capitalize(), *options)
        self.tokens[login] = self.admin("token", "add", login, "--scope", scope).stdout.strip()
        return self.tokens[login]

    def ask(self, method, path, token=None, body=None, headers=None, timeout=60):
        """Status, headers and body (as JSON where it is JSON)."""
        request = urllib.request.Request(self.url + path, method=method, headers=dict(headers or {}))
        if token:
            request.add_header("Authorization", "Bearer " + self.tokens.get(token, token))
        if body is not None:
            request.data = body if isinstance(body, bytes) else json.dumps(body).encode()
            if not isinstance(body, bytes):
                request.add_header("Content-Type", "application/json")
        try:
            with urllib.request.urlopen(request, timeout=timeout) as answer:
                status, found, content = answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as answer:
            status, found, content = answer.code, answer.headers, answer.read()
        if "json" in found.get("Content-Type", ""):
            content = json.loads(content)
        return status, found, content

    def get(self, path, token):
        status, _, content = self.ask("GET", path, token)
        if status != 200:
            raise AssertionError(f"GET {path}: {status} {content}")
        return content

    def all_events(self, project):
        found = []
        while more := self.events(project, after=len(found)):
            found += more
        return found

    def events(self, project, **query):
        text = "&".join(f"{name}={value}" for name, value in {"limit": 1000, **query}.items())
        return self.get(f"/api/v1/projects/{project}/events?{text}", self.secret)["events"]

    def push_raw(self, project, token, commands, pack=None, abilities="report-status", timeout=60):
        """A push as no git would send it: [(from, to, ref)] with ids or None. The status, and the report's lines."""
        lines = [f"{old or NONE} {new or NONE} {ref}" for old, new, ref in commands]
        lines[0] += "\0 " + abilities
        body = b"".join(packet(line) for line in lines) + b"0000" + (make_pack() if pack is None else pack)
        status, _, answer = self.ask("POST", f"/{project}.git/git-receive-pack", token, body,
                                     {"Content-Type": "application/x-git-receive-pack-request"}, timeout)
        return status, packets(answer) if status == 200 else [answer.decode().strip()]

    def refs(self, project):
        """{name: id} as they are in the repository itself; without the hub's own, which it moves when it has time."""
        listed = run("git", "for-each-ref", "--format=%(objectname) %(refname)",
                     folder=self.data / "repositories" / f"{project}.git").stdout
        refs = dict(reversed(line.split(" ", 1)) for line in listed.splitlines())
        refs.pop("refs/aecos/audit", None)
        return refs

    def address(self, project, login):
        return self.url.replace("//", f"//{login}:{self.tokens[login]}@") + f"/{project}.git"


class Desk:
    """Somebody's clone."""

    def __init__(self, hub, project, login, name=None):
        self.hub, self.login, self.folder = hub, login, hub.folder / (name or login)
        run("git", "clone", "-q", hub.address(project, login), self.folder, folder=hub.folder)
        self.git("config", "user.name", login.capitalize())
        self.git("config", "user.email", f"{login}@example.org")

    def git(self, *arguments, check=True, **more):
        return run("git", *arguments, folder=self.folder, check=check, **more)

    def write(self, name, content):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())

    def commit(self, message="change", **files):
        for name, content in files.items():
            self.write(name.replace("__", "/").replace("_json", ".json"), content)
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", message)
        return self.git("rev-parse", "HEAD").stdout.strip()

    def push(self, *refspecs, check=True, force=False):
        return self.git("push", *(["-f"] if force else []), "origin", *(refspecs or ("HEAD:refs/for/develop",)),
                        check=check)

    def build(self, changes, parents=("HEAD",), message="crafted"):
        """A commit made past the work tree: {path: content, (mode, content or id) or None}, on the tree of the first
        parent; its id."""
        lines = [b"commit refs/crafted/commit", b"mark :1",
                 f"committer {self.login} <{self.login}@example.org> now".encode(), b"data <<.", message.encode(), b"."]
        for word, parent in zip(["from"] + ["merge"] * len(parents), parents):
            lines.append(f"{word} {self.git('rev-parse', parent).stdout.strip()}".encode())
        for path, content in changes.items():
            mode, content = content if isinstance(content, tuple) else ("100644", content)
            name = b'"' + path.encode().replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"'
            if content is None:
                lines.append(b"D " + name)
            elif mode == "160000":
                lines.append(f"M {mode} {content} ".encode() + name)
            else:
                content = content if isinstance(content, bytes) else content.encode()
                lines += [f"M {mode} inline ".encode() + name, f"data {len(content)}".encode(), content]
        lines += [b"get-mark :1", b""]
        done = self.git("fast-import", "--quiet", "--force", "--date-format=now", text=False, input=b"\n".join(lines))
        return done.stdout.decode().strip()

    def pack(self, *revisions, thin=False):
        """The bytes of a pack of these revisions ("^" in front: without that one)."""
        return self.git("pack-objects", "--revs", "--stdout", "-q", *(["--thin"] if thin else []), text=False,
                        input="\n".join(revisions).encode() + b"\n").stdout

    def head(self, revision="HEAD"):
        return self.git("rev-parse", revision).stdout.strip()

    def pull(self):
        self.git("fetch", "-q", "origin")
        self.git("reset", "-q", "--hard", "origin/develop")


class HubTest(unittest.TestCase):
    options = ()

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="aecos-hub-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.hub = Hub(self.folder, *self.options)
        self.addCleanup(self.hub.stop)

    @classmethod
    def share_hub(cls):
        """In setUpClass: one hub for all tests of the class, which must not stop it; setUp is to be replaced too."""
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="aecos-hub-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        cls.hub = Hub(cls.folder, *cls.options)
        cls.addClassCleanup(cls.hub.stop)

    def project(self, name="house", owner="ana", **members):
        for login in [owner, *members]:
            if login not in self.hub.tokens:
                self.hub.user(login, scope="admin" if login == owner else "write")
        self.hub.admin("project", "add", name, "--owner", owner)
        for login, access in members.items():
            self.hub.admin("project", "member", name, login, access)

    def assert_refused(self, done, *words):
        self.assertNotEqual(done.returncode, 0, done.stderr)
        for word in words:
            self.assertIn(word, done.stderr)

    def assert_sound(self):
        self.assertEqual(self.hub.admin("check", check=False).stdout, "Everything is sound.\n")


def packet(text):
    data = text if isinstance(text, bytes) else text.encode()
    return f"{len(data) + 4:04x}".encode() + data


def packets(data):
    lines = []
    while data:
        size = int(data[:4], 16)
        if size:
            lines.append(data[4:size].decode().rstrip("\n"))
        data = data[max(size, 4):]
    return lines


def object_id(kind, content):
    return hashlib.sha1(f"{kind} {len(content)}\0".encode() + content).hexdigest()


def pack_entry(kind, content, base=b""):
    """One object of a pack, as it lies in it; `base`: what comes between its head and its bytes, for a delta."""
    number = {"commit": 1, "tree": 2, "blob": 3, "tag": 4, "delta": 7}[kind]
    size, head = len(content), bytearray()
    rest, size = size & 15, size >> 4
    head.append(number << 4 | rest | (128 if size else 0))
    while size:
        rest, size = size & 127, size >> 7
        head.append(rest | (128 if size else 0))
    return bytes(head) + base + zlib.compress(content)


def pack_of(entries):
    body = b"PACK" + (2).to_bytes(4, "big") + len(entries).to_bytes(4, "big") + b"".join(entries)
    return body + hashlib.sha1(body).digest()


def make_pack(*objects):
    """Of (kind, content); what no git would make too."""
    return pack_of([pack_entry(kind, content) for kind, content in objects])


def basic(login, secret):
    return "Basic " + base64.b64encode(f"{login}:{secret}".encode()).decode()
