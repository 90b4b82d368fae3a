/* What can be saved of rollout: every layer, as pictures and as numbers. */

const rows = async (figure, map) => {
  const layers = Array.from({ length: map.layers }, (_, layer) => figure.shares(map, layer));
  return (await Promise.all(layers)).flatMap((share, layer) =>
    map.queries.flatMap((_, q) => map.seen.map((_, k) => [layer, q, k, Number(share(q, k).toPrecision(4))])),
  );
};

/* For each layer, what is left of the chosen token and where most of the rest came from. */
const table = async (figure, { query }, map) => {
  const columns = ["Layer", "Still its own", "Most of the rest from", "Share"];
  if (query == null) return { caption: "No token is chosen.", columns, rows: [] };
  const caption = `What “${atlas.shown(map.queries[query])}” holds after each layer.`;
  const others = map.seen.map((_, key) => key).filter((key) => map.keys || key !== query);
  const lines = [];
  for (let layer = 0; layer < map.layers; layer++) {
    const share = await figure.shares(map, layer);
    const larger = (best, key) => (share(query, key) > share(query, best) ? key : best);
    const most = others.reduce(larger, others[0]);
    const own = map.keys ? "–" : atlas.stored(share(query, query));
    const rest = most == null ? ["–", "–"] : [atlas.shown(map.seen[most]), atlas.stored(share(query, most))];
    lines.push([layer, own, ...rest]);
  }
  return { caption, columns, rows: lines };
};

const ownFiles = (figure, state, map) => ({
  columns: () => ["layer", "query", "key", "share"],
  rows: () => rows(figure, map),
  table: () => table(figure, state, map),
  says: "share of the input token",
});

/* Rollout has one picture a layer: a row of panels without heads. */
atlas.rolloutFiles = async (page, figure) => {
  if (!figure.given) await figure.draw(); // a key asks for its table before it was drawn
  const { given } = figure;
  const { layers, vs, ink } = given;
  const state = page.state.get();
  const files = vs ? given.files(state) : ownFiles(figure, state, page.shown.map);
  const panels = () => ({ ...given, heads: layers, layers: 1, across: "layer", chosen: [0, state.layer] });
  return {
    ...files,
    file: () => [page.data.given.record.slug, state.kind, "rollout", ...atlas.lessInFile(vs)].join("-"),
    drawn: () => atlas.drawnPanels({ ...panels(), place: (at, i) => given.place(at, i), lut: given.lut() }),
    spec: async () => {
      const all = (await files.rows()).map((row) => ({
        layer: row[0],
        query: row[1],
        key: row[2],
        weight: row.at(-1),
      }));
      return atlas.panelsSpec({ ...ink, all, says: files.says });
    },
  };
};
