"""A real hub on a free port of this machine, and people who use it with plain git and with aecos."""
import base64
import json
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time
import unittest
import urllib.error
import urllib.request

from people import AECOS, ENVIRONMENT, run


class Hub:
    """One `aecos hub serve` and its data folder; may be killed and started again."""

    def __init__(self, folder, *options):
        self.folder, self.options, self.process, self.port = pathlib.Path(folder), options, None, 0
        self.data = self.folder / "data"
        self.tokens = {}
        self.start()

    def start(self):
        (self.data / "control.json").unlink(missing_ok=True)
        self.log = open(self.folder / "hub.log", "ab")
        self.process = subprocess.Popen([AECOS, "hub", "serve", "--data", str(self.data), "--listen",
                                         f"127.0.0.1:{self.port}", *self.options], stdout=self.log, stderr=self.log,
                                        env={**ENVIRONMENT, "HOME": str(self.folder)})
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise AssertionError(f"the hub ended: {(self.folder / 'hub.log').read_text()}")
            try:
                control = json.loads((self.data / "control.json").read_text())
                self.url, self.secret = control["url"], control["secret"]
                self.port = int(self.url.rsplit(":", 1)[1])  # The same when it is started again.
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

    def ask(self, method, path, token=None, body=None, headers=None):
        """Status, headers and body (as JSON where it is JSON)."""
        request = urllib.request.Request(self.url + path, method=method, headers=dict(headers or {}))
        if token:
            request.add_header("Authorization", "Bearer " + self.tokens.get(token, token))
        if body is not None:
            request.data = body if isinstance(body, bytes) else json.dumps(body).encode()
            if not isinstance(body, bytes):
                request.add_header("Content-Type", "application/json")
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
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

    def events(self, project, **query):
        text = "&".join(f"{name}={value}" for name, value in {"limit": 1000, **query}.items())
        return self.get(f"/api/v1/projects/{project}/events?{text}", self.secret)["events"]

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


def basic(login, secret):
    return "Basic " + base64.b64encode(f"{login}:{secret}".encode()).decode()
