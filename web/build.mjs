// Bundles what the hub needs at run time into dist/: the worker with its kernel, and the page that shows a project.
import { build } from "esbuild";
import { copyFileSync, mkdirSync } from "node:fs";

const OUT = "dist";
mkdirSync(OUT, { recursive: true });
const common = { bundle: true, minify: true, format: "esm", legalComments: "linked", logLevel: "error" };
// The kernel is written for CommonJS, and looks for its .wasm file beside itself.
const commonJs =
  'import{createRequire as aecosRequire}from"node:module";import{fileURLToPath as aecosPath}from"node:url";' +
  'import{dirname as aecosFolder}from"node:path";const require=aecosRequire(import.meta.url),' +
  "__filename=aecosPath(import.meta.url),__dirname=aecosFolder(__filename);";
await build({ ...common, entryPoints: ["mesh_worker.mjs"], platform: "node", outfile: `${OUT}/mesh_worker.mjs`, banner: { js: commonJs } });
await build({ ...common, entryPoints: ["view.mjs"], platform: "browser", target: "es2022", outfile: `${OUT}/view.js` });
copyFileSync("node_modules/web-ifc/web-ifc-node.wasm", `${OUT}/web-ifc-node.wasm`);
copyFileSync("view.html", `${OUT}/view.html`);
