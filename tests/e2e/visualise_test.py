#!/usr/bin/env python3
"""A project as it is seen: Speckle's own clients receive it from the hub, its viewer draws it, and changes are seen.

Skipped where npm's viewer and kernel (build/web/dist), PyPI's specklepy or Chromium are not installed.
"""
import gzip
import json
import math
import os
import pathlib
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

from hub import HubTest
from people import AECOS, ENVIRONMENT, main, run

WEB = pathlib.Path(AECOS).parent / "web" if AECOS else pathlib.Path("build/web")
if not (WEB / "dist/view.js").exists() or not shutil.which("node"):
    print("skipped: npm's packages are not installed in build/web")
    sys.exit(77)
try:
    from specklepy.api import operations
    from specklepy.api.client import SpeckleClient
    from specklepy.logging import metrics
    from specklepy.transports.memory import MemoryTransport
    from specklepy.transports.server import ServerTransport
except ImportError:
    print("skipped: PyPI's specklepy is not installed")
    sys.exit(77)
from speckle_stand_in import SpeckleServer

metrics.disable()
HERE = pathlib.Path(__file__).parent
CHROMIUM = shutil.which("chromium")
MODEL = "models/house.ifc"
SEEN_MAX_S = 3.0


def node(script, **given):
    """Runs a script of this folder with the packages of build/web; what it says last."""
    done = subprocess.run(["node", "--input-type=module", "-"], cwd=WEB, input=(HERE / script).read_text(), text=True,
                          capture_output=True, timeout=120,
                          env={**ENVIRONMENT, "HOME": str(WEB), "AECOS_VIEW_TEST": json.dumps(given)})
    if done.returncode != 0:
        raise AssertionError(f"{script}: {done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])


class Visualise(HubTest):
    def setUp(self):
        super().setUp()
        self.project(ben="read")
        self.ana = self.folder / "ana"
        run("git", "clone", "-q", self.hub.address("house", "ana"), self.ana, folder=self.folder)
        self.git("config", "user.name", "Ana")
        self.git("config", "user.email", "ana@example.org")
        self.aecos("init")
        (self.ana / "models").mkdir()
        run(AECOS, "sample", self.ana / MODEL, folder=self.folder)
        self.aecos("sync")

    def git(self, *arguments):
        return run("git", *arguments, folder=self.ana)

    def aecos(self, *arguments, check=True, **environment):
        done = subprocess.run([AECOS, *map(str, arguments)], cwd=self.ana, text=True, capture_output=True,
                              env={**ENVIRONMENT, "HOME": str(self.folder), **environment})
        if check and done.returncode != 0:
            raise AssertionError(f"aecos {arguments}: {done.returncode}\n{done.stdout}\n{done.stderr}")
        return done

    def view(self):
        return json.loads(self.aecos("visualise", "--json").stdout)

    def state(self):
        return self.hub.get("/api/v1/projects/house/view", "ana")

    def edit(self, change):
        path = self.ana / MODEL
        text = path.read_text()
        changed = change(text)
        self.assertNotEqual(changed, text)
        path.with_suffix(".tmp").write_text(changed)
        os.replace(path.with_suffix(".tmp"), path)

    def move_wall(self, text, name="W-01", by_mm=700.0):
        """The wall's own placement, by so much in x."""
        placement = re.search(rf"IFCWALL\('[^']*',#\d+,'{name}',[^#]*#(\d+),#", text)[1]
        axis = re.search(rf"#{placement}=IFCLOCALPLACEMENT\(#\d+,#(\d+)\);", text)[1]
        point = re.search(rf"#{axis}=IFCAXIS2PLACEMENT3D\(#(\d+),", text)[1]
        at = [float(each) for each in re.search(rf"#{point}=IFCCARTESIANPOINT\(\(([^)]*)\)\);", text)[1].split(",")]
        own = max(int(each) for each in re.findall(r"^#(\d+)=", text, re.M)) + 1
        text = text.replace(f"#{axis}=IFCAXIS2PLACEMENT3D(#{point},", f"#{axis}=IFCAXIS2PLACEMENT3D(#{own},")
        line = f"#{own}=IFCCARTESIANPOINT(({at[0] + by_mm},{at[1]},{at[2]}));\n"
        return text.replace("ENDSEC;\nEND-ISO", line + "ENDSEC;\nEND-ISO")

    # --- Speckle's Python client

    def client(self, login="ben"):
        client = SpeckleClient(host=self.hub.url.removeprefix("http://"), use_ssl=False)
        client.authenticate_with_token(self.hub.tokens[login])
        return client

    def received(self, client):
        project = client.active_user.get_projects().items[0]
        model = client.model.get_models(project.id).items[0]
        version = client.version.get_versions(model.id, project.id).items[0]
        self.assertEqual(client.version.get(version.id, project.id).referenced_object, version.referenced_object)
        transport = ServerTransport(stream_id=project.id, client=client)
        return operations.receive(version.referenced_object, transport, MemoryTransport())

    def elements(self, base, found=None):
        found = {} if found is None else found
        for child in (getattr(base, "elements", None) or []) + (getattr(base, "@elements", None) or []):
            if "DataObject" in child.speckle_type:
                found[child.name] = child
            self.elements(child, found)
        return found

    def test_specklepy_receives_the_house(self):
        elements = self.elements(self.received(self.client()))
        text = (self.ana / MODEL).read_text()
        drawn = {name for kind in ("WALL", "DOOR", "WINDOW", "SLAB")
                 for name in re.findall(rf"=IFC{kind}\('[^']*',#\d+,'([^']*)'", text)}
        self.assertGreater(len(drawn), 30)
        self.assertLessEqual(drawn, set(elements))
        for name in drawn:
            self.assertTrue(elements[name].displayValue, name)
        wall = elements["W-01"]
        self.assertEqual(wall.ifcType, "IfcWall")
        self.assertIn("FireRating", wall.properties["Property Sets"]["Pset_WallCommon"])
        self.assertEqual(wall.properties["Building Storey"], "Storey 0")
        # Ten metres long and almost three high, as the model says in millimetres.
        points = [value for mesh in wall.displayValue for value in mesh.vertices]
        for mesh in wall.displayValue:
            self.assertEqual(mesh.units, "m")
            self.assertTrue(all(mesh.faces[i] == 3 for i in range(0, len(mesh.faces), 4)))
        size = [max(points[axis::3]) - min(points[axis::3]) for axis in range(3)]
        self.assertTrue(9 < size[0] < 12 and size[1] < 0.5 and 2.5 < size[2] < 3.5, size)

    def test_every_version_can_be_received_and_keeps_its_objects(self):
        first = self.view()
        self.edit(self.move_wall)
        self.aecos("sync")
        second = self.view()
        self.assertNotEqual(first["object"], second["object"])
        client = self.client()
        project = client.active_user.get_projects().items[0]
        model = client.model.get_models(project.id).items[0]
        versions = client.version.get_versions(model.id, project.id).items
        self.assertEqual([each.referenced_object for each in versions[:2]], [second["object"], first["object"]])
        transport = ServerTransport(stream_id=project.id, client=client)
        def left_end(version):
            base = operations.receive(version.referenced_object, transport, MemoryTransport())
            return min(value for mesh in self.elements(base)["W-01"].displayValue for value in mesh.vertices[::3])
        self.assertAlmostEqual(left_end(versions[0]) - left_end(versions[1]), 0.7, places=4)

    # --- Speckle's loader and viewer

    def test_the_web_loader_receives_the_house(self):
        view, state = self.view(), self.state()
        came = node("load_objects.mjs", server=self.hub.url, project=state["projectId"], object=view["object"],
                    token=self.hub.tokens["ben"])
        self.assertEqual(came["count"], came["total"])
        self.assertEqual(came["kinds"]["Objects.Data.DataObject"], view["elements"])
        self.assertGreater(came["kinds"]["Objects.Geometry.Mesh"], 30)

    def test_a_change_is_seen_in_the_open_view(self):
        if not CHROMIUM:
            self.skipTest("Chromium is not installed")
        done = subprocess.run([AECOS, "hub", "user", "add", "dora", "--password", "-", "--data", str(self.hub.data)],
                              input="a long enough secret\n", text=True, capture_output=True,
                              env={**ENVIRONMENT, "HOME": str(self.folder)})
        self.assertEqual(done.returncode, 0, done.stderr)
        self.hub.admin("project", "member", "house", "dora", "read")
        wall = re.search(r"IFCWALL\('([^']*)',#\d+,'W-01'", (self.ana / MODEL).read_text())[1]
        link = json.loads(self.aecos("visualise", "--json", wall).stdout)["link"]
        self.assertTrue(link.endswith(f"/projects/house/view?element={wall}".replace("$", "%24")), link)
        picture = WEB / "view.png"
        script = WEB / "view_page_test.mjs"
        shutil.copy(HERE / "view_page.mjs", script)
        self.addCleanup(script.unlink)
        browser = subprocess.Popen(["node", str(script)], cwd=WEB, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                   env={**ENVIRONMENT, "HOME": str(self.folder), "AECOS_VIEW_TEST": json.dumps(
                                       {"url": link, "login": "dora", "password": "a long enough secret",
                                        "chromium": CHROMIUM, "picture": str(picture)})})
        self.addCleanup(browser.kill)
        first = json.loads(browser.stdout.readline())
        print("first:", {name: first[name] for name in ("state", "meshes", "colours", "loads", "troubles")})
        self.assertGreater(first["meshes"], 30)
        self.assertGreater(first["colours"], 30)
        self.assertEqual(first["selected"], wall)
        watching = subprocess.Popen([AECOS, "sync", "--watch"], cwd=self.ana, stdout=subprocess.DEVNULL,
                                    stderr=subprocess.DEVNULL, env={**ENVIRONMENT, "HOME": str(self.folder)})
        self.addCleanup(watching.kill)
        time.sleep(1)
        times, seen = [], first
        for _ in range(5):
            parts = len(seen["partsLoaded"])
            browser.stdin.write(json.dumps({"object": seen["object"]}) + "\n")
            browser.stdin.flush()
            time.sleep(0.3)
            saved = time.time()
            self.edit(lambda text: self.move_wall(text, by_mm=900.0))
            after = json.loads(browser.stdout.readline())
            times.append(after["shownAt"] / 1000 - saved)
            print("after the save: told", *(f"{after[name] / 1000 - saved:.2f}" for name in ("toldAt", "readAt", "loadedAt", "shownAt")))
            self.assertNotEqual(after["hash"], seen["hash"])
            self.assertEqual(len(after["partsLoaded"]), parts + 1, after["partsLoaded"])  # One storey of two.
            self.assertTrue(all(math.isclose(a, b, abs_tol=1e-6) for a, b in zip(after["eye"], seen["eye"])))
            seen = after
        print("saved to visible:", " ".join(f"{each:.2f} s" for each in times), "; picture:", picture)
        self.assertLess(statistics.median(times), SEEN_MAX_S)
        self.assertEqual(seen["troubles"], first["troubles"])
        watching.send_signal(signal.SIGINT)
        watching.wait(timeout=30)
        browser.stdin.close()
        self.assertEqual(browser.wait(timeout=30), 0)

    # --- what is made, and for whom

    def test_only_shapes_that_are_new_are_made(self):
        self.view()
        self.assertGreater(self.state()["total"], 30)
        self.edit(self.move_wall)
        self.aecos("sync")
        self.view()
        self.assertLessEqual(self.state()["total"], 4)  # The wall, and what fills its openings.
        before = self.state()["parts"]
        self.edit(lambda text: text.replace("'REI 60'", "'REI 90'"))
        self.aecos("sync")
        self.view()
        state = self.state()
        self.assertEqual(state["total"], 0)
        self.assertEqual([part["key"] for part in state["parts"]], [part["key"] for part in before])
        types = [event["type"] for event in self.hub.all_events("house")]
        self.assertEqual(types.count("visualisation.updated"), 3)

    def test_element_folders_are_shown_by_storey(self):
        before = self.elements(self.received(self.client()))
        self.aecos("import", MODEL)
        (self.ana / MODEL).unlink()
        self.aecos("sync")
        view = self.view()
        after = self.elements(self.received(self.client()))
        self.assertEqual(set(after), set(before))
        self.assertEqual((view["elements"], view["withoutShape"]), (len(before), 0))
        for name, element in before.items():
            self.assertEqual(bool(element.displayValue), bool(after[name].displayValue), name)
        self.assertLessEqual({"Storey 0", "Storey 1"}, {part["name"] for part in self.state()["parts"]})

    def names(self):
        """How often each name is among what is shown."""
        found = {}
        for line in self.lines(self.state()):
            if '"Objects.Data.DataObject"' in line:
                name = json.loads(line.split("\t")[1])["name"]
                found[name] = found.get(name, 0) + 1
        return found

    def lines(self, state):
        root = self.hub.get(f"/objects/{state['projectId']}/{state['version']['object']}/single", "ben")
        status, _, body = self.hub.ask("POST", f"/api/v2/projects/{state['projectId']}/object-stream/", "ben",
                                       {"objectIds": [root["id"], *root["__closure"]]})
        self.assertEqual(status, 200)
        return body.decode().splitlines()

    def test_a_model_that_is_kept_beside_its_element_folders_is_shown_once(self):
        self.view()
        before = self.names()
        self.assertEqual(before["W-01"], 1)
        self.aecos("import", MODEL)
        self.aecos("sync")
        self.view()
        self.assertEqual(self.names(), before)
        # The element is as its folder has it.
        [wall] = [path for path in (self.ana / "elements").iterdir() if path.name.startswith("wall-w01-")]
        shutil.rmtree(wall)
        self.aecos("sync")
        self.view()
        self.assertEqual(self.names(), before)  # The model that is kept has it still.
        self.assertEqual(self.state()["version"]["elements"], sum(before.values()))

    def test_what_is_asked_for_by_name_is_found(self):
        wall = re.search(r"IFCWALL\('([^']*)',#\d+,'W-01'", (self.ana / MODEL).read_text())[1].replace("$", "%24")
        self.assertTrue(json.loads(self.aecos("visualise", "--json", "W-01").stdout)["link"].endswith("element=" + wall))
        self.aecos("import", MODEL)
        [slug] = [path.name for path in (self.ana / "elements").iterdir() if path.name.startswith("wall-w01-")]
        for what in ("W-01", slug):
            self.assertTrue(json.loads(self.aecos("visualise", "--json", what).stdout)["link"].endswith("element=" + wall))
        none = self.aecos("visualise", "W-99", check=False)
        self.assertEqual((none.returncode, none.stderr.count("\n")), (2, 1), none.stderr)
        self.assertIn("no element is called W-99", none.stderr)

    def test_answers_are_packed_for_who_takes_that_and_pages_of_others_may_ask(self):
        self.view()
        state = self.state()
        path = f"/objects/{state['projectId']}/{state['version']['object']}"
        def ask(method, path, **headers):
            request = urllib.request.Request(self.hub.url + path, method=method, headers=headers)
            with urllib.request.urlopen(request) as answer:
                return answer.headers, answer.read()
        token = {"Authorization": "Bearer " + self.hub.tokens["ben"]}
        for whole in (path, path + "/single"):
            headers, plain = ask("GET", whole, **token)
            self.assertIsNone(headers["Content-Encoding"])
            self.assertEqual(headers["Access-Control-Allow-Origin"], "*")
            headers, packed = ask("GET", whole, **token, **{"Accept-Encoding": "gzip"})
            if len(plain) > 1024:
                self.assertEqual(headers["Content-Encoding"], "gzip")
                self.assertEqual(gzip.decompress(packed), plain)
                self.assertLess(len(packed), len(plain) * 0.6)
        print("all objects:", len(ask("GET", path, **token)[1]), "bytes, packed",
              len(ask("GET", path, **token, **{"Accept-Encoding": "gzip"})[1]))
        headers, _ = ask("OPTIONS", path, **{"Origin": "https://speckle.example.org", "Access-Control-Request-Method": "GET",
                                             "Access-Control-Request-Headers": "authorization"})
        self.assertEqual(headers["Access-Control-Allow-Origin"], "*")
        self.assertIn("Authorization", headers["Access-Control-Allow-Headers"])
        self.assertIsNone(headers["Access-Control-Allow-Credentials"])
        with self.assertRaises(urllib.error.HTTPError) as refused:
            ask("GET", path, Origin="https://speckle.example.org")
        self.assertEqual(refused.exception.code, 401)
        refused.exception.close()
        headers, _ = ask("GET", "/api/v1/projects", **token)
        self.assertIsNone(headers["Access-Control-Allow-Origin"])  # What is not read by Speckle's clients stays as it was.

    def test_what_was_made_outlasts_the_hub(self):
        first = self.view()
        self.hub.kill()
        self.hub.start()
        self.git("remote", "set-url", "origin", self.hub.address("house", "ana"))
        second = self.view()
        self.assertEqual(first["object"], second["object"])
        self.assertEqual(self.state()["total"], 0)
        for path in (self.hub.data / "views/house").glob("*.pack"):
            path.write_bytes(path.read_bytes()[:100])
        self.hub.kill()
        self.hub.start()
        self.git("remote", "set-url", "origin", self.hub.address("house", "ana"))
        self.assertEqual(self.view()["object"], first["object"])

    def test_who_may_not_read_the_project_sees_nothing_of_it(self):
        view, state = self.view(), self.state()
        self.hub.user("eve")
        paths = [("GET", f"/objects/{state['projectId']}/{view['object']}/single", None),
                 ("GET", f"/objects/{state['projectId']}/{view['object']}", None),
                 ("GET", "/api/v1/projects/house/view", None),
                 ("PUT", "/api/v1/projects/house/view", {}),
                 ("POST", f"/api/diff/{state['projectId']}", {"objects": f'["{view["object"]}"]'}),
                 ("POST", f"/api/getobjects/{state['projectId']}", {"objects": f'["{view["object"]}"]'}),
                 ("POST", f"/api/v2/projects/{state['projectId']}/object-stream/", {"objectIds": [view["object"]]})]
        for method, path, body in paths:
            self.assertEqual(self.hub.ask(method, path, "ben", body)[0], 200, path)
            self.assertEqual(self.hub.ask(method, path, "eve", body)[0], 404, path)
            self.assertEqual(self.hub.ask(method, path, None, body)[0], 401, path)
        query = {"query": f'{{ project(id: "{state["projectId"]}") {{ name }} activeUser {{ projects {{ totalCount }} }} }}'}
        _, _, answer = self.hub.ask("POST", "/graphql", "eve", query)
        self.assertIsNone(answer["data"]["project"])
        self.assertEqual(answer["data"]["activeUser"]["projects"]["totalCount"], 0)
        self.assertEqual(self.hub.ask("POST", "/graphql", None, query)[0], 401)

    def test_parts_of_objects_can_be_asked_for(self):
        view, state = self.view(), self.state()
        path = f"/api/v2/projects/{state['projectId']}/object-stream/"
        def asked(mask):
            status, _, body = self.hub.ask("POST", path, "ben", {"objectIds": [view["object"]], "attributeMask": mask})
            return status, json.loads(body.decode().split("\t", 1)[1]) if status == 200 else body
        self.assertEqual(set(asked({"include": ["name"]})[1]), {"id", "speckle_type", "name"})
        self.assertNotIn("elements", asked({"exclude": ["elements"]})[1])
        self.assertEqual(asked({"include": [], "exclude": []})[0], 400)
        self.assertEqual(self.hub.ask("POST", path, "ben", {"objectIds": ["x"]})[0], 400)
        self.assertEqual(self.hub.ask("POST", path, "ben", {})[0], 400)

    # --- elsewhere

    def test_gltf_is_valid(self):
        path = self.folder / "house.glb"
        self.aecos("visualise", "--gltf", path)
        check = ("import validator from 'gltf-validator'; import fs from 'node:fs';"
                 f"const r = await validator.validateBytes(new Uint8Array(fs.readFileSync({json.dumps(str(path))})));"
                 "console.log(JSON.stringify(r));")
        done = subprocess.run(["node", "--input-type=module", "-e", check], cwd=WEB, text=True, capture_output=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        report = json.loads(done.stdout)
        self.assertEqual([each for each in report["issues"]["messages"] if each["severity"] < 3], [])
        self.assertEqual(report["issues"]["numErrors"], 0)
        self.assertGreater(report["info"]["totalTriangleCount"], 500)

    def test_the_model_is_sent_to_a_speckle_server(self):
        token = "for-this-test-" + os.urandom(8).hex()
        server = SpeckleServer(token)
        self.addCleanup(server.stop)
        (self.ana / ".env").write_text(f"SPECKLE_TOKEN='{token}'\n")
        anybodys = self.aecos("visualise", "--send", check=False, SPECKLE_SERVER=server.url)
        self.assertEqual(anybodys.returncode, 2)
        self.assertIn("which git must ignore", anybodys.stderr)
        (self.ana / ".git" / "info" / "exclude").write_text(".env\n")
        sent = json.loads(self.aecos("visualise", "--send", "--json", SPECKLE_SERVER=server.url + "/").stdout)
        self.assertEqual(server.faults, [])
        [project] = server.projects.values()
        [model] = project["all"].values()
        self.assertEqual((project["name"], model["name"]), ("house", "develop"))
        self.assertEqual([each["referencedObject"] for each in model["all"]], [sent["object"]])
        self.assertEqual(sent["sent"]["objects"], len(server.objects[project["id"]]))
        self.assertIn(project["id"], sent["sent"]["link"])
        again = json.loads(self.aecos("visualise", "--send", "--json", SPECKLE_SERVER=server.url).stdout)
        self.assertEqual(again["sent"]["objects"], 0)
        self.assertEqual(len(server.projects), 1)
        refused = self.aecos("visualise", "--send", check=False, SPECKLE_SERVER=server.url, SPECKLE_TOKEN="wrong")
        self.assertEqual(refused.returncode, 4, refused.stderr)
        self.assertIn("token", refused.stderr)
        (self.ana / ".env").unlink()
        unset = self.aecos("visualise", "--send", check=False)
        self.assertEqual(unset.returncode, 2)
        self.assertIn("SPECKLE_SERVER", unset.stderr)

    # --- trouble

    def test_what_cannot_be_shown_is_told_and_the_rest_is_shown(self):
        (self.ana / "models/broken.ifc").write_text("ISO-10303-21;\nHEADER;\nENDSEC;\nDATA;\n#1=IFCWALL(#1;\nEND-ISO-10303-21;\n")
        hostile = (self.ana / MODEL).read_text()
        solid = re.search(r"#(\d+)=IFCEXTRUDEDAREASOLID\(", hostile)[1]
        hostile = re.sub(rf"#{solid}=IFCEXTRUDEDAREASOLID\([^;]*;", f"#{solid}=IFCBOOLEANRESULT(.UNION.,#{solid},#{solid});", hostile)
        (self.ana / "models/hostile.ifc").write_text(hostile)
        self.git("add", "-A")
        self.git("commit", "-q", "--no-verify", "-m", "odd models")
        self.git("push", "-q", "origin", "HEAD:refs/for/develop")
        view = self.view()
        self.assertEqual(view["state"], "ready")
        self.assertTrue(any("broken.ifc" in line for line in view["leftOut"]), view)
        self.assertGreater(view["elements"], 60)
        self.assertGreater(view["withoutShape"], 0)
        self.assertEqual(self.hub.ask("GET", "/readyz")[0], 200)


class WithoutNode(HubTest):
    def setUp(self):
        settings = pathlib.Path(tempfile.mkdtemp(prefix="aecos-view-")) / "hub.toml"
        settings.write_text('[view]\nnode = "no-such-node"\n')
        self.addCleanup(shutil.rmtree, settings.parent)
        self.options = ("--config", str(settings))
        super().setUp()

    def test_what_is_missing_is_told_and_all_else_works(self):
        self.project()
        desk = self.folder / "ana"
        run("git", "clone", "-q", self.hub.address("house", "ana"), desk, folder=self.folder)
        for name, value in (("user.name", "Ana"), ("user.email", "ana@example.org")):
            run("git", "config", name, value, folder=desk)
        run(AECOS, "init", folder=desk)
        run(AECOS, "sample", "house.ifc", folder=desk)
        run(AECOS, "sync", folder=desk)
        done = run(AECOS, "visualise", folder=desk, check=False)
        self.assertEqual(done.returncode, 5)
        self.assertIn("nodejs", done.stderr)
        state = self.hub.get("/api/v1/projects/house/view", "ana")
        self.assertEqual((state["state"], state["version"]), ("failed", None))
        self.assertIn("nodejs", state["why"])
        self.assertEqual(json.loads(run(AECOS, "sync", "--json", folder=desk).stdout)["conflicts"], [])


if __name__ == "__main__":
    main()
