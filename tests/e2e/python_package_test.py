"""The Python package: built, installed, and used with the real program and a real hub, by every Python that is here."""
import glob
import importlib.util
import inspect
import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
import unittest
import venv
import zipfile

from hub import HubTest
from people import AECOS, ENVIRONMENT, main, run

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PACKAGE = ROOT / "python"
WANTED = ("2.7", "3.8", "3.9", "3.10", "3.11", "3.12", "3.13")
sys.path.insert(0, str(PACKAGE))
sys.dont_write_bytecode = True


def pythons():
    """{version: program} of those wanted that are on this machine: in PATH, or where pyenv and uv put them."""
    home = os.environ.get("HOME", "")
    found = {}
    for version in WANTED:
        places = [shutil.which(f"python{version}") or "", *glob.glob(f"{home}/.pyenv/versions/{version}.*/bin/python"),
                  *glob.glob(f"{home}/.local/share/uv/python/*-{version}.*/bin/python")]
        for place in places:
            said = subprocess.run([place, "--version"], capture_output=True, text=True) if place else None
            if said and said.returncode == 0 and f" {version}." in said.stdout + said.stderr:
                found[version] = place
                break
    return found


def has(module):
    return importlib.util.find_spec(module) is not None


class AtHub(HubTest):
    def setUp(self):
        super().setUp()
        for login in ("ana", "ben"):
            self.hub.user(login, scope="admin" if login == "ana" else "write")

    def environment(self, name, **more):
        return {**ENVIRONMENT, "HOME": str(self.folder), "AECOS": AECOS, "PYTHONDONTWRITEBYTECODE": "1",
                "SCENARIO_HUB": self.hub.url, "SCENARIO_PROJECT": name, "SCENARIO_FOLDER": str(self.folder / name),
                "SCENARIO_ANA": self.hub.tokens["ana"], "SCENARIO_BEN": self.hub.tokens["ben"], **more}

    def play(self, name, *python, **environment):
        """The scenario, in a project of its own."""
        self.hub.admin("project", "add", name, "--owner", "ana")
        self.hub.admin("project", "member", name, "ben", "write")
        (self.folder / name).mkdir()
        done = subprocess.run([*python, str(ROOT / "tests/e2e/python_scenario.py")], capture_output=True, text=True,
                              cwd=self.folder, env=self.environment(name, **environment), timeout=600)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout.split("\n")[0]


class Package(AtHub):
    @unittest.skipUnless(has("build") and has("flit_core"), "PyPI's build and flit-core are not installed")
    def test_the_wheel_works_where_it_is_installed_and_in_every_python(self):
        run(sys.executable, "-m", "build", "--no-isolation", "-o", self.folder / "dist", PACKAGE, folder=self.folder)
        (wheel,), (sdist,) = self.folder.glob("dist/*.whl"), self.folder.glob("dist/*.tar.gz")
        with zipfile.ZipFile(wheel) as archive:
            names = set(archive.namelist())
        self.assertLessEqual({f"aecos/{path.name}" for path in (PACKAGE / "aecos").iterdir() if path.is_file()}, names)
        version = run(AECOS, "--version", folder=self.folder).stdout.split()[1]
        self.assertEqual((wheel.name, sdist.name), (f"aecos-{version}-py2.py3-none-any.whl", f"aecos-{version}.tar.gz"))

        venv.create(self.folder / "venv", with_pip=True)
        python = self.folder / "venv/bin/python"
        run(python, "-m", "pip", "install", "--no-index", "--disable-pip-version-check", wheel, folder=self.folder)
        where = run(python, "-c", "import aecos; print(aecos.__file__)", folder=self.folder).stdout
        self.assertTrue(where.startswith(str(self.folder / "venv")), where)
        print("installed:", self.play("installed", str(python)))

        found = pythons()
        for version, each in found.items():
            print(f"{each}:", self.play("in-" + version.replace(".", "-"), each, PYTHONPATH=str(wheel)))
        print("not on this machine:", ", ".join(sorted(set(WANTED) - set(found))) or "none")

    def test_the_scenario_works_from_the_source(self):
        self.play("source", sys.executable, PYTHONPATH=str(PACKAGE))


class Stream(AtHub):
    def test_a_stream_misses_nothing_and_repeats_nothing_when_the_hub_is_killed(self):
        from aecos import Hub
        self.hub.admin("project", "add", "house", "--owner", "ana")
        project = Hub(self.hub.url, self.hub.tokens["ana"]).project("house")
        heard, lost = [], []
        stream = project.watch(after=0, lost=lost.append)
        thread = threading.Thread(target=lambda: heard.extend(stream))
        thread.start()
        for round_ in range(3):
            for number in range(20):
                project.unlock(project.lock(f"models/{round_}-{number}.ifc"))
            self.hub.kill()
            time.sleep(0.2)
            self.hub.start()
        sent = len(self.hub.all_events("house"))
        deadline = time.monotonic() + 60
        while len(heard) < sent and time.monotonic() < deadline:
            time.sleep(0.05)
        stream.close()
        thread.join(10)
        self.assertFalse(thread.is_alive())
        self.assertGreaterEqual(sent, 120)
        self.assertEqual([event.sequence for event in heard], list(range(1, sent + 1)))
        self.assertTrue(lost)

    def test_a_subscription_that_is_refused_ends_and_says_why(self):
        from aecos import Hub, errors
        faults = []
        subscription = Hub(self.hub.url, self.hub.tokens["ana"]).project("nothing").notify(print, on_error=faults.append)
        subscription._thread.join(30)
        self.assertFalse(subscription.is_alive)
        self.assertIsInstance(subscription.error, errors.NotFound)
        self.assertEqual(faults, [subscription.error])


class Text(unittest.TestCase):
    """What the package says of itself holds."""

    def test_error_table_is_that_of_the_program(self):
        from aecos import errors
        header = (ROOT / "src/cli/exit_status.h").read_text()
        constants = dict(re.findall(r"constexpr int (exit_\w+) = (\d+);", header))
        answer = (ROOT / "src/hub/answer.cpp").read_text()
        answer = answer[answer.index("int http_status(ErrorCode code)"):]
        codes = re.search(r"enum class ErrorCode \{ (.*?) \}", (ROOT / "src/base/result.h").read_text())[1].split(", ")
        expected = {}
        for code in codes:
            exit_name = re.search(rf"case ErrorCode::{code}:.*?return (\w+);", header, re.S)[1]
            expected[code] = (int(constants[exit_name]),
                              int(re.search(rf"case ErrorCode::{code}:.*?return (\d+);", answer, re.S)[1]))
        expected["bug"] = (int(constants["exit_bug"]), 500)
        self.assertEqual({code: (status, http) for code, status, http, _ in errors.TABLE}, expected)
        for code, status, http, exception in errors.TABLE:
            self.assertEqual(exception.code, code)
            self.assertIs(type(errors.of_http_status(http, "")), exception)
            self.assertTrue(issubclass(exception, type(errors.of_exit_status(status, ""))))

    @unittest.skipUnless(has("mypy"), "PyPI's mypy is not installed")
    def test_types_hold(self):
        done = run(sys.executable, "-m", "mypy", "--strict", "--no-incremental", "--cache-dir", os.devnull, "aecos",
                   folder=PACKAGE, check=False)
        self.assertEqual(done.returncode, 0, done.stdout)

    @unittest.skipUnless(has("vermin"), "PyPI's vermin is not installed")
    def test_nothing_needs_more_than_python_2_7_and_3_8(self):
        done = run(sys.executable, "-c", "from vermin import main; main()", "--target=2.7-", "--target=3.8-", "--violations", "--no-tips", "aecos",
                   ROOT / "integrations", folder=PACKAGE, check=False)
        self.assertEqual(done.returncode, 0, done.stdout)

    def test_only_the_standard_library_is_used(self):
        python_2 = {"httplib", "urllib", "urlparse"}
        for path in (PACKAGE / "aecos").glob("*.py"):
            for name in re.findall(r"^\s*(?:from|import) (\w+)", path.read_text(), re.M):
                self.assertTrue(name == "aecos" or name in sys.stdlib_module_names or name in python_2, f"{path}: {name}")
            self.assertTrue(path.read_text().isascii(), path)  # Python 2 takes it for ASCII.

    def test_everything_public_is_documented(self):
        import aecos
        import aecos.sync
        modules = [aecos, *(sys.modules[name] for name in sorted(sys.modules) if re.fullmatch(r"aecos\.[a-z]+", name))]
        for module in modules:
            self.assertTrue(module.__doc__, module.__name__)
            for name, value in vars(module).items():
                if name.startswith("_") or getattr(value, "__module__", "") != module.__name__:
                    continue
                self.assertTrue(value.__doc__, f"{module.__name__}.{name}")
                for member, method in vars(value).items() if inspect.isclass(value) else ():
                    if not member.startswith("_") and (callable(method) or isinstance(method, (property, classmethod))):
                        self.assertTrue(inspect.getdoc(method), f"{module.__name__}.{name}.{member}")

    def test_a_hub_that_says_nothing_is_not_waited_for_longer_than_told(self):
        from aecos import Hub, errors
        with socket.create_server(("127.0.0.1", 0)) as silent:
            begun = time.monotonic()
            with self.assertRaises(errors.TimedOut):
                Hub(f"http://127.0.0.1:{silent.getsockname()[1]}", "t", timeout_s=0.3).login()
            self.assertLess(time.monotonic() - begun, 5)


class Guide(AtHub):
    def test_the_examples_of_the_guide_run(self):
        """Every ```python block of docs/PYTHON.md, one after the other, in a work tree of a project at a hub."""
        text = (ROOT / "docs/PYTHON.md").read_text()
        blocks = re.findall(r"^```python\n(.*?)^```", text, re.M | re.S)
        self.assertGreater(len(blocks), 5)
        self.hub.admin("project", "add", "house", "--owner", "ana")
        self.hub.admin("project", "member", "house", "ben", "write")
        script = self.folder / "guide.py"
        script.write_text("\n".join(blocks))
        run("git", "init", "-q", self.folder / "house", folder=self.folder)
        for name, value in (("user.name", "Ana"), ("user.email", "ana@example.org")):
            run("git", "config", name, value, folder=self.folder / "house")
        run(AECOS, "init", "--remote", self.hub.address("house", "ana"), folder=self.folder / "house")
        (self.folder / "house/models").mkdir()
        run(AECOS, "sample", self.folder / "house/models/house.ifc", folder=self.folder)
        done = subprocess.run([sys.executable, str(script)], cwd=self.folder / "house", capture_output=True, text=True,
                              timeout=300, env=self.environment("house", AECOS_TOKEN=self.hub.tokens["ana"],
                                                                AECOS_HUB=self.hub.url, PYTHONPATH=str(PACKAGE)))
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


if __name__ == "__main__":
    main()
