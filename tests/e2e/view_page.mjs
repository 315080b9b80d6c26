// Drives the view page in Chromium, for visualise_test.py: {url, login, password, chromium, picture} as the first
// argument. Says a line of JSON for each thing that was seen, and goes on when it is sent a line.
import { chromium } from "playwright-core";
import { createInterface } from "node:readline";
import { createHash } from "node:crypto";

const given = JSON.parse(process.env.AECOS_VIEW_TEST);
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const say = (what) => console.log(JSON.stringify(what));

const browser = await chromium.launch({
  executablePath: given.chromium,
  args: ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist"],
});
const page = await browser.newPage({ viewport: { width: 720, height: 480 } });
const troubles = [];
page.on("pageerror", (error) => troubles.push(error.message));
page.on("console", (message) => {
  if (message.type() === "error") troubles.push(message.text());
});
await page.goto(given.url);
await page.fill("input[name=login]", given.login);
await page.fill("input[name=password]", given.password);
await page.click("button");

const state = () => page.evaluate(() => {
  const { object, loads, partsLoaded, selected, toldAt, readAt, loadedAt, shownAt, camera, viewer } = window.aecosView;
  const eye = camera?.renderingCamera?.position;
  const meshes = viewer?.getWorldTree().findAll((node) => node.model.raw?.speckle_type === "Objects.Geometry.Mesh") ?? [];
  return { object, loads, partsLoaded, selected, toldAt, readAt, loadedAt, shownAt, eye: eye && [eye.x, eye.y, eye.z], meshes: meshes.length,
           state: document.getElementById("state").textContent, trouble: document.getElementById("trouble").textContent };
});
// Of the picture alone, and how many colours are in it: an empty scene has few.
async function look() {
  const picture = await page.locator("#scene canvas").first().screenshot(given.picture ? { path: given.picture } : {});
  const colours = await page.evaluate(async (base64) => {
    const image = await createImageBitmap(await (await fetch(`data:image/png;base64,${base64}`)).blob());
    const canvas = new OffscreenCanvas(image.width, image.height), context = canvas.getContext("2d");
    context.drawImage(image, 0, 0);
    const pixels = context.getImageData(0, 0, image.width, image.height).data, seen = new Set();
    for (let i = 0; i < pixels.length; i += 4) seen.add((pixels[i] >> 3) << 16 | (pixels[i + 1] >> 3) << 8 | pixels[i + 2] >> 3);
    return seen.size;
  }, picture.toString("base64"));
  return { hash: createHash("sha256").update(picture).digest("hex"), colours };
}

await page.waitForFunction(() => window.aecosView?.object, null, { timeout: 60000 });
await new Promise((done) => setTimeout(done, 1500));  // The picture grows sharper while nothing moves.
say({ ...(await state()), ...(await look()), troubles });
for await (const line of lines) {
  const before = JSON.parse(line).object;
  await page.waitForFunction((old) => window.aecosView.object !== old, before, { timeout: 60000, polling: "raf" });
  await new Promise((done) => setTimeout(done, 1500));
  say({ ...(await state()), ...(await look()), troubles });
}
await browser.close();
