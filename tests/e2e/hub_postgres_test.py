#!/usr/bin/env python3
"""A hub whose tables are in PostgreSQL: what its other tests ask of it, and a server that goes away and comes back."""
import glob
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

import hub_git_test
from hub import Desk, HubTest
from people import ENVIRONMENT, main

PROGRAMS = max(glob.glob("/usr/lib/postgresql/*/bin"), default=None)
if not PROGRAMS:
    print("skipped: no PostgreSQL server is installed")
    sys.exit(77)


class Server:
    """One of its own, reached by a socket in its folder. It refuses to run as root."""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="aecos-pg-"))
        self.user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        if self.user:
            shutil.chown(self.folder, "postgres")
        self.run("initdb", "-D", self.folder / "data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8",
                 "--no-sync")
        self.databases = 0
        self.start()

    def run(self, program, *arguments):
        done = subprocess.run([*self.user, f"{PROGRAMS}/{program}", *map(str, arguments)], capture_output=True, text=True,
                              check=False, cwd="/", env=ENVIRONMENT)
        if done.returncode != 0:
            raise AssertionError(f"{program}: {done.stdout}{done.stderr}")

    def start(self):
        self.run("pg_ctl", "-D", self.folder / "data", "-w", "-s", "-l", self.folder / "log", "-o",
                 f"-k {self.folder} -c listen_addresses=", "start")

    def stop(self):
        self.run("pg_ctl", "-D", self.folder / "data", "-w", "-s", "-m", "immediate", "stop")

    def remove(self):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def new_database(self):
        self.databases += 1
        self.run("createdb", "-h", self.folder, "-U", "postgres", f"hub{self.databases}")
        return f"postgresql://postgres@/hub{self.databases}?host={self.folder}"


def setUpModule():
    global server
    server = Server()


def tearDownModule():
    server.remove()


class OnPostgres:
    def setUp(self):
        config = pathlib.Path(tempfile.mkdtemp(prefix="aecos-pg-config-"))
        self.addCleanup(shutil.rmtree, config)
        (config / "hub.toml").write_text(f'database = "{server.new_database()}"\n')
        self.options = ("--config", str(config / "hub.toml"))
        super().setUp()


class Trouble(OnPostgres, HubTest):
    def test_a_server_that_goes_away_and_comes_back(self):
        self.project(ben="write")
        ana = Desk(self.hub, "house", "ana")
        ana.commit(README="# House\n")
        ana.push("HEAD:develop")
        server.stop()
        try:
            status, _, answer = self.hub.ask("GET", "/readyz")
            self.assertEqual(status, 503)
            self.assertIn("database", " ".join(answer["faults"]))
            self.assertEqual(self.hub.ask("GET", "/api/v1/projects", "ana")[0], 503)
            self.assertEqual(self.hub.ask("GET", "/healthz")[0], 200)
            ana.commit(a_json="{}\n")
            self.assert_refused(ana.push(check=False))
        finally:
            server.start()
        ana.push()
        self.assertEqual(self.hub.ask("GET", "/readyz")[0], 200)
        self.assert_sound()

    def test_a_hub_that_is_killed(self):
        self.project(ben="write")
        ana = Desk(self.hub, "house", "ana")
        ana.commit(README="# House\n")
        ana.push("HEAD:develop")
        for number in range(3):
            commit = ana.commit(**{f"n{number}": "x\n"})
            ana.push()
            self.hub.kill()
            self.hub.start()
            ana.pull()
            self.assertIn(commit, ana.git("log", "--format=%H").stdout)
        events = self.hub.all_events("house")
        self.assertEqual([event["data"]["seq"] for event in events], list(range(1, len(events) + 1)))
        self.assert_sound()


class PlainGit(OnPostgres, hub_git_test.PlainGit):
    pass


if __name__ == "__main__":
    main()
