/* How far the methods of a model page agree, two by two, with a scale. */

const { $ } = atlas;
const PADDING = { left: 150, top: 4, right: 8, bottom: 116 };
const LARGEST = 60;
const LEAST = 26;
const HIGHEST = 44; // pixels: cells are flatter than they are wide
const CAPTION =
  "Every two methods: means over texts with 95% intervals, and the same with the tokens shuffled.";
const HEADS = {
  one: "One",
  other: "Other",
  n: "n",
  spearman: "Spearman",
  low: "Low",
  high: "High",
  null_low: "Chance, low",
  null_high: "Chance, high",
  kendall: "Kendall",
  overlap: "Top shared",
  overlap_low: "Low",
  overlap_high: "High",
  overlap_null_low: "Chance, low",
  overlap_null_high: "Chance, high",
  beyond_chance: "Beyond chance",
};

/* Relative luminance and contrast, as WCAG defines them. */
const light = (hex) => {
  const linear = (part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
  const [r, g, b] = atlas.rgb(hex).map((part) => linear(part / 255));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const contrast = (one, other) => {
  const [low, high] = [light(one), light(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
};

/* The colour of print on each stop of the diverging ramp: whichever of the two is easier to read. */
const print = ({ div, ink, ground }) =>
  div.map((stop) => (contrast(stop, ink) >= contrast(stop, ground) ? ink : ground));

const short = (value) => atlas.tightNumber(atlas.decimal(value));

class MethodAgreement extends atlas.Figure {
  constructor(el, given) {
    super(el, "pairs");
    this.given = given;
    const { columns, rows } = given;
    this.pairs = rows.map((row) => Object.fromEntries(columns.map((name, at) => [name, row[at]])));
    this.save();
  }

  inputs() {
    const { methods } = this.given;
    const count = Object.keys(methods).length - 1;
    const fit = Math.floor((this.room - PADDING.left - PADDING.right) / count);
    const cell = Math.max(LEAST, Math.min(LARGEST, fit));
    const height = Math.min(cell, HIGHEST);
    const names = ({ one, other }) => ({ one: methods[one], other: methods[other] });
    const cells = this.pairs.map((pair) => {
      const { spearman: value } = pair;
      return { ...names(pair), value, label: short(value) };
    });
    const open = (pair) => pair.beyond_chance !== "yes";
    const params = { onDiverging: print(atlas.theme()), ringX: cell / 2 - 6, ringY: 6 - height / 2 };
    return {
      width: cell * count,
      height: height * count,
      padding: PADDING,
      data: { cells, rings: this.pairs.filter(open).map(names) },
      params,
    };
  }

  async draw() {
    await super.draw();
    this.el.dataset.drawn = "";
  }

  save() {
    const { columns, rows, methods } = this.given;
    const printed = (value) =>
      typeof value === "number" && !Number.isInteger(value) ? atlas.decimal(value) : value;
    const line = ([one, other, n, ...rest]) => [methods[one], methods[other], n, ...rest.map(printed)];
    this.saves({
      file: () => "agreement",
      columns: () => columns,
      rows: () => rows.map((row) => row.map((cell) => cell ?? "")),
      table: () => ({ caption: CAPTION, columns: columns.map((name) => HEADS[name]), rows: rows.map(line) }),
    });
  }
}

const scale = (el) => {
  const say = (tick) => atlas.tightNumber(String(tick));
  atlas.drawTicks(el, [-1, -0.5, 0, 0.5, 1], (tick) => (tick + 1) / 2, say);
  el.setAttribute("aria-label", "Scale from −1, the reverse order, over 0 to 1, the same order; even steps");
};

atlas.pages.push(() => {
  const el = $("[data-pairs]");
  const given = el && atlas.pageData("atlas-data")?.pairs;
  if (!given) return;
  const figure = new MethodAgreement(el, given);
  figure.reserve();
  scale($("[data-pairs-bar]"));
  atlas.inIdleTime([() => figure.draw()]);
});
