// Receives a model as Speckle's web viewer does, for visualise_test.py: how many objects of each kind came.
import { ObjectLoader2Factory } from "@speckle/objectloader2";

const { server, project, object, token } = JSON.parse(process.env.AECOS_VIEW_TEST);
const loader = ObjectLoader2Factory.createFromUrl({
  serverUrl: server, streamId: project, objectId: object, token, options: { useCache: false, logger: () => {} },
});
const kinds = {};
const ids = new Set();
for await (const each of loader.getObjectIterator()) {
  kinds[each.speckle_type] = (kinds[each.speckle_type] ?? 0) + 1;
  ids.add(each.id);
}
await loader.disposeAsync();
process.stdout.write(JSON.stringify({ kinds, count: ids.size, total: await loader.getTotalObjectCount() }) + "\n");
