/* Small maps side by side as a chart with all its rows. */

const rowsOf = ({ layers, heads, rows, columns, bytes }) =>
  Array.from({ length: layers * heads * rows * columns }, (_, at) => {
    const place = Math.floor(at / (rows * columns));
    const weight = Number(((bytes[at] / 255) ** 2).toPrecision(4));
    const [query, key] = [Math.floor(at / columns) % rows, at % columns];
    return { layer: Math.floor(place / heads), head: place % heads, query, key, weight };
  });

/* The numbers that the colours of a ramp stand for, on a √ scale with full ink at `max`; at ±max where signed. */
const stops = ({ length }, max, signed) =>
  Array.from({ length }, (_, at) => {
    const place = signed ? (2 * at) / (length - 1) - 1 : at / (length - 1);
    return max * Math.sign(place) * place ** 2;
  });

/* The chart of panels, with the scale that the page has: full ink at `max`. */
atlas.panelsSpec = async ({ all, max, signed, says, ...given }) => {
  const spec = await atlas.standalone("panels", { data: { rows: all ?? rowsOf(given) } });
  const { color } = spec.spec.encoding;
  Object.assign(color, { title: says });
  const range = atlas.theme()[signed ? "div" : "seq"];
  Object.assign(color.scale, { domain: stops(range, max, signed), range });
  if (all) delete spec.facet.row;
  if (all) spec.facet.column.field = "layer";
  return spec;
};
