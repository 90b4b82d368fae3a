/* The page of one head: its numbers in a picture, and maps of the texts in which it is most itself. */

atlas.pressKey("[", "previous head", "a[rel=prev]");
atlas.pressKey("]", "next head", "a[rel=next]");

atlas.pages.push(async () => {
  const given = atlas.pageData("atlas-data");
  atlas.drawStrips(atlas.$(".head-metrics"), given.strips);
  const canvases = atlas.$$(".example canvas");
  const [, layer, head] = given.at;
  await Promise.all(
    canvases.map(async (canvas, at) => {
      const map = { ...given.of, ...given.maps[at] };
      const { of } = await atlas.headMap(map);
      atlas.thumbnail(canvas, of(layer, head), map.rows, map.columns);
    }),
  );
});
