/* A cell of a small map in words. */

/* The token that a cell of a thumbnail stands for, or the first and the last of several. */
atlas.ofCell = (tokens, cells, at) => {
  const [from, to] = [at, at + 1].map((place) => Math.floor((place * tokens.length) / cells));
  return to - from > 1 ? [tokens[from], tokens[to - 1]] : [tokens[from]];
};

const named = (tokens, cells, at) => {
  const [first, last] = atlas.ofCell(tokens, cells, at).map((one) => atlas.make("bdi", {}, atlas.shown(one)));
  return last ? atlas.says`${first} … ${last}` : [first];
};

/* "needed → phone", the pair of a cell of a thumbnail of rows × columns. */
atlas.pairWords = (map, { rows, columns }, { row, column }) =>
  atlas.says`${named(map.queries, rows, row)} → ${named(map.seen, columns, column)}`;

/* What is said of each weight of small maps of all heads: "L2H3: needed → phone 0.96". */
atlas.weightWords = (map, { heads, rows, columns, bytes, masked }) => {
  return ({ layer, head, row, column }) => {
    const cell = row * columns + column;
    const byte = bytes[(layer * heads + head) * rows * columns + cell];
    const weight = masked?.(layer)?.[cell] ? "masked" : atlas.number((byte / 255) ** 2);
    const words = atlas.pairWords(map, { rows, columns }, { row, column });
    return atlas.says`${atlas.headName(layer, head)}: ${words} ${weight}`;
  };
};
