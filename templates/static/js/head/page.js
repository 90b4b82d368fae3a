/* The page of one head: the maps of the texts in which it is most itself. */

atlas.pressKey("[", "previous head", "a[rel=prev]");
atlas.pressKey("]", "next head", "a[rel=next]");

atlas.pages.push(async () => {
  const canvases = atlas.$$("[data-example-map]");
  const given = canvases.length && atlas.pageData("atlas-data");
  if (!given) return;
  const [, layer, head] = given.at;
  await Promise.all(
    canvases.map(async (canvas) => {
      const map = given.maps[canvas.dataset.exampleMap];
      const { of } = await atlas.headMap(map);
      atlas.thumbnail(canvas, of(layer, head), map.rows, map.columns);
    }),
  );
});
