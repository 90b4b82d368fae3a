/* The map of this model less that of another one of the same text, from the maps that both pages have. */

const PLAIN = ["head", "mean", "max"];
const STEPS = [0.05, 0.1, 0.2, 0.5]; // what full ink may stand for: never so little that rounding is seen

/* What the other model's map is about, and whether each of its layers has a script of its own. */
const read = async (at, { kind, packs }) => {
  const key = `${at}.${kind}.about`;
  const first = packs[kind].layered;
  const from = (layered) => atlas.load(`${at}.${kind}${layered ? ".L00" : ""}.js`, key);
  let layered = first;
  const bytes = await from(first).catch(() => from((layered = !first)));
  const map = JSON.parse(new TextDecoder().decode(bytes));
  return { ...map, at, seen: map.keys ?? map.queries, packs: { [kind]: { layered, heads: true } } };
};

const alike = (some, others) =>
  some.length === others.length && some.every(({ t }, place) => t === others[place].t);

/* How many groups of two axes are the same words, from the first on. */
const shared = (some, others) => {
  const plain = (group) => group?.text.trim().toLowerCase();
  const end = some.findIndex((group, place) => plain(group) !== plain(others[place]));
  return end < 0 ? some.length : end;
};

/* The layer of a model that is as far up as one of another. */
const levelWith = (layer, map, other) =>
  other.layers === map.layers
    ? layer
    : Math.round((layer * (other.layers - 1)) / Math.max(1, map.layers - 1));

/* What has to be chosen otherwise for two maps to be compared. */
const needed = (state, { tokens, heads }) => ({
  ...(PLAIN.includes(state.view) ? {} : { view: "head" }),
  ...(!heads && state.view !== "max" ? { view: "mean" } : {}),
  ...(tokens ? {} : { units: "words" }),
  ...(!tokens && state.special === "show" ? { special: "hide" } : {}),
});

const weightsOf = async (data, state, map, axes) => {
  const { bytes, start } = await data.bytes(map, map.kind, state.layer, map.at);
  return atlas.gather(atlas.weights(bytes, { map, start, ...state }), map, axes, null);
};

const subtract = ([one, axes, mask], [other, beside, masked]) => {
  const [rows, columns] = ["queries", "keys"].map((axis) => shared(axes[axis], beside[axis]));
  const [width, across] = [axes.keys.length, beside.keys.length];
  return one.map((value, at) => {
    const [row, column] = [(at / width) | 0, at % width];
    const there = row * across + column;
    if (row >= rows || column >= columns || mask?.[at] || masked?.[there]) return -Infinity;
    return Math.round((value - other[there]) * 1000) / 1000;
  });
};

const note = (text) => {
  const el = atlas.$("[data-vs-says]");
  el.textContent = text;
  el.hidden = !text;
};

const notes = (state, map, other, layer, { tokens, heads }) =>
  [
    !heads &&
      `${state.vs} has ${other.layers} layers of ${other.heads} heads, here are ${map.layers} of ${map.heads}: ` +
        `layer ${state.layer} here beside its layer ${layer}, over all heads.`,
    !tokens && `${state.vs} cuts words into other pieces: compared are words, without special tokens.`,
    "Weights are kept at 8 bits: a difference under 0.01 says nothing.",
  ]
    .filter(Boolean)
    .join(" ");

const inkFor = (values, scale) => {
  const most = values.reduce((top, value) => (value > -Infinity ? Math.max(top, Math.abs(value)) : top), 0);
  return { scale, max: STEPS.find((step) => step >= most) ?? 1, range: true, signed: true };
};

/* What the figures show of `state`, as RecordData.show has it. Where the two can be compared only otherwise
   than is chosen, that is chosen. */
atlas.difference = async (page, state) => {
  const { data, state: chosen } = page;
  const map = data.kinds[state.kind];
  const other = await read(data.given.compared[state.vs], map);
  const same = {
    tokens: alike(map.queries, other.queries) && alike(map.seen, other.seen),
    heads: map.layers === other.layers && map.heads === other.heads,
  };
  const changes = Object.entries(needed(state, same)).filter(([name, value]) => state[name] !== value);
  if (changes.length) {
    chosen.set(Object.fromEntries(changes));
    return data.show(state); // which the choice has overtaken
  }
  const layer = levelWith(state.layer, map, other);
  const [axes, beside] = [data.axes(state), atlas.axes(other, state)];
  const [one, theirs] = await Promise.all([
    weightsOf(data, state, map, axes),
    weightsOf(data, { ...state, layer }, other, beside),
  ]);
  const values = subtract(
    [one, axes, atlas.masked(map, axes, state.layer)],
    [theirs, beside, atlas.masked(other, beside, layer)],
  );
  if (!values.some((value) => value > -Infinity)) {
    page.refused = true;
    chosen.set({ vs: "" });
    note(`${state.vs} reads no word of this text alike: no difference can be drawn.`);
    return data.show(state);
  }
  note(notes(state, map, other, layer, same));
  return {
    map,
    stack: `${state.kind}.difference`,
    axes,
    values,
    masked: atlas.unseen(values, null),
    ink: inkFor(values, state.scale),
    row: axes.row[state.query] ?? -1,
    column: axes.column[state.key] ?? -1,
  };
};
