/* Lines between tokens, one for every weight that is worth it. */

const MANY = 40; // tokens: beyond, only lines of the chosen word are drawn, unless a reader sets a threshold
const LIMIT = 128; // tokens: beyond, there are none
const LEAST = 0.03; // of full ink: weaker lines are left out
const NAMED = 0.04; // of full ink: weaker ones have no number
const TOP = 30;
const VALUE = 36; // pixels for a number

const layout = (room, { queries, keys }) => {
  const count = Math.max(queries.length, keys.length);
  const row = Math.max(11, Math.min(22, 1600 / count));
  const size = row < 14 ? 10 : 12.5;
  const most = room < 480 ? 84 : 140;
  const side = (axis) =>
    Math.ceil(Math.min(most, Math.max(room < 480 ? 44 : 66, ...atlas.labelWidths(axis, size))) + 12);
  return {
    many: count > MANY,
    row,
    size,
    left: side(queries),
    right: side(keys) + VALUE,
    width: room,
    height: TOP + count * row + 4,
    y: (at) => TOP + (at + 0.5) * row,
  };
};

const curve = ({ left, right, width, y }, query, key) => {
  const [x0, x1] = [left, width - right];
  const [near, far] = [0.4, 0.6].map((share) => (x0 + (x1 - x0) * share).toFixed(1));
  return `M${x0} ${y(query)}C${near} ${y(query)} ${far} ${y(key)} ${x1} ${y(key)}`;
};

/* Lines of all words, those of the `lit` one on top; of many words, only what reaches their threshold. */
const links = ({ values, axes, ink, least = 1 }, place, lit) => {
  const columns = axes.keys.length;
  const rows = [];
  values.forEach((weight, i) => {
    if (weight <= LEAST * ink.max) return;
    const [query, key] = [(i / columns) | 0, i % columns];
    if (place.many && query !== lit && (least >= 1 || weight < least * ink.max)) return;
    const share = Math.min(1, weight / ink.max);
    rows.push({
      query,
      key,
      weight,
      ink: Math.sqrt(share),
      path: curve(place, query, key),
      width: 0.6 + 5 * share,
      opacity: 0.06 + 0.62 * share,
    });
  });
  return rows.sort((a, b) => a.weight - b.weight);
};

const short = (value) => (value > 0.995 ? "1" : value.toFixed(2).slice(1));

/* Labels of both sides; those on the right are muted until a weight brings them out. */
const labels = ({ axes }, { left, right, width, size, y }, lit) => {
  const look = { angle: 0, size };
  const near = axes.queries.map(({ label, special }, at) => ({
    ...look,
    text: label,
    x: left - 8,
    y: y(at),
    align: "right",
    limit: left - 10,
    hot: at === lit,
    dim: special,
  }));
  const far = axes.keys.map(({ label }, at) => ({
    ...look,
    ...keyPlace(at, { width, right, y }),
    text: label,
    dim: true,
  }));
  const head = { angle: 0, size: 11, limit: 200, dim: true, y: 10 };
  const [looks, looked] = width < 480 ? ["query", "key"] : ["query: looks", "key: is looked at"];
  return [
    ...near,
    ...far,
    { ...head, text: looks, x: left - 8, align: "right" },
    { ...head, text: looked, x: width - right + 8, align: "left", limit: right },
  ];
};

const keyPlace = (at, { width, right, y }) => ({
  x: width - right + 8,
  y: y(at),
  align: "left",
  limit: right - VALUE - 8,
});

/* The keys that the lit token looks at, brought out, each with its weight. */
const numbers = ({ values, axes, ink }, place, lit) =>
  lit < 0
    ? []
    : axes.keys.flatMap(({ label }, at) => {
        const weight = values[lit * axes.keys.length + at];
        if (weight < NAMED * ink.max) return [];
        const look = { angle: 0, size: 11, y: place.y(at) };
        return [
          { ...look, ...keyPlace(at, place), text: label, size: place.size },
          {
            ...look,
            text: ink.range ? atlas.amount(weight) : short(weight),
            x: place.width,
            align: "right",
            limit: 60,
            mono: true,
          },
        ];
      });

atlas.Lines = class extends atlas.PaintedFigure {
  /* `onPick(row)` is called for a chosen word, `onLeast(share)` where a reader sets a threshold. */
  constructor(el, { onPick, onLeast }) {
    super(el, "lines");
    Object.assign(this, { onPick, onLeast, lit: -1 });
    this.note = atlas.make("div", { class: "state", hidden: true });
    this.bar = atlas.$("[data-least]", el.closest(".figure"));
    el.append(this.note);
    this.#listen();
  }

  /* The room of lines between these tokens, before there are any. */
  reserve(axes = this.shown.axes) {
    const many = Math.max(axes.queries.length, axes.keys.length) > LIMIT;
    atlas.$("details.menu", this.el.closest(".figure")).hidden = many; // there is nothing to save
    const place = layout(this.room, axes);
    this.bar.hidden = many || !place.many;
    this.el.style.minHeight = many ? "13rem" : `${place.height}px`;
  }

  get count() {
    const { queries, keys } = this.shown.axes;
    return Math.max(queries.length, keys.length);
  }

  /* Draw `shown` = {axes, values, ink, row, least}: the threshold of other words, as a share of full ink. */
  async draw(shown = this.shown) {
    this.shown = shown;
    const none = this.count > LIMIT || Boolean(shown.ink.signed);
    this.holder.hidden = none;
    this.note.hidden = !none;
    atlas.$("details.menu", this.el.closest(".figure")).hidden = none; // there is nothing to save
    this.place = layout(this.room, shown.axes);
    this.#threshold(none);
    if (none) return this.#sayWhy();
    if (!this.chart) this.start();
    return this.light(shown.row, true);
  }

  /* Let the lines of one query token stand out. */
  light(lit, fresh = this.place.many) {
    const given = this.inputs();
    given.params = { lit };
    given.data = { values: numbers(this.shown, this.place, lit) };
    if (fresh) given.data.links = links(this.shown, this.place, lit);
    const key = `${lit} ${this.place.width}`;
    if (this.labelled?.axes !== this.shown.axes || this.labelled.key !== key) {
      this.labelled = { axes: this.shown.axes, key };
      given.data.labels = labels(this.shown, this.place, lit);
    }
    this.lit = lit;
    this.chart.set(given);
  }

  inputs() {
    const { width, height } = this.place;
    return { width, height, padding: 0, params: { lit: -1 }, data: { links: [], labels: [], values: [] } };
  }

  /* What is drawn, strongest first, and the chart with all of it. */
  drawn() {
    return this.holder.hidden || !this.place ? [] : links(this.shown, this.place, this.lit).reverse();
  }

  spec() {
    const { shown, place, lit } = this;
    return atlas.standalone("lines", {
      width: place.width,
      height: place.height,
      padding: 5,
      params: { lit },
      data: {
        links: links(shown, place, lit),
        labels: labels(shown, place, lit),
        values: numbers(shown, place, lit),
      },
    });
  }

  /* The control for the threshold, where there are many words, and what it says. */
  #threshold(none) {
    const { least = 1, ink } = this.shown;
    this.bar.hidden = none || !this.place.many;
    const only = least >= 1;
    atlas.$("input", this.bar).value = least;
    const words = only ? "none" : `all of ${atlas.figure(least * ink.max, ink)} or more`;
    atlas.$("output", this.bar).textContent = words;
    for (const el of atlas.$$("[data-others]")) el.hidden = this.place.many && only;
  }

  #sayWhy() {
    const words = this.shown.ink.signed
      ? "Lines are drawn for weights; these numbers have a sign."
      : `Lines are drawn up to ${LIMIT} tokens; this text has ${this.count}.`;
    const heatmap = atlas.make("a", { href: "#heat" }, "The heatmap");
    this.note.replaceChildren(
      atlas.make("p", {}, words),
      atlas.make("p", { class: "note" }, heatmap, " shows every pair."),
    );
  }

  #rowAt({ clientX, clientY }) {
    const { left, top } = this.holder.getBoundingClientRect();
    const at = Math.floor((clientY - top - TOP) / this.place.row);
    const within = clientX - left < this.place.left + 16 && this.shown.axes.queries[at];
    return within ? at : null;
  }

  #listen() {
    let frame = 0;
    atlas.$("input", this.bar).addEventListener("input", ({ target }) => this.onLeast(Number(target.value)));
    this.holder.addEventListener("pointermove", (event) => {
      if (!this.chart || event.pointerType === "touch") return;
      const lit = this.#rowAt(event) ?? this.shown.row;
      cancelAnimationFrame(frame);
      if (lit !== this.lit) frame = requestAnimationFrame(() => this.light(lit));
    });
    this.holder.addEventListener("pointerleave", () => this.chart && this.light(this.shown.row));
    this.holder.addEventListener("click", (event) => {
      const row = this.chart && this.#rowAt(event);
      if (row != null) this.onPick(row);
    });
  }
};
