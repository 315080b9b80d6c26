// The page at /projects/PROJECT/view: shows the project, and what changes in it as it changes.
//
// A view is loaded by its parts (a storey each, as a rule); after a change only the parts that are other ones are loaded
// anew, and the camera stays where it is. ?element=GLOBALID selects an element and goes to it.
import { ObjectLoader2Factory } from "@speckle/objectloader2";
import {
  CameraController, DefaultViewerParams, SelectionExtension, SpeckleLoader, Viewer, ViewMode, ViewModes,
} from "@speckle/viewer";

const project = decodeURIComponent(location.pathname.split("/")[2]);
const api = `/api/v1/projects/${encodeURIComponent(project)}`;
const byId = (id) => document.getElementById(id);
const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

byId("title").textContent = project;
document.title = `${project} · aecos`;

// For whoever looks at the page from outside, as tests do.
const told = (window.aecosView = { object: null, loads: 0, partsLoaded: [], selected: null });

async function ask(method, path, body) {
  const headers = { "X-Aecos-Csrf": "1" };
  if (body) headers["Content-Type"] = "application/json";
  return fetch(path, { method, headers, body: body && JSON.stringify(body) });
}

// Asks again with who signs in, until they may.
async function askSignedIn(method, path, body) {
  for (;;) {
    const answer = await ask(method, path, body);
    if (answer.status !== 401) return answer;
    await signIn();
  }
}

function signIn() {
  const form = byId("sign-in");
  form.className = "shown";
  return new Promise((resolve) => {
    form.onsubmit = async (event) => {
      event.preventDefault();
      const { login, password } = Object.fromEntries(new FormData(form));
      const answer = await ask("POST", "/api/v1/session", { login, password });
      byId("trouble").textContent = answer.ok ? "" : (await answer.json()).detail;
      if (!answer.ok) return;
      form.className = "";
      resolve();
    };
  });
}

// Of objects that were asked for after a change, by id, as JSON: the next change asks for what is new alone.
const known = new Map();

async function readObjects(projectId, object) {
  if (!known.has(object)) {
    const answer = await ask("GET", `/objects/${projectId}/${object}/single`);
    if (!answer.ok) throw new Error(`the changed part cannot be had: ${answer.status}`);
    known.set(object, await answer.text());
  }
  const ids = Object.keys(JSON.parse(known.get(object)).__closure ?? {});
  const missing = ids.filter((id) => !known.has(id));
  if (missing.length > 0) {
    const answer = await ask("POST", `/api/v2/projects/${projectId}/object-stream/`, { objectIds: missing });
    if (!answer.ok) throw new Error(`the changed part cannot be had: ${answer.status}`);
    for (const line of (await answer.text()).split("\n")) {
      const tab = line.indexOf("\t");
      if (tab > 0) known.set(line.slice(0, tab), line.slice(tab + 1));
    }
  }
  return [object, ...ids].map((id) => JSON.parse(known.get(id)));
}

// Speckle's own loader waits for more to ask for, which is too long for a change.
class ChangedPartLoader extends SpeckleLoader {
  initObjectLoader(resource, token, caching, objects) {
    return ObjectLoader2Factory.createFromObjects(objects);
  }
}

// Whether the processor draws, as on machines without a graphics card: then shadows take seconds.
function isDrawnBySoftware(viewer) {
  const gl = viewer.getRenderer().renderer.getContext();
  const names = gl.getExtension("WEBGL_debug_renderer_info");
  return names !== null && /swiftshader|llvmpipe|software/i.test(gl.getParameter(names.UNMASKED_RENDERER_WEBGL));
}

async function makeViewer() {
  const viewer = new Viewer(byId("scene"), { ...DefaultViewerParams, showStats: false, verbose: false });
  await viewer.init();
  const camera = viewer.createExtension(CameraController);
  const selection = viewer.createExtension(SelectionExtension);
  if (isDrawnBySoftware(viewer)) {
    viewer.setLightConfiguration({ castShadow: false, shadowcatcher: false });
    viewer.createExtension(ViewModes).setViewMode(ViewMode.SHADED, { edges: false });
  }
  return { viewer, camera, selection };
}

class View {
  constructor({ viewer, camera, selection }) {
    Object.assign(this, { viewer, camera, selection });
    this.loaded = new Map();  // Parts by key: the object that is shown.
    this.element = new URLSearchParams(location.search).get("element");
    this.work = Promise.resolve();
  }

  address(state, object) {
    return `${location.origin}/streams/${state.projectId}/objects/${object}`;
  }

  // One after the other, however fast they come.
  update() {
    this.work = this.work.then(() => this.updateNow()).catch((error) => {
      byId("trouble").textContent = error.message;
    });
    return this.work;
  }

  async updateNow() {
    const answer = await askSignedIn("PUT", `${api}/view`, { waitSeconds: 10 });
    const state = await answer.json();
    if (!answer.ok) throw new Error(state.detail);
    byId("trouble").textContent = [state.why, ...state.leftOut].filter(Boolean).join(" · ");
    if (state.state === "working" && !state.version) {
      byId("state").textContent = `Being made: ${state.done} of ${state.total} shapes`;
      await wait(500);
      return this.updateNow();
    }
    if (!state.version) return;
    told.readAt = Date.now();
    await this.load(state);
    told.loadedAt = Date.now();
    const { elements, withoutShape, commit, message } = state.version;
    byId("state").textContent = `${elements} elements · ${commit.slice(0, 10)} · ${message.split("\n")[0]}` +
      (withoutShape ? ` · ${withoutShape} without a shape` : "");
    await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));  // The viewer draws before this does.
    Object.assign(told, { object: state.version.object, loads: told.loads + 1, shownAt: Date.now() });
  }

  async load(state) {
    const isFirst = this.loaded.size === 0;
    const wanted = new Map(state.parts.map((part) => [part.key, part.object]));
    const gone = [...this.loaded].filter(([key, object]) => wanted.get(key) !== object);
    const come = [...wanted].filter(([key, object]) => this.loaded.get(key) !== object);
    for (const [key, object] of come) {
      const tree = this.viewer.getWorldTree(), address = this.address(state, object);
      const loader = isFirst
        ? new SpeckleLoader(tree, address, "")
        : new ChangedPartLoader(tree, address, "", false, await readObjects(state.projectId, object));
      await this.viewer.loadObject(loader, false);
      told.partsLoaded.push(key);
    }
    for (const [, object] of gone) await this.viewer.unloadObject(this.address(state, object));
    this.loaded = wanted;
    this.forgetOldObjects(state);
    if (isFirst) this.camera.setCameraView([], false);
    if (this.element && (isFirst || come.length > 0)) this.select(this.element, isFirst);
    this.viewer.requestRender(8);
  }

  // What no part has any more.
  forgetOldObjects(state) {
    if (known.size === 0) return;
    const wanted = new Set();
    for (const { object } of state.parts) {
      if (!known.has(object)) continue;
      wanted.add(object);
      for (const id of Object.keys(JSON.parse(known.get(object)).__closure ?? {})) wanted.add(id);
    }
    for (const id of known.keys()) if (!wanted.has(id)) known.delete(id);
  }

  select(globalId, goThere) {
    const found = this.viewer.getWorldTree().findAll((node) => node.model.raw?.applicationId === globalId);
    const ids = found.map((node) => node.model.id);
    told.selected = ids.length > 0 ? globalId : null;
    byId("element").textContent = ids.length > 0 ? `Element ${found[0].model.raw.name}` : `Element ${globalId} is not here`;
    if (ids.length === 0) return;
    this.selection.selectObjects(ids);
    if (goThere) this.camera.setCameraView(ids, true);
  }
}

function follow(view) {
  const stream = new EventSource(`${api}/stream`);
  stream.addEventListener("visualisation.updated", () => {
    told.toldAt = Date.now();
    view.update();
  });
  // What was missed while there was no connection.
  let isFirst = true;
  stream.onopen = () => {
    if (!isFirst) view.update();
    isFirst = false;
  };
}

const view = new View(await makeViewer());
window.aecosView.viewer = view.viewer;
window.aecosView.camera = view.camera;
await view.update();
follow(view);
await view.update();  // What happened in between.
