/* What a record page knows: which selections exist, and the matrix that each of them shows. */

const PLAIN = ["head", "mean", "max"]; // views of the attention itself

/* Keeps the last value, and makes a new one when its key changes. */
const last = () => {
  let kept = {};
  return (key, make) => (kept.key === key ? kept : (kept = { key, value: make() })).value;
};

const each = () => {
  const kept = new Map();
  return (key, make) => {
    if (!kept.has(key)) kept.set(key, make());
    return kept.get(key);
  };
};

/* A row for each layer, of the numbers of its heads; they come in thousandths. */
const byLayer = (values, layers) => {
  const heads = values.length / layers;
  const shown = values.map((value) => (value === null ? null : value / 1000));
  return Array.from({ length: layers }, (_, layer) => shown.slice(layer * heads, (layer + 1) * heads));
};

const byName = (texts, given) =>
  Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, given(atlas.numbers(text))]));

const whole = (map) => {
  const metrics = byName(map.metrics, (values) => byLayer(values, map.layers));
  const nulls = byName(map.nulls, (values) => byLayer(values, values.length).flat());
  return { ...map, seen: map.keys ?? map.queries, metrics, nulls };
};

class RecordData {
  #axes = each();
  #masks = each();
  #inks = each();
  #values = last();

  constructor(given) {
    this.given = given;
    this.at = given.maps_at;
    this.views = given.views; // name -> title, of analyses that give a matrix
    this.kinds = Object.fromEntries(given.maps.map((map) => [map.kind, whole(map)]));
    const { methods = {}, others = [], shown = [] } = given.bars?.saliency ?? {};
    this.methods = Object.keys(methods);
    this.targets = ["0", ...others.map((_, at) => String(at + 1))]; // what saliency explains
    this.seen = shown; // views of attention beside it
    const start = {
      ...given.start,
      view: "head",
      units: "words",
      special: "show",
      scale: "sqrt",
      least: "1",
    };
    Object.assign(start, { method: this.methods[0], target: "0", seen: shown[0] });
    start.vs = ""; // another model, whose weights are taken from those of this one
    this.state = atlas.selection(start, (state) => this.fit(state));
  }

  /* The nearest selection that exists: links may be old or typed by hand. */
  fit(state) {
    const kind = this.kinds[state.kind] ? state.kind : this.given.start.kind;
    const map = this.kinds[kind];
    const within = (value, count) => Math.max(0, Math.min(count - 1, Number.isInteger(value) ? value : 0));
    const token = (value, count) => (value == null ? value : within(value, count)); // none is chosen, or not yet
    const one = (value, known) => (known.includes(value) ? value : known[0]);
    const others = Object.keys(this.views).filter((name) => map.packs[`${kind}.${name}`]);
    return {
      kind,
      layer: within(state.layer, map.layers),
      head: within(state.head, map.heads),
      query: token(state.query, map.queries.length),
      key: token(state.key, map.seen.length),
      view: one(state.view, [...PLAIN, ...others]),
      units: one(state.units, ["words", "subwords"]),
      special: one(state.special, ["show", "hide", "remove"]),
      scale: one(state.scale, Object.keys(atlas.scales)),
      method: one(state.method, this.methods), // of saliency
      target: one(state.target, this.targets),
      seen: one(state.seen, this.seen),
      vs: one(state.vs, ["", ...Object.keys(this.given.compared ?? {})]),
      least: String(Math.max(0.03, Math.min(1, Number(state.least) || 1))), // of lines of many words
    };
  }

  /* Which passage holds the queries or keys of a kind of map. */
  sideOf(kind, axis) {
    return kind === "decoder" || (kind === "cross" && axis === "queries") ? "target" : "source";
  }

  /* Rows of cross-attention go by the token that is written, one ahead. */
  ahead(kind) {
    return kind === "cross" && this.kinds.cross.fed ? 1 : 0;
  }

  tokensOf(side) {
    const { self, encoder, decoder, cross } = this.kinds;
    if (side === "target" && cross.fed) return [{ t: cross.fed[0], s: 1 }, ...cross.queries];
    if (side === "target") return (decoder ?? cross).queries;
    return (self ?? encoder)?.queries ?? cross.keys;
  }

  /* Whether a view shows one head at a time. */
  ofHead({ kind, view }) {
    return view === "head" || Boolean(this.kinds[kind].packs[`${kind}.${view}`]?.heads);
  }

  /* The bytes that hold one layer of a stack, and where in them it starts. */
  async bytes(map, name, layer, at = this.at) {
    const { layered, heads } = map.packs[name];
    const key = layered ? `${name}.L${String(layer).padStart(2, "0")}` : name;
    const address = `${at}.${key}.js`;
    const bytes = await (heads && !layered ? atlas.loadHeads(address, key, map) : atlas.load(address, key));
    return { bytes, start: key === name ? (bytes.length / map.layers) * layer : 0 };
  }

  /* The same of what a selection shows. The head that a page opens with is read alone where layers are long, and
     stands where it would in its layer. */
  async shownBytes(state, map, stack) {
    const { start } = this.given;
    const opens = ["kind", "layer", "head"].every((name) => state[name] === start[name]);
    const alone = !this.wholeLayers && opens && state.view === "head" && map.packs[stack].first;
    if (!alone) return this.bytes(map, stack, state.layer);
    const bytes = await atlas.load(`${this.at}.${stack}.first.js`, `${stack}.first`);
    return { bytes, start: -state.head * bytes.length, alone: true };
  }

  /* The tokens of both axes of what is selected, in their groups. */
  axes(state) {
    const { kind, units, special } = state;
    return this.#axes(`${kind} ${units} ${special}`, () => atlas.axes(this.kinds[kind], state));
  }

  /* What the figures show: {map, stack, bytes, alone, axes, values, masked, ink, row, column}. `values`
     is [row × column] as shown, `bytes` what it was made from: one head `alone`, or those of its layer. */
  async show(state) {
    const { kind, layer, head, units, special, scale } = state;
    const map = this.kinds[kind];
    const stack = PLAIN.includes(state.view) ? kind : `${kind}.${state.view}`;
    const { bytes, start, alone } = await this.shownBytes(state, map, stack);
    const view = stack !== kind && map.packs[stack].heads ? "head" : state.view;
    const range = atlas.rangeAt(map.packs[stack].range, layer, head);
    const axes = this.axes(state);
    const max = range?.most ?? atlas.fullInk(state.view, axes.keys.length);
    const signed = Boolean(range?.signed);
    const values = this.#values(
      [stack, view, layer, view === "head" ? head : "", units, special].join(),
      () => atlas.gather(atlas.weights(bytes, { map, view, head, start, range }), map, axes, range),
    );
    const mask = this.#masks([kind, units, special, map.window?.[layer]].join(), () =>
      atlas.masked(map, axes, layer),
    );
    return {
      map,
      stack,
      bytes,
      alone,
      axes,
      values,
      masked: signed ? atlas.unseen(values, mask) : mask,
      ink: this.#inks([scale, max, Boolean(range), signed].join(), () => ({
        scale,
        max,
        range: Boolean(range),
        signed,
      })),
      least: Number(state.least),
      row: axes.row[state.query] ?? -1,
      column: axes.column[state.key] ?? -1,
    };
  }
}

atlas.RecordData = RecordData;
