/* The weights of every head of one text, as a page other than its own shows them. */

const packed = async (map) => {
  const { maps_at: at, key, kind, layers, layered } = map;
  if (!layered && key === kind) return atlas.loadHeads(`${at}.${key}.js`, key, map);
  if (!layered) return atlas.load(`${at}.${key}.js`, key);
  const keys = Array.from({ length: layers }, (_, l) => `${key}.L${String(l).padStart(2, "0")}`);
  const parts = await Promise.all(keys.map((name) => atlas.load(`${at}.${name}.js`, name)));
  return new Uint8Array(await new Blob(parts).arrayBuffer());
};

/* The weights of a whole map as {bytes, of(layer, head)}, from its overview where it is long. */
atlas.headMap = async (map) => {
  const bytes = await packed(map);
  const size = map.rows * map.columns;
  const of = (layer, head) => {
    const start = (layer * map.heads + head) * size;
    return bytes.subarray(start, start + size);
  };
  return { bytes, of };
};
