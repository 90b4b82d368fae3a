/* What can be saved of the map of all heads that opens a site. */

const weightOf = (byte) => Number(((byte / 255) ** 2).toPrecision(4));
const label = (tokens, cells, at) =>
  tokens.length ? atlas.ofCell(tokens, cells, at).map(atlas.label).join(" … ") : "";

/* The two tokens of a pair, or the first and the last of those that its cell stands for. */
const pair = ({ queries, seen }, { rows, columns }, at) => {
  const [query, key] = [Math.floor(at / columns), at % columns];
  return { query, key, from: label(queries, rows, query), to: label(seen, columns, key) };
};

/* The heads in order, each with its part of the bytes. */
const headsOf = ({ layers, heads, rows, columns, bytes, masked }) =>
  Array.from({ length: layers * heads }, (_, at) => {
    const [layer, head, size] = [Math.floor(at / heads), at % heads, rows * columns];
    return { layer, head, own: bytes.subarray(at * size, (at + 1) * size), hidden: masked?.(layer) };
  });

/* Every weight that may be looked at. */
const weights = (map, given) =>
  headsOf(given).flatMap(({ layer, head, own, hidden }) => {
    const row = (byte, at) => {
      const { query, key, from, to } = pair(map, given, at);
      return [layer, head, query, key, from, to, weightOf(byte)];
    };
    return Array.from(own, row).filter((_, at) => !hidden?.[at]);
  });

/* The largest weight of each head. */
const strongest = (map, given) =>
  headsOf(given).map(({ layer, head, own }) => {
    const at = own.indexOf(Math.max(...own));
    const { from, to } = pair(map, given, at);
    return [atlas.headName(layer, head), from, to, atlas.stored(weightOf(own[at]))];
  });

atlas.allHeadsFiles = (map, given) => ({
  file: () => `${map.name}-heads`,
  columns: () => ["layer", "head", "query", "key", "query_token", "key_token", "weight"],
  rows: () => weights(map, given),
  drawn: () => atlas.drawnPanels({ ...given, max: 1 }),
  table: () => ({
    caption: "The largest weight of each head in this text.",
    columns: ["Head", "From", "To", "Weight"],
    rows: strongest(map, given),
  }),
});
