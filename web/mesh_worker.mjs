// Turns elements of an IFC file into triangles, with web-ifc. Started by the hub for each batch of elements.
//
// Standard input: a line {"elements": [STEP ids], "memoryMB": N}, then the text of the file. Standard output, a line each:
// {"opened": true}; {"id": N, "meshes": [{"colour": [r, g, b, a], "vertices": BASE64, "indices": BASE64}]} for each
// element as it is done, in the order asked for; {"done": true}. Vertices are doubles in metres, the z axis up, indices
// 32-bit numbers. Whatever else happens ends the process with a status other than 0; what was said before stands.
import { isMainThread, parentPort, Worker } from "node:worker_threads";
import { writeSync } from "node:fs";
import { fileURLToPath } from "node:url";

const CIRCLE_SEGMENTS = 24;

function say(line) {
  const bytes = Buffer.from(JSON.stringify(line) + "\n");
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(1, bytes, at);
    } catch (error) {
      if (error.code !== "EAGAIN") throw error;
    }
  }
}

function base64(array) {
  return Buffer.from(array.buffer, array.byteOffset, array.byteLength).toString("base64");
}

// The pieces of one colour together. The kernel's y axis points up.
class Triangles {
  constructor(colour) {
    this.colour = colour;
    this.vertices = [];
    this.indices = [];
  }

  add(vertices, indices, m) {
    const first = this.vertices.length / 3;
    for (let i = 0; i + 5 < vertices.length; i += 6) {
      const x = vertices[i], y = vertices[i + 1], z = vertices[i + 2];
      this.vertices.push(m[0] * x + m[4] * y + m[8] * z + m[12],
                         -(m[2] * x + m[6] * y + m[10] * z + m[14]),
                         m[1] * x + m[5] * y + m[9] * z + m[13]);
    }
    for (const index of indices) this.indices.push(first + index);
  }

  write() {
    return {
      colour: this.colour,
      vertices: base64(Float64Array.from(this.vertices)),
      indices: base64(Uint32Array.from(this.indices)),
    };
  }
}

function meshesOf(api, model, id) {
  const byColour = new Map();
  const flat = api.GetFlatMesh(model, id);
  for (let i = 0; i < flat.geometries.size(); i++) {
    const placed = flat.geometries.get(i);
    const geometry = api.GetGeometry(model, placed.geometryExpressID);
    const colour = [placed.color.x, placed.color.y, placed.color.z, placed.color.w];
    const key = colour.join();
    if (!byColour.has(key)) byColour.set(key, new Triangles(colour));
    byColour.get(key).add(api.GetVertexArray(geometry.GetVertexData(), geometry.GetVertexDataSize()),
                          api.GetIndexArray(geometry.GetIndexData(), geometry.GetIndexDataSize()),
                          placed.flatTransformation);
    geometry.delete();
  }
  flat.geometries.delete();
  return [...byColour.values()].filter((each) => each.indices.length > 0).map((each) => each.write());
}

// Whatever takes time and needs no input comes first: the hub starts this ahead.
async function startKernel() {
  const { IfcAPI, LogLevel } = await import("web-ifc");
  const api = new IfcAPI();
  await api.Init();
  api.SetLogLevel(LogLevel.LOG_LEVEL_OFF);
  return api;
}

function convert(api, { elements, text, memoryMB }) {
  const model = api.OpenModel(text, { COORDINATE_TO_ORIGIN: false, CIRCLE_SEGMENTS, MEMORY_LIMIT: memoryMB * 2 ** 20 });
  if (model < 0) throw new Error("the file cannot be opened");
  say({ opened: true });
  for (const id of elements) say({ id, meshes: meshesOf(api, model, id) });
  say({ done: true });
}

async function readInput() {
  const pieces = [];
  for await (const piece of process.stdin) pieces.push(piece);
  const input = Buffer.concat(pieces);
  if (input.length === 0) process.exit(0);  // Started ahead, and not needed.
  const end = input.indexOf(10);
  return { ...JSON.parse(input.subarray(0, end).toString()), text: new Uint8Array(input.subarray(end + 1)) };
}

function fail(message) {
  process.stderr.write(`mesh_worker: ${message}\n`, () => process.exit(1));
}

if (isMainThread) {
  // The kernel never yields, so it works beside the thread that watches how much memory it takes.
  const worker = new Worker(fileURLToPath(import.meta.url));
  worker.on("error", (error) => fail(error.message));
  worker.on("message", () => process.exit(0));
  const input = await readInput();
  worker.postMessage(input, [input.text.buffer]);
  setInterval(() => {
    if (process.memoryUsage.rss() > input.memoryMB * 2 ** 20) fail("it takes too much memory");
  }, 100);
} else {
  const started = startKernel();
  parentPort.once("message", async (input) => {
    convert(await started, input);
    parentPort.postMessage("done");
  });
}
