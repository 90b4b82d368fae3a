/* What a model page knows: one kind, metric and head, and every number about them in words. */

const TABLE = ["entropy", "distance", "delimiter", "confidence"];

atlas.HeadModel = class {
  constructor(given) {
    this.given = given;
    this.kinds = Object.fromEntries(given.kinds.map((kind) => [kind.kind, kind]));
    const start = { kind: given.kinds[0].kind, metric: "entropy", layer: null, head: null };
    this.state = atlas.selection(start, (state) => this.fit(state));
  }

  fit({ kind, metric, layer, head }) {
    const found = this.kinds[kind] ?? this.given.kinds[0];
    const known = layer != null && head != null && layer < found.layers && head < found.heads;
    return {
      kind: found.kind,
      metric: found.metrics[metric] ? metric : Object.keys(found.metrics)[0],
      layer: known ? layer : null,
      head: known ? head : null,
    };
  }

  get kind() {
    return this.kinds[this.state.get().kind];
  }

  get numbers() {
    return this.kind.metrics[this.state.get().metric];
  }

  get metric() {
    const { metric } = this.state.get();
    return this.given.metrics.find(({ name }) => name === metric);
  }

  /* What full ink stands for: 1 for shares, unless all are small; else a round number. */
  get top() {
    const all = this.numbers.values.flat().map((value) => (this.metric.signed ? Math.abs(value) : value));
    const top = atlas.roundUp([...all, ...(this.numbers.null ?? [])]);
    return this.metric.unit === "share" && top > 0.5 ? 1 : top;
  }

  /* What the other end of the scale stands for: zero, or as far below it as the top is above. */
  get low() {
    return this.metric.signed ? -this.top : 0;
  }

  /* A scale with zero in its middle has two colours; print on it is dark or light as they are. */
  get inks() {
    const { seq, div, on } = atlas.theme();
    const strong = atlas.isDark() ? 3 : 4;
    return this.metric.signed
      ? { ramp: div, on: div.map((_, i) => (Math.abs(i - 5) < strong ? on[0] : on[10])) }
      : { ramp: seq, on };
  }

  number(name, layer, head) {
    return this.kind.metrics[name]?.values[layer][head] ?? null;
  }

  role(layer, head) {
    const [name, letter, says] = this.given.roles[this.kind.roles[layer * this.kind.heads + head]];
    return { name, letter, says };
  }

  /* Value, interval and null of the metric for a head, in words. */
  words(layer, head) {
    const { values, low, high, null: chance } = this.numbers;
    const unit =
      this.metric.unit === "share" || this.metric.unit === "rank correlation" ? "" : ` ${this.metric.unit}`;
    const parts = [
      `${atlas.headName(layer, head)} ${this.metric.short.toLowerCase()} ${atlas.decimal(values[layer][head])}${unit}`,
    ];
    if (low?.[layer][head] != null) {
      parts.push(`95% interval ${atlas.decimal(low[layer][head])} to ${atlas.decimal(high[layer][head])}`);
    }
    if (chance?.[layer] != null && !this.metric.signed) parts.push(`uniform ${atlas.decimal(chance[layer])}`);
    return parts.join(", ");
  }

  /* Whether most of the attention of a head rests on special tokens, or on the first token. */
  rests(layer, head) {
    return this.kind.rests[layer * this.kind.heads + head][0] >= 0.5;
  }

  restWords(layer, head) {
    const [share, place] = this.kind.rests[layer * this.kind.heads + head];
    return share == null ? "" : `; rests on ${place} ${Math.round(100 * share)}% of the time`;
  }

  roleWords(layer, head) {
    const role = this.role(layer, head);
    const [measure, score, chance] = this.kind.scores[layer * this.kind.heads + head];
    const start = `${atlas.headName(layer, head)} ${role.name}`;
    const rest = this.restWords(layer, head);
    if (measure === "entropy" || score == null) return `${start}: ${role.says}${rest}`;
    const told = role.name === "none" ? `nearest ${measure}` : role.says;
    return `${start}: ${told} ${atlas.decimal(score)}, uniform ${atlas.decimal(chance)}${rest}`;
  }

  /* One row a head for the table and for files. */
  rows() {
    const { layers, heads, kind } = this.kind;
    return Array.from({ length: layers * heads }, (_, at) => {
      const [layer, head] = [Math.floor(at / heads), at % heads];
      const [measure, score, chance, low, high] = this.kind.scores[at];
      const { name: role, letter } = this.role(layer, head);
      const numbers = Object.fromEntries(TABLE.map((name) => [name, this.number(name, layer, head)]));
      return {
        kind,
        layer,
        head,
        place: at,
        label: atlas.headName(layer, head),
        role,
        letter,
        measure,
        score,
        chance,
        low,
        high,
        margin: (score ?? 0) - (chance ?? 0),
        ...numbers,
      };
    });
  }

  /* Whether the null lies inside the interval of a head. */
  within(layer, head) {
    const { low, high, null: chance } = this.numbers;
    const [a, b, x] = [low?.[layer][head], high?.[layer][head], chance?.[layer]];
    return a != null && x != null && a <= x && x <= b;
  }
};
