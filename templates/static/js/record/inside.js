/* One row of one head from the inside: the scores of its keys, the shares that softmax makes of
   them, and the length of what each token hands on. */
const { $ } = atlas;
const MOST = 64; // bars; of a longer row, those with the most attention

const TONES = { score: "muted", attention: "yes", norm: "no" };
const SAID = { score: atlas.amount, attention: atlas.weight, norm: atlas.amount };

const largest = (values) => values.reduce((best, value, at) => (value > values[best] ? at : best), 0);
const sum = (values) => values.reduce((total, value) => total + value, 0);

class Inside {
  constructor(page, el) {
    Object.assign(this, { page, el, row: null });
    this.bars = new atlas.Bars(el, () => this.#given());
    const columns = () => ["place", "token", ...this.#sides().map(([name]) => name)];
    const rows = () =>
      this.row.keys.map(({ place, token }, at) => [
        place,
        token,
        ...this.#sides().map(([, values]) => Number(values[at].toPrecision(4))),
      ]);
    atlas.plate(el, {
      file: () => `${page.data.island.record.slug}-inside-${atlas.code(page.state.get())}`,
      get columns() {
        return columns();
      },
      rows,
      view: () => this.bars.chart.view,
      spec: () => atlas.standalone("bars", this.bars.inputs()),
      table: () => ({
        caption: $("[data-inside-head]").textContent,
        columns: columns(),
        rows: rows().map(([place, token, ...values]) => [
          place,
          atlas.label(token),
          ...values.map((value, at) => SAID[columns()[at + 2]](value)),
        ]),
      }),
    });
  }

  /* Load what the selection needs, and draw it. */
  async draw() {
    const state = this.page.state.get();
    const turn = (this.turn = state);
    const map = this.page.data.kinds[state.kind];
    const [weights, scores, norms] = await Promise.all(
      ["", "scores", "norms"].map((name) => this.#values(map, state, name)),
    );
    if (this.turn !== turn) return;
    this.row = rowOf(map, state, { weights, scores, norms });
    this.#say(map, state);
    await this.bars.draw();
    atlas.refreshTwins();
  }

  async #values(map, { kind, layer, head }, name) {
    const stack = name ? `${kind}.${name}` : kind;
    if (!map.packs[stack]) return null;
    const { bytes, start } = await this.page.data.bytes(map, stack, layer);
    return atlas.weights(bytes, {
      map,
      view: "head",
      head,
      start,
      range: atlas.rangeAt(map.packs[stack].range, layer, head),
    });
  }

  /* [name, values] of each column that there is. */
  #sides() {
    const { scores, weights, norms } = this.row;
    return [
      ["score", scores],
      ["attention", weights],
      ["norm", norms],
    ].filter(([, values]) => values);
  }

  #given() {
    const lowest = this.row.spread?.[0]; // only differences between scores count
    const lengths = { score: (value) => value - lowest };
    return {
      tokens: this.row.keys.map(({ token }) => token),
      washed: new Set(),
      sides: this.#sides().map(([says, values]) => {
        const long = values.map(lengths[says] ?? ((value) => value));
        return {
          says,
          values,
          lengths: long,
          tone: TONES[says],
          most: Math.max(1e-9, ...long),
          format: SAID[says],
        };
      }),
    };
  }

  #say(map, state) {
    const { row } = this;
    const parts = [...softmaxSays(row, map), ...normSays(row)];
    const head = atlas.viewName({ ...state, view: "head" }, map, {});
    $("[data-inside-head]").replaceChildren(
      ...head,
      ", row of ",
      atlas.token(atlas.shown(map.queries[state.query])),
    );
    $("[data-inside-says]").replaceChildren(...parts);
  }
}

/* The keys that the chosen query may see, and their numbers in the same order. */
const rowOf = (map, { layer, query }, { weights, scores, norms }) => {
  const tokens = map.keys ?? map.queries;
  const at = (values, place) => values[query * tokens.length + place];
  const window = map.kind === "cross" ? Infinity : (map.window?.[layer] ?? Infinity);
  const seen = (place) =>
    scores
      ? at(scores, place) > -Infinity
      : !(map.causal && place > query) && Math.abs(query - place) < window;
  const places = tokens.map((_, place) => place).filter(seen);
  const pick = (values, from) => values && from.map((place) => at(values, place));
  const kept = places
    .toSorted((a, b) => at(weights, b) - at(weights, a))
    .slice(0, MOST)
    .sort((a, b) => a - b);
  return {
    of: places.length,
    count: tokens.length,
    total: sum(pick(weights, places)),
    spread: scores && [Math.min(...pick(scores, places)), Math.max(...pick(scores, places))],
    normed: norms && sum(pick(norms, places)),
    keys: kept.map((place) => ({ place, token: tokens[place].t || tokens[place].n || "" })),
    weights: pick(weights, kept),
    scores: pick(scores, kept),
    norms: pick(norms, kept),
  };
};

const number = (value, say = atlas.amount) => atlas.make("span", { class: "num" }, say(value));
const name = (row, at) => atlas.token(atlas.label(row.keys[at].token));

/* What softmax did to the row, and by how much the best score is ahead. */
const softmaxSays = (row, map) => {
  if (!row.scores) return [];
  const shown = row.keys.length < row.of ? ` The ${row.keys.length} with the most attention are drawn.` : "";
  const hidden = row.count - row.of;
  const blind = hidden ? ` ${hidden === 1 ? "One" : hidden} of the ${row.count} tokens may not be seen.` : "";
  const parts = [
    "Softmax turns ",
    number(row.of),
    " scores, from ",
    number(row.spread[0]),
    " to ",
    number(row.spread[1]),
    ", into shares that add up to ",
    number(row.total, (value) => atlas.decimal(value)),
    map.sink ? "; the rest lies on no token." : " (as stored here, at 8 bits).",
    blind,
    shown,
  ];
  const order = row.scores.map((_, at) => at).sort((a, b) => row.scores[b] - row.scores[a]);
  if (order.length < 2) return parts;
  const [first, second] = order;
  const ahead = row.scores[first] - row.scores[second];
  const times = row.weights[second] > 0 ? row.weights[first] / row.weights[second] : Math.exp(ahead);
  return [
    ...parts,
    " The best score, of ",
    name(row, first),
    ", is ",
    number(ahead, (value) => atlas.decimal(value, 1)),
    " above the next, of ",
    name(row, second),
    ", so its weight is ",
    number(times, (value) =>
      value > 100 ? "more than a hundred" : atlas.amount(Number(value.toPrecision(2))),
    ),
    " times as large.",
  ];
};

/* Whether the token with the most attention also hands on the most. */
const normSays = (row) => {
  if (!row.norms || !row.normed) return [];
  const [most, long] = [largest(row.weights), largest(row.norms)];
  const share = (at) => number(row.norms[at] / row.normed, atlas.weight);
  if (most === long)
    return [
      " ",
      name(row, most),
      " has the most attention, ",
      number(row.weights[most], atlas.weight),
      ", and hands on the most, ",
      share(most),
      " of all norms.",
    ];
  return [
    " ",
    name(row, most),
    " has the most attention, ",
    number(row.weights[most], atlas.weight),
    ", but ",
    share(most),
    " of all norms; ",
    name(row, long),
    " hands on the most, ",
    share(long),
    " with ",
    number(row.weights[long], atlas.weight),
    " of the attention.",
  ];
};

atlas.Inside = Inside;
