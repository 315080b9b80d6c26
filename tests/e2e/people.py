"""People who share a project over one bare repository, each with a work tree of their own."""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

AECOS = os.path.abspath(sys.argv[1]) if len(sys.argv) > 1 else shutil.which("aecos")
LONG = bool(os.environ.get("AECOS_LONG"))

# Nothing of the machine's own configuration takes part.
ENVIRONMENT = {
    "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "TZ": "UTC", "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull,
    **{name: os.environ[name] for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "TMPDIR") if name in os.environ},
}


def run(*command, folder, check=True, text=True, **more):
    done = subprocess.run([str(part) for part in command], cwd=folder, env={**ENVIRONMENT, "HOME": str(folder)},
                          capture_output=True, text=text, **more)
    if check and done.returncode != 0:
        raise AssertionError(f"{command} in {folder}: status {done.returncode}\n{done.stdout}\n{done.stderr}")
    return done


class Person:
    def __init__(self, team, name):
        self.team, self.name, self.folder = team, name, team.folder / name
        run("git", "clone", "-q", team.origin, self.folder, folder=team.folder)
        self.git("config", "user.name", name)
        self.git("config", "user.email", f"{name}@example.org")
        branch = f"desk/{name}"
        if self.git("rev-parse", "-q", "--verify", "origin/develop", check=False).returncode == 0:
            self.git("checkout", "-q", "-b", branch, "origin/develop")
        else:
            self.git("symbolic-ref", "HEAD", f"refs/heads/{branch}")

    def git(self, *arguments, check=True, **more):
        return run("git", *arguments, folder=self.folder, check=check, **more)

    def aecos(self, *arguments, check=True, statuses=(0, 1)):
        done = run(AECOS, *arguments, folder=self.folder, check=False)
        if check and done.returncode not in statuses:
            raise AssertionError(f"{self.name}: aecos {arguments}: status {done.returncode}\n{done.stdout}\n{done.stderr}")
        return done

    def sync(self, *arguments):
        done = self.aecos("sync", "--json", *arguments)
        return json.loads(done.stdout)

    def path(self, name):
        return self.folder / name

    def write(self, name, content):
        path = self.path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())

    def write_json(self, name, value):
        self.write(name, json.dumps(value, indent=2) + "\n")

    def read(self, name):
        return self.path(name).read_bytes().decode()

    def read_json(self, name):
        return json.loads(self.read(name))

    def edit_json(self, name, change):
        value = self.read_json(name)
        change(value)
        self.write_json(name, value)

    def files(self):
        """Every file of the work tree with its content, or where it leads."""
        found = {}
        for path in sorted(self.folder.rglob("*")):
            name = str(path.relative_to(self.folder))
            if name.split("/")[0] == ".git" or (path.is_dir() and not path.is_symlink()):
                continue
            found[name] = os.readlink(path) if path.is_symlink() else path.read_bytes()
        return found

    def tree(self):
        return self.git("rev-parse", "HEAD^{tree}").stdout.strip()

    def records(self):
        return {path.stem: json.loads(path.read_text())
                for path in sorted(self.path(".aecos/conflicts").glob("*.json"))}


class Team(unittest.TestCase):
    """A test case with a bare repository and people who clone it."""

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="aecos-e2e-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.origin = self.folder / "origin.git"
        run("git", "init", "-q", "--bare", "-b", "develop", self.origin, folder=self.folder)

    def people(self, *names, files=None):
        """The first one starts the project with these files; all have them."""
        first = Person(self, names[0])
        for name, content in (files or {"README.md": "# House\n"}).items():
            first.write(name, content)
        first.sync()
        return [first] + [Person(self, name) for name in names[1:]]

    def settle(self, people):
        """Everybody syncs until nothing moves any more."""
        for _ in range(2):
            for person in people:
                person.sync()

    def assert_same(self, people):
        """Identical trees, in the repository and on the disk, and nothing left to do for git."""
        for person in people:
            self.assertEqual(person.git("status", "--porcelain").stdout, "", person.name)
            self.assertEqual(person.tree(), people[0].tree(), person.name)
            self.assertEqual(person.files(), people[0].files(), person.name)


def main():
    if not AECOS:
        sys.exit("usage: NAME_test.py PATH_TO_AECOS")
    unittest.main(argv=[sys.argv[0], *sys.argv[2:]], verbosity=1)
