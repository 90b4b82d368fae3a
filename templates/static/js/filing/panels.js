/* Small maps side by side as a chart with all its rows. */

const rowsOf = ({ layers, heads, rows, columns, bytes }) =>
  Array.from({ length: layers * heads * rows * columns }, (_, at) => {
    const place = Math.floor(at / (rows * columns));
    const weight = Number(((bytes[at] / 255) ** 2).toPrecision(4));
    const [query, key] = [Math.floor(at / columns) % rows, at % columns];
    return { layer: Math.floor(place / heads), head: place % heads, query, key, weight };
  });

/* The chart of panels, with the scale that the page has: full ink at `max`. */
atlas.panelsSpec = async ({ all, max, says, ...given }) => {
  const spec = await atlas.standalone("panels", { data: { rows: all ?? rowsOf(given) } });
  const { color } = spec.spec.encoding;
  Object.assign(color, { title: says });
  Object.assign(color.scale, { domain: [0, max], range: atlas.theme().seq });
  if (all) delete spec.facet.row;
  if (all) spec.facet.column.field = "layer";
  return spec;
};
