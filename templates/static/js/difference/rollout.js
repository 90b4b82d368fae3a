/* The rollout of this model less that of another one, layer by layer. */

const { says } = atlas;

/* From the first word of an axis to its last. */
const ends = (groups) => `${groups[0].label} to ${groups.at(-1).label}`;

/* Where the row of the chosen word differs most after a layer: [place, difference], more here and more there. */
const furthest = (values, row, columns) => {
  const cells = Array.from({ length: columns }, (_, at) => [at, values[row * columns + at]]);
  const known = cells.filter(([, value]) => value > -Infinity).sort(([, a], [, b]) => b - a);
  return { here: known.find(([, value]) => value > 0), there: known.findLast(([, value]) => value < 0) };
};

/* "After layer 3, she has more from nurse here (0.12) and more from doctor in sentiment (0.08)." */
const sentence = ({ vs, axes, layers, values }, { layer, query }) => {
  const row = axes.row[query] ?? -1;
  if (row < 0 || layer >= layers) return [];
  const { here, there } = furthest(values[layer], row, axes.keys.length);
  const part = ([at, value], where) =>
    says`more from ${atlas.token(axes.keys[at].name)} ${where} (${atlas.number(Math.abs(value))})`;
  const [one, other] = [here && part(here, "here"), there && part(there, `in ${vs}`)];
  const start = says`After layer ${layer}, ${atlas.token(axes.queries[row].name)} has`;
  if (!one && !other) return says`${start} the same from every word in both.`;
  return says`${start} ${one ?? other}${one && other ? says` and ${other}` : []}.`;
};

const rows = ({ axes, values }) => {
  const columns = axes.keys.length;
  return values.flatMap((differences, layer) =>
    [...differences].flatMap((value, at) => {
      const [query, key] = [(at / columns) | 0, at % columns];
      if (value === -Infinity) return [];
      return [[layer, query, key, axes.queries[query].label, axes.keys[key].label, Number(value.toFixed(3))]];
    }),
  );
};

const table = ({ vs, axes, values }, { query }) => {
  const row = axes.row[query] ?? -1;
  const columns = ["Layer", "Most more here from", "By", `Most more in ${vs} from`, "By"];
  if (row < 0) return { caption: "No token is chosen.", columns, rows: [] };
  const cells = (one) => (one ? [axes.keys[one[0]].name, atlas.amount(Math.abs(one[1]))] : ["–", "–"]);
  return {
    caption: `What “${axes.queries[row].name}” holds after each layer, less that of ${vs}.`,
    columns,
    rows: values.map((differences, layer) => {
      const { here, there } = furthest(differences, row, axes.keys.length);
      return [layer, ...cells(here), ...cells(there)];
    }),
  };
};

const files = (given, state) => ({
  columns: () => ["layer", "query", "key", "query_token", "key_token", "difference"],
  rows: () => rows(given),
  table: () => table(given, state),
  says: `difference of shares, more in ${given.vs} below zero`,
});

const pairOf = ({ queries, keys }, row, column) =>
  says`${atlas.make("bdi", {}, queries[row].label)} → ${atlas.make("bdi", {}, keys[column].label)}`;

/* The small maps of these differences, as `atlas.Rollout` draws them. */
const drawn = (given) => {
  const { vs, axes, values } = given;
  const [rows, columns] = [axes.queries.length, axes.keys.length];
  const ink = atlas.inkOfDifferences(Float32Array.from(values.flatMap((one) => [...one])), "sqrt");
  const place = atlas.inkOf(ink);
  const words = `rows look: ↓ ${ends(axes.queries)}; columns are looked at: → ${ends(axes.keys)}`;
  return {
    ...given,
    rows,
    columns,
    ink,
    says: `${atlas.sidesOfDifference(vs)}, √ scale, full ink at ±${ink.max}; in each map, ${words}`,
    place: (layer, at) => (values[layer][at] === -Infinity ? null : place(values[layer][at])),
    lut: () => atlas.theme().divLut,
    under: ({ layer, row, column }) => {
      const value = atlas.make("span", { class: "num" }, atlas.amount(values[layer][row * columns + column]));
      return says`${pairOf(axes, row, column)} ${value}`;
    },
    sentence: (state) => sentence(given, state),
    files: (state) => files(given, state),
  };
};

/* Where the two read no word alike, nothing can be taken from anything. */
const none = ({ values }) => !values.some((one) => one.some((value) => value > -Infinity));

/* The rollout figure of this model less that of another; null where the other page has none, or no word alike.
   Pieces where both models have the same, else words. */
atlas.rolloutDifference = async (data, { kind, vs }) => {
  const map = data.kinds[kind];
  const other = await atlas.otherMap(data, { kind, vs });
  if (!other.packs[`${kind}.rollout`]) return null;
  const same = atlas.sameTokens(map, other);
  const shown = same ? { units: "subwords", special: "show" } : { units: "words", special: "hide" };
  const layers = Array.from({ length: map.layers }, (_, layer) =>
    atlas.lessOther(data, { kind, view: "rollout", layer, ...shown }, other),
  );
  const found = await Promise.all(layers);
  const given = { vs, axes: found[0].axes, layers: map.layers, values: found.map(({ values }) => values) };
  return none(given) ? null : drawn(given);
};
