/* The dot plots of a model page: rows on one axis, each with its interval and what chance gives. */

const { $$ } = atlas;
const ROW = 16;
const LOOSE = 24; // pixels of a row where there are few
const FEW = 12;
const COLUMNS = { name: "What", value: "Estimate", low: "Low", high: "High" };
const CHANCE = { null_low: "Chance, low", null_high: "Chance, high", n: "n", beyond: "Beyond chance" };

const titled = (name) => name[0].toUpperCase() + name.slice(1).replaceAll("_", " ");

class DotPlot extends atlas.Figure {
  constructor(el, given) {
    super(el, "dots");
    this.given = given;
    const beyond = ({ open }) => (given.few ? "too few texts" : open ? "no" : "yes");
    this.rows = given.rows.map((row) => ({ ...row, beyond: beyond(row) }));
    this.save();
  }

  inputs() {
    const { from, to, says, few } = this.given;
    const longest = Math.max(...this.rows.map(({ name }) => name.length));
    const left = Math.min(6.4 * longest + 12, 320, Math.round(this.room * 0.58));
    const row = this.rows.length > FEW ? ROW : LOOSE;
    return {
      width: Math.max(80, this.room - left - 14),
      height: this.rows.length * row,
      padding: { left, top: 4, right: 14, bottom: 26 },
      data: { rows: this.rows },
      params: { from, to, says, few: Boolean(few), sans: atlas.theme().fonts.sans },
    };
  }

  async draw() {
    await super.draw();
    this.el.dataset.drawn = "";
  }

  save() {
    const { more, says } = this.given;
    const heads = { ...COLUMNS, ...CHANCE };
    const keys = Object.keys(heads);
    const own = (say) => this.rows.map((row) => keys.map((key) => say(row[key])));
    const printed = (value) =>
      typeof value === "number" && !Number.isInteger(value) ? atlas.decimal(value) : (value ?? "–");
    const plain = (value) => value ?? "";
    this.saves({
      file: () => this.el.dataset.dots,
      columns: () => more?.columns ?? keys,
      rows: () => more?.rows.map((row) => row.map(plain)) ?? own(plain),
      table: () => ({
        caption: `${this.el.getAttribute("aria-label").split(";")[0]}: ${says}, 95% intervals.`,
        columns: more?.columns.map(titled) ?? Object.values(heads),
        rows: more?.rows.map((row) => row.map(printed)) ?? own(printed),
      }),
    });
  }
}

atlas.pages.push(() => {
  const holders = $$("[data-dots]");
  const plots = holders.length ? atlas.pageData("atlas-data").dots : {};
  const figures = holders.map((el) => new DotPlot(el, plots[el.dataset.dots]));
  for (const figure of figures) figure.reserve();
  atlas.inIdleTime(figures.map((figure) => () => figure.draw()));
});
