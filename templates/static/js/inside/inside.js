/* One row of one head from the inside: the scores of its keys, the shares that softmax makes of
   them, and the length of what each token hands on. */

const { $, says } = atlas;
const MOST = 64; // bars; of a longer row, those with the most attention

const TONES = { score: "muted", attention: "ink", norm: "mixed" };
const SAID = { score: atlas.amount, attention: atlas.weight, norm: atlas.amount };

const largest = (values) => values.reduce((best, value, at) => (value > values[best] ? at : best), 0);
const sum = (values) => values.reduce((total, value) => total + value, 0);
const same = (value) => value;

class Inside {
  constructor(page, el) {
    Object.assign(this, { page, el, row: null, query: 0 });
    this.bars = new atlas.Bars(el, () => this.#given());
    const printed = { place: same, token: atlas.label, ...SAID };
    this.bars.saves({
      file: () => {
        const { layer, head } = page.state.get();
        return `${page.data.given.record.slug}-inside-${atlas.headName(layer, head)}`;
      },
      columns: () => this.#columns(),
      rows: () => this.#rows(),
      table: () => ({
        caption: $("[data-inside-head]").textContent,
        columns: this.#columns(),
        rows: this.#rows().map((row) => row.map((cell, at) => printed[this.#columns()[at]](cell))),
      }),
    });
  }

  #columns() {
    return ["place", "token", ...this.#sides().map(([name]) => name)];
  }

  #rows() {
    const numbers = (at) => this.#sides().map(([, values]) => Number(values[at].toPrecision(4)));
    return this.row.keys.map(({ place, token }, at) => [place, token, ...numbers(at)]);
  }

  /* Load what the selection needs, and draw it; where no word is chosen, the row of the last one stays. */
  async draw() {
    const state = this.page.state.get();
    const turn = (this.turn = state);
    this.query = state.query ?? this.query;
    const map = this.page.data.kinds[state.kind];
    const needed = ["", "scores", "norms"].map((name) => this.#values(map, state, name));
    const [weights, scores, norms] = await Promise.all(needed);
    if (this.turn !== turn) return;
    const at = { ...state, query: Math.min(this.query, map.queries.length - 1), view: "head" };
    this.row = rowOf(map, at, { weights, scores, norms });
    this.#say(map, at);
    await this.bars.draw();
    atlas.refreshTables();
  }

  async #values(map, { kind, layer, head }, name) {
    const stack = name ? `${kind}.${name}` : kind;
    if (!map.packs[stack]) return null;
    const { bytes, start } = await this.page.data.bytes(map, stack, layer);
    const range = atlas.rangeAt(map.packs[stack].range, layer, head);
    return atlas.weights(bytes, { map, view: "head", head, start, range });
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
    const side = ([says, values]) => {
      const lengths = says === "score" ? values.map((value) => value - lowest) : values;
      const most = Math.max(1e-9, ...lengths);
      return { says, values, lengths, tone: TONES[says], most, format: SAID[says] };
    };
    const tokens = this.row.keys.map(({ token }) => token);
    return { tokens, washed: new Set(), sides: this.#sides().map(side) };
  }

  #say(map, state) {
    const token = atlas.token(atlas.shown(map.queries[state.query]));
    $("[data-inside-head]").replaceChildren(...says`${atlas.viewName(state, map, {})}, row of ${token}`);
    $("[data-inside-says]").replaceChildren(...softmaxSays(this.row, map), ...normSays(this.row));
  }
}

/* The keys that the chosen query may see, and their numbers in the same order. */
const rowOf = (map, { layer, query }, { weights, scores, norms }) => {
  const tokens = map.seen;
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
const often = (times) => (times > 100 ? "more than a hundred" : atlas.amount(Number(times.toPrecision(2))));

/* What softmax did to the row, and by how much the best score is ahead. */
const softmaxSays = (row, map) => {
  if (!row.scores) return [];
  const shown = row.keys.length < row.of ? ` The ${row.keys.length} with the most attention are drawn.` : "";
  const hidden = row.count - row.of;
  const blind = hidden ? ` ${hidden === 1 ? "One" : hidden} of the ${row.count} tokens may not be seen.` : "";
  const [low, high] = row.spread.map((score) => number(score));
  const scores = says`Softmax turns ${number(row.of)} scores, from ${low} to ${high}, into shares`;
  const rest = map.sink ? "; the rest lies on no token." : " (as stored here, at 8 bits).";
  const parts = says`${scores} that add up to ${number(row.total, atlas.decimal)}${rest}${blind}${shown}`;
  const order = row.scores.map((_, at) => at).sort((a, b) => row.scores[b] - row.scores[a]);
  return order.length < 2 ? parts : [...parts, ...aheadSays(row, order)];
};

const aheadSays = (row, [first, second]) => {
  const ahead = row.scores[first] - row.scores[second];
  const times = row.weights[second] > 0 ? row.weights[first] / row.weights[second] : Math.exp(ahead);
  const by = number(ahead, (value) => atlas.decimal(value, 1));
  const best = says` The best score, of ${name(row, first)}, is ${by} above the next, of ${name(row, second)}`;
  return says`${best}, so its weight is ${number(times, often)} times as large.`;
};

/* Whether the token with the most attention also hands on the most. */
const normSays = (row) => {
  if (!row.norms || !row.normed) return [];
  const [most, long] = [largest(row.weights), largest(row.norms)];
  const share = (at) => number(row.norms[at] / row.normed, atlas.weight);
  const weight = (at) => number(row.weights[at], atlas.weight);
  const first = says` ${name(row, most)} has the most attention, ${weight(most)}`;
  if (most === long) return says`${first}, and hands on the most, ${share(most)} of all norms.`;
  const other = says`${name(row, long)} hands on the most, ${share(long)} with ${weight(long)} of the attention`;
  return says`${first}, but ${share(most)} of all norms; ${other}.`;
};

atlas.Inside = Inside;
