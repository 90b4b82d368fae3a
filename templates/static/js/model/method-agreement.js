/* How far the methods of a model page agree, two by two: a chart, its scale and its table twin. */
const { $, make } = atlas;
const LEFT = 150,
  TOP = 4,
  RIGHT = 8,
  BOTTOM = 116,
  LARGEST = 60,
  LEAST = 26;
const CAPTION =
  "Every two methods: means over plates with 95% intervals, and the same with the tokens shuffled.";
const HEADS = {
  one: "One",
  other: "Other",
  n: "n",
  spearman: "Spearman",
  low: "Low",
  high: "High",
  null_low: "Null, low",
  null_high: "Null, high",
  kendall: "Kendall",
  overlap: "Top shared",
  overlap_low: "Low",
  overlap_high: "High",
  overlap_null_low: "Null, low",
  overlap_null_high: "Null, high",
  verdict: "Verdict",
};

const light = (hex) => {
  const parts = [1, 3, 5]
    .map((at) => parseInt(hex.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
};
const contrast = (one, other) => {
  const [low, high] = [light(one), light(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
};

/* The colour of print on each stop of the diverging ramp: whichever of the two is easier to read. */
const print = ({ div, ink, plate }) =>
  div.map((stop) => (contrast(stop, ink) >= contrast(stop, plate) ? ink : plate));

const short = (value) => atlas.decimal(value).replace(/^(−?)0\./, "$1.");

class Pairs {
  constructor(el, given) {
    Object.assign(this, { el, given, chart: null, holder: make("div", { class: "chart" }) });
    this.pairs = given.rows.map((row) =>
      Object.fromEntries(given.columns.map((name, at) => [name, row[at]])),
    );
    el.replaceChildren(this.holder);
  }

  name(method) {
    return this.given.methods[method];
  }

  inputs() {
    const count = Object.keys(this.given.methods).length - 1;
    const room = this.el.clientWidth - LEFT - RIGHT;
    const cell = Math.max(LEAST, Math.min(LARGEST, Math.floor(room / count)));
    const names = ({ one, other }) => ({ one: this.name(one), other: this.name(other) });
    const cells = this.pairs.map((pair) => ({
      ...names(pair),
      value: pair.spearman,
      label: short(pair.spearman),
    }));
    const rings = this.pairs
      .filter(({ verdict }) => !["supported", "contradicted"].includes(verdict))
      .map(names);
    const height = Math.min(cell, 44);
    return {
      width: cell * count,
      height: height * count,
      padding: { left: LEFT, top: TOP, right: RIGHT, bottom: BOTTOM },
      data: { cells, rings },
      params: { onDiverging: print(atlas.theme()), ringX: cell / 2 - 6, ringY: 6 - height / 2 },
    };
  }

  async draw() {
    this.chart = await atlas.chart(this.holder, "pairs", this.inputs());
    const again = () => this.chart.set(this.inputs());
    atlas.onTheme(again);
    let width = this.el.clientWidth;
    new ResizeObserver(() => {
      if (this.el.clientWidth === width || !this.el.clientWidth) return;
      width = this.el.clientWidth;
      again();
    }).observe(this.el);
    this.el.dataset.drawn = "";
  }

  figure() {
    const { columns, rows } = this.given;
    const printed = (value) =>
      typeof value === "number" && !Number.isInteger(value) ? atlas.decimal(value) : value;
    return {
      file: () => "agreement",
      columns,
      rows: () => rows.map((row) => row.map((cell) => cell ?? "")),
      spec: () => atlas.standalone("pairs", this.inputs()),
      view: () => this.chart.view,
      table: () => ({
        caption: CAPTION,
        columns: columns.map((name) => HEADS[name]),
        rows: rows.map(([one, other, n, ...rest]) => [
          this.name(one),
          this.name(other),
          n,
          ...rest.map(printed),
        ]),
      }),
    };
  }
}

const scale = (el) => {
  const ticks = [-1, -0.5, 0, 0.5, 1];
  const place = (value) => `${50 + 50 * value}%`;
  el.replaceChildren(
    ...ticks.slice(1).map((_, at) => make("i", { style: `left:${place(ticks[at])};width:25%` })),
    ...ticks.map((tick) =>
      make("b", { style: `left:${place(tick)}` }, String(tick).replace("-", "−").replace("0.", ".")),
    ),
  );
  el.setAttribute("aria-label", "Scale from −1, the reverse order, over 0 to 1, the same order; even steps");
};

atlas.pages.push(() => {
  const el = $("[data-pairs]");
  const given = el && atlas.island("atlas-data")?.pairs;
  if (!given) return;
  const pairs = new Pairs(el, given);
  scale($("[data-pairs-bar]"));
  atlas.plate(el, pairs.figure());
  (window.requestIdleCallback ?? setTimeout)(() => pairs.draw(), { timeout: 1000 });
});
