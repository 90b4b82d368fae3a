/* From stored bytes to the matrix that is shown: which head or mean, subwords or words, special
   tokens shown, hidden or removed. Nothing here touches the page. */

/* A weight p is stored as round(255 √p). */
const WEIGHT = Float32Array.from({ length: 256 }, (_, byte) => (byte / 255) ** 2);

/* What each byte stands for where rows are no shares: amounts, or signed numbers and, as 0, what
   may not be seen. `range` is {signed, most}, null for shares. */
const table = (range) => {
  if (!range) return WEIGHT;
  if (!range.signed) return WEIGHT.map((share) => share * range.most);
  return Float32Array.from({ length: 256 }, (_, byte) =>
    byte ? ((byte - 128) / 127) * range.most : -Infinity,
  );
};

/* The range of one layer and head, out of that of a whole stack. */
atlas.rangeAt = (range, layer, head) => {
  if (!range?.signed) return range ?? null;
  const most = range.most[layer];
  return { signed: true, most: Array.isArray(most) ? most[head] : most };
};

const single = (bytes, start, size, stands = WEIGHT) => {
  const values = new Float32Array(size);
  for (let i = 0; i < size; i++) values[i] = stands[bytes[start + i]];
  return values;
};

const mean = (bytes, start, size, heads) => {
  const values = new Float32Array(size);
  for (let h = 0, at = start; h < heads; h++) {
    for (let i = 0; i < size; i++, at++) values[i] += WEIGHT[bytes[at]];
  }
  return values.map((value) => value / heads);
};

const largest = (bytes, start, size, heads) => {
  const top = new Uint8Array(size);
  for (let h = 0, at = start; h < heads; h++) {
    for (let i = 0; i < size; i++, at++) if (bytes[at] > top[i]) top[i] = bytes[at];
  }
  return single(top, 0, size);
};

/* Weights [query × key] out of the bytes of one layer. */
atlas.weights = (bytes, { map, view, head, start, range }) => {
  const size = map.queries.length * map.seen.length;
  if (view === "mean") return mean(bytes, start, size, map.heads);
  if (view === "max") return largest(bytes, start, size, map.heads);
  return single(bytes, start + (view === "head" ? head * size : 0), size, table(range));
};

/* Which tokens share a row or column: each entry has its text and the tokens it is made of. */
const groups = (tokens, { units, special }) => {
  const found = [];
  let last = null;
  tokens.forEach((token, index) => {
    if (token.s && special !== "show") return;
    if (units === "words" && last?.word === token.w) {
      last.members.push(index);
      last.text += token.t;
      last.n ||= token.n;
      return;
    }
    last = { text: token.t, n: token.n, special: Boolean(token.s), members: [index], word: token.w };
    found.push(last);
  });
  for (const group of found) group.label = atlas.label(group.text || group.n || "");
  return named(found);
};

/* How a sentence calls a token: its label, and which one it is where there are several alike. */
const named = (list) => {
  const [all, seen] = [new Map(), new Map()];
  const add = (counts, name) => counts.set(name, (counts.get(name) ?? 0) + 1).get(name);
  for (const group of list) {
    group.name = group.label.replace(/(?<=[\p{L}\p{N}])[.,;:!?…]+$/u, ""); // a sentence has its own stops
    add(all, group.name);
  }
  for (const group of list) {
    const [name, place] = [group.name, add(seen, group.name)];
    if (all.get(name) > 1) group.name = `${name} (${place})`;
  }
  return list;
};

const indexOf = (list, { length }) => {
  const index = new Int32Array(length).fill(-1);
  list.forEach((group, at) => group.members.forEach((member) => (index[member] = at)));
  return index;
};

/* Rows and columns of a map as shown; `row[token]` is where a token went, −1 if it is left out. */
atlas.axes = (map, options) => {
  const axes = { queries: groups(map.queries, options), keys: groups(map.seen, options) };
  for (const group of axes.queries) {
    group.fed = map.fed && atlas.label(map.fed[group.members[0]]);
    group.says = (group.fed ? `${group.fed} → writing ` : "") + group.name;
  }
  axes.row = indexOf(axes.queries, map.queries);
  axes.column = indexOf(axes.keys, map.seen);
  axes.plain = axes.queries.length === map.queries.length && axes.keys.length === map.seen.length;
  axes.merged = [...axes.queries, ...axes.keys].some(({ members }) => members.length > 1);
  axes.renormalise = options.special === "remove";
  return axes;
};

/* A word gathers what its pieces receive (sum over keys) and gives what they give on average
   (mean over queries). What is no share is a mean both ways. */
atlas.gather = (values, map, axes, range) => {
  if (axes.plain) return values;
  if (range) return means(values, map, axes);
  const width = map.seen.length;
  const columns = axes.keys.length;
  const shown = new Float32Array(axes.queries.length * columns);
  axes.queries.forEach((group, row) => {
    for (const query of group.members) {
      for (let key = 0; key < width; key++) {
        const column = axes.column[key];
        if (column >= 0) shown[row * columns + column] += values[query * width + key] / group.members.length;
      }
    }
  });
  return axes.renormalise ? renormalised(shown, columns) : shown;
};

const means = (values, map, axes) => {
  const width = map.seen.length;
  const shown = new Float32Array(axes.queries.length * axes.keys.length).fill(-Infinity);
  axes.queries.forEach(({ members: rows }, r) =>
    axes.keys.forEach(({ members: columns }, c) => {
      const known = rows.flatMap((q) => columns.map((k) => values[q * width + k])).filter(Number.isFinite);
      if (known.length) shown[r * axes.keys.length + c] = known.reduce((a, b) => a + b) / known.length;
    }),
  );
  return shown;
};

const renormalised = (values, columns) => {
  for (let start = 0; start < values.length; start += columns) {
    let sum = 0;
    for (let i = start; i < start + columns; i++) sum += values[i];
    if (sum > 0) for (let i = start; i < start + columns; i++) values[i] /= sum;
  }
  return values;
};

/* A byte for each pair shown: 1 where the model may not look. Null where it may look everywhere. */
atlas.masked = (map, axes, layer) => {
  const window = map.window?.[layer] ?? Infinity;
  if (map.kind === "cross" || (!map.causal && window === Infinity)) return null;
  const hidden = (query, key) => (map.causal && key > query) || Math.abs(query - key) >= window;
  const mask = new Uint8Array(axes.queries.length * axes.keys.length);
  axes.queries.forEach(({ members: rows }, r) =>
    axes.keys.forEach(({ members: columns }, c) => {
      mask[r * axes.keys.length + c] = rows.every((q) => columns.every((k) => hidden(q, k)));
    }),
  );
  return mask;
};

/* What may not be seen, as the numbers themselves have it, beside `mask`. */
atlas.unseen = (values, mask) =>
  values.includes(-Infinity)
    ? Uint8Array.from(values, (value, at) => mask?.[at] || value === -Infinity)
    : mask;

/* What full ink stands for: 1 for attention; for a rollout, a round number that falls with length,
   since there each row is shared out between all tokens. */
const ROUND = [0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 1];
atlas.fullInk = (view, count) =>
  ["head", "mean", "max"].includes(view) ? 1 : (ROUND.find((value) => value >= 6 / count) ?? 1);
