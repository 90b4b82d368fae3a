/* The page of one head: its numbers in a picture, and maps of the texts in which it is most itself. */

atlas.pressKey("[", "previous head", "a[rel=prev]");
atlas.pressKey("]", "next head", "a[rel=next]");

atlas.pages.push(async () => {
  const given = atlas.pageData("atlas-data");
  const [, layer, head] = given.at;
  const strips = atlas.drawStrips(atlas.$(".head-metrics"), layer, head, given.strips_at);
  const canvases = atlas.$$(".example canvas");
  const maps = canvases.map(async (canvas, at) => {
    const map = { ...given.of, ...given.maps[at] };
    const { of } = await atlas.headMap(map);
    atlas.thumbnail(canvas, of(layer, head), map.rows, map.columns);
  });
  await Promise.all([strips, ...maps]);
});
