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
  const { overview, heads } = map.packs[name];
  const key = overview ? `${name}.overview` : name;
  const address = `${data.at}.${key}.js`;
  const bytes = await (heads && !overview ? atlas.loadHeads(address, key, map) : atlas.load(address, key));
  const [rows, columns] = overview ?? [map.queries.length, map.seen.length];
  return { layers: map.layers, rows, columns, bytes };
};

/* All heads of one kind of map, ready for `atlas.allHeads`. */
atlas.headThumbnails = async (data, map) => {
  const found = await atlas.thumbnails(data, map, map.kind);
  const masked = (layer) =>
    atlas.thumbnailMask(map, map.window?.[layer] ?? Infinity, found.rows, found.columns);
  const given = { ...found, heads: map.heads, masked };
  return { ...given, words: atlas.weightWords(map, given) };
};
