/* The maps of another model that has read the same text: read where its page has them, brought beside those of
   this one, and taken from them. */

const STEPS = [0.05, 0.1, 0.2, 0.5]; // what full ink may stand for: never so little that rounding is seen

/* The bytes of a script that holds a whole stack, or its first layer, and which of both it is: `first`, if it can. */
const opened = async (at, name, first, key) => {
  const read = (layered) => {
    const part = layered ? `${name}.L00` : name;
    return atlas.load(`${at}.${part}.js`, key ?? part);
  };
  try {
    return [await read(first), first];
  } catch {
    return [await read(!first), !first];
  }
};

/* The other model's map of the kind that is chosen, with its rollout where both have one. */
atlas.otherMap = async (data, { kind, vs }) => {
  const [at, { packs }, rollout] = [data.given.compared[vs], data.kinds[kind], `${kind}.rollout`];
  const [bytes, layered] = await opened(at, kind, packs[kind].layered, `${at}.${kind}.about`);
  const map = JSON.parse(new TextDecoder().decode(bytes));
  const theirs = { [kind]: { layered, heads: true } };
  if (packs[rollout]) {
    const found = await opened(at, rollout, packs[rollout].layered).catch(() => null);
    if (found) theirs[rollout] = { layered: found[1], heads: false };
  }
  return { ...map, at, seen: map.keys ?? map.queries, packs: theirs };
};

const alike = (some, others) =>
  some.length === others.length && some.every(({ t }, place) => t === others[place].t);

atlas.sameTokens = (map, other) => alike(map.queries, other.queries) && alike(map.seen, other.seen);

/* The layer of another model that is as far up as one of this. */
atlas.levelWith = (layer, map, other) =>
  other.layers === map.layers
    ? layer
    : Math.round((layer * (other.layers - 1)) / Math.max(1, map.layers - 1));

/* How many groups of two axes are the same words, from the first on. */
const shared = (some, others) => {
  const plain = (group) => group?.text.trim().toLowerCase();
  const end = some.findIndex((group, place) => plain(group) !== plain(others[place]));
  return end < 0 ? some.length : end;
};

const weightsOf = async (data, state, map, axes) => {
  const stack = state.view === "rollout" ? `${state.kind}.rollout` : state.kind;
  const { bytes, start } = await data.bytes(map, stack, state.layer, map.at);
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

/* What `state` shows of this model less that of the other: {axes, values}, −Infinity where either may not look
   or where the words are no longer the same. */
atlas.lessOther = async (data, state, other) => {
  const map = data.kinds[state.kind];
  const there = { ...state, layer: atlas.levelWith(state.layer, map, other) };
  const [axes, beside] = [data.axes(state), atlas.axes(other, state)];
  const [one, theirs] = await Promise.all([
    weightsOf(data, state, map, axes),
    weightsOf(data, there, other, beside),
  ]);
  const values = subtract(
    [one, axes, atlas.masked(map, axes, state.layer)],
    [theirs, beside, atlas.masked(other, beside, there.layer)],
  );
  return { axes, values };
};

/* A scale that reaches as far to both sides of zero, for the largest of these values. */
atlas.inkOfDifferences = (values, scale) => {
  const most = values.reduce((top, value) => (value > -Infinity ? Math.max(top, Math.abs(value)) : top), 0);
  return { scale, max: STEPS.find((step) => step >= most) ?? 1, range: true, signed: true };
};
