/* All heads of a record as thumbnails. */

/* Which cells of a thumbnail of rows × columns stand only for pairs that may not look. */
atlas.thumbnailMask = (map, window, rows, columns) => {
  if (map.kind === "cross" || (!map.causal && window === Infinity)) return null;
  const [down, across] = [map.queries.length / rows, map.queries.length / columns];
  const mask = new Uint8Array(rows * columns);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      const [top, bottom] = [Math.floor(r * down), Math.floor((r + 1) * down) - 1];
      const [left, right] = [Math.floor(c * across), Math.floor((c + 1) * across) - 1];
      mask[r * columns + c] =
        (map.causal && left > bottom) || left - bottom >= window || top - right >= window;
    }
  }
  return mask;
};

/* A stack as thumbnails where it has any, else as it is. */
atlas.thumbnails = async (data, map, name) => {
  const { overview } = map.packs[name];
  const key = overview ? `${name}.overview` : name;
  const bytes = await atlas.load(`${data.at}.${key}.js`, key);
  const [rows, columns] = overview ?? [map.queries.length, map.seen.length];
  return { layers: map.layers, rows, columns, bytes };
};

/* The token that a cell of a thumbnail stands for, or the first and the last of several. */
const named = (tokens, cells, at) => {
  const [from, to] = [at, at + 1].map((place) => Math.floor((place * tokens.length) / cells));
  const [first, last] = [tokens[from], tokens[to - 1]].map((one) => atlas.make("bdi", {}, atlas.shown(one)));
  return to - from > 1 ? atlas.says`${first} … ${last}` : [first];
};

/* "needed → phone", the pair of a cell of a thumbnail of rows × columns. */
atlas.pairWords = (map, { rows, columns }, { row, column }) =>
  atlas.says`${named(map.queries, rows, row)} → ${named(map.seen, columns, column)}`;

/* All heads of one kind of map, ready for `atlas.allHeads`. */
atlas.headThumbnails = async (data, map) => {
  const found = await atlas.thumbnails(data, map, map.kind);
  const masked = (layer) =>
    atlas.thumbnailMask(map, map.window?.[layer] ?? Infinity, found.rows, found.columns);
  /* "L2H3: needed → phone 0.96" */
  const words = ({ layer, head, row, column }) => {
    const cell = row * found.columns + column;
    const byte = found.bytes[(layer * map.heads + head) * found.rows * found.columns + cell];
    const weight = masked(layer)?.[cell] ? "masked" : atlas.number((byte / 255) ** 2);
    return atlas.says`${atlas.headName(layer, head)}: ${atlas.pairWords(map, found, { row, column })} ${weight}`;
  };
  return { ...found, heads: map.heads, masked, words };
};
