/* The page on method: the small maps that teach how to read one. */

atlas.pages.push(async () => {
  const canvases = atlas.$$("[data-example]");
  const map = canvases.length && atlas.pageData("atlas-data")?.map;
  if (!map) return;
  const { of } = await atlas.headMap(map);
  for (const canvas of canvases) {
    const [layer, head] = canvas.dataset.example.split(",").map(Number);
    atlas.thumbnail(canvas, of(layer, head), map.rows, map.columns);
  }
});
