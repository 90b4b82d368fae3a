/* The map of this model less that of another one of the same text, from the maps that both pages have. */

const PLAIN = ["head", "mean", "max"];

/* What has to be chosen otherwise for two maps to be compared. */
const needed = (state, { tokens, heads, rollout }) => {
  const rolled = state.view === "rollout" && rollout;
  return {
    ...(PLAIN.includes(state.view) || rolled ? {} : { view: "head" }),
    ...(!heads && !rolled && state.view !== "max" ? { view: "mean" } : {}),
    ...(tokens ? {} : { units: "words" }),
    ...(!tokens && state.special === "show" ? { special: "hide" } : {}),
  };
};

const note = (text) => {
  const el = atlas.$("[data-vs-says]");
  el.textContent = text;
  el.hidden = !text;
};

/* Which layers are compared, and how, where the models are of another size. */
const levels = ({ vs, view, layer }, map, other) => {
  const sizes = `${vs} has ${other.layers} layers of ${other.heads} heads, here are ${map.layers} of ${map.heads}`;
  const over = view === "rollout" ? "" : ", over all heads";
  return `${sizes}: layer ${layer} here beside its layer ${atlas.levelWith(layer, map, other)}${over}.`;
};

const notes = (state, map, other, { tokens, heads }) =>
  [
    !heads && levels(state, map, other),
    !tokens && `${state.vs} cuts words into other pieces: compared are words, without special tokens.`,
    "Weights are kept at 8 bits: a difference under 0.01 says nothing.",
  ]
    .filter(Boolean)
    .join(" ");

/* What the figures show of `state`, as RecordData.show has it. Where the two can be compared only otherwise
   than is chosen, that is chosen. */
atlas.difference = async (page, state) => {
  const { data, state: chosen } = page;
  const map = data.kinds[state.kind];
  const other = await atlas.otherMap(data, state);
  const same = {
    tokens: atlas.sameTokens(map, other),
    heads: map.layers === other.layers && map.heads === other.heads,
    rollout: Boolean(other.packs[`${state.kind}.rollout`]),
  };
  const changes = Object.entries(needed(state, same)).filter(([name, value]) => state[name] !== value);
  if (changes.length) {
    chosen.set(Object.fromEntries(changes));
    return data.show(state); // which the choice has overtaken
  }
  const { axes, values } = await atlas.lessOther(data, state, other);
  if (!values.some((value) => value > -Infinity)) {
    page.refused = true;
    chosen.set({ vs: "" });
    note(`${state.vs} reads no word of this text alike: no difference can be drawn.`);
    return data.show(state);
  }
  note(notes(state, map, other, same));
  return {
    map,
    stack: `${state.kind}.difference`,
    axes,
    values,
    masked: atlas.unseen(values, null),
    ink: atlas.inkOfDifferences(values, state.scale),
    row: axes.row[state.query] ?? -1,
    column: axes.column[state.key] ?? -1,
  };
};
