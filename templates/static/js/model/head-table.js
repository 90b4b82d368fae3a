/* Heads as a table: sorted by any column, one role or all, a thumbnail each. */

const { make } = atlas;
const FEW = 12; // heads at first
const PAGE = 200; // heads that a press of the button adds
const WIDTH = 132; // pixels of a scale from 0 to 1

/* The strongest of each role first, then the second of each, and so on. */
const ranked = (rows) => {
  const seen = {};
  const order = [...rows].sort((a, b) => (a.role === "none") - (b.role === "none") || b.margin - a.margin);
  for (const row of order) {
    seen[row.role] = (seen[row.role] ?? 0) + 1;
    row.rank = seen[row.role];
  }
  return order.sort((a, b) => a.rank - b.rank);
};

const interval = ({ score, low, high, chance }) => {
  const place = (value) => `${(Math.min(1, Math.max(0, value)) * WIDTH).toFixed(1)}px`;
  const holder = make("span", { class: "mini", "aria-hidden": "true", style: `width:${WIDTH}px` });
  if (chance != null) holder.append(make("i", { class: "chance", style: `left:${place(chance)}` }));
  if (low != null)
    holder.append(make("i", { class: "range", style: `left:${place(low)};width:${place(high - low)}` }));
  holder.append(make("i", { class: "dot", style: `left:${place(score)}` }));
  return holder;
};

const COLUMNS = ["entropy", "distance", "delimiter", "confidence"];

atlas.HeadTable = class {
  constructor(body, { link, paint }) {
    Object.assign(this, { body, link, paint, sort: null, down: true, role: "", limit: FEW });
    this.headers();
  }

  headers() {
    for (const th of atlas.$$("th[data-sort]", this.body.closest("table"))) {
      const button = make("button", { type: "button" }, th.textContent);
      button.addEventListener("click", () => this.sortBy(th.dataset.sort));
      th.replaceChildren(button);
    }
  }

  sortBy(name) {
    this.down = this.sort === name ? !this.down : !["place", "role"].includes(name);
    this.sort = name;
    this.draw();
  }

  show(rows, limit = this.limit) {
    Object.assign(this, { rows, limit });
    this.draw();
  }

  listed() {
    const rows = this.rows.filter(({ role }) => !this.role || role === this.role);
    if (!this.sort) return ranked(rows);
    const value = (row) => row[this.sort] ?? -Infinity;
    const sign = this.down ? -1 : 1;
    return [...rows].sort((a, b) => (value(a) < value(b) ? -sign : value(a) > value(b) ? sign : 0));
  }

  draw() {
    const rows = this.listed();
    this.body.replaceChildren(...rows.slice(0, this.limit).map((row) => this.line(row)));
    for (const th of atlas.$$("th[data-sort]", this.body.closest("table"))) {
      const on = th.dataset.sort === this.sort;
      if (on) th.setAttribute("aria-sort", this.down ? "descending" : "ascending");
      else th.removeAttribute("aria-sort");
    }
    this.shown = Math.min(rows.length, this.limit);
    this.found = rows.length;
    this.after?.(this);
  }

  more() {
    this.limit += this.limit < PAGE ? PAGE - this.limit : PAGE;
    this.draw();
  }

  line(row) {
    const thumb = make("canvas", { class: "px", width: 1, height: 1, "aria-hidden": "true" });
    this.paint(thumb, row);
    const name = make(
      "span",
      { class: "with-thumb" },
      thumb,
      make("a", { class: "id", href: this.link(row) }, row.label),
    );
    const told = row.measure !== "entropy" && row.score != null;
    return make(
      "tr",
      {},
      make("th", { scope: "row" }, name),
      make(
        "td",
        {},
        make("span", { class: `g role-${row.role}`, "aria-hidden": "true" }, row.letter),
        ` ${row.role}`,
        row.role === "none" ? make("span", { class: "near" }, ` nearest ${row.measure}`) : "",
      ),
      make("td", { class: "r" }, told ? atlas.decimal(row.score) : "–"),
      make("td", { class: "hide-s" }, told ? interval(row) : ""),
      ...COLUMNS.map((metric) => make("td", { class: "r" }, atlas.decimal(row[metric]))),
    );
  }
};
