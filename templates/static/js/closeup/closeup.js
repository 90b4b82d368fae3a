/* Part of a long map at a size that can be read, around the chosen cell; a box on the whole map says where. */

const SIDE = 32; // tokens
const EDGE = 2; // a cell so near to the edge of the part moves it

/* Where the part begins along one axis: where it was, unless the chosen place has come to its edge. */
const begin = (at, count, from) => {
  const last = Math.max(0, count - SIDE);
  const inside = at < 0 || (at >= from + EDGE && at < from + SIDE - EDGE);
  const to = inside ? from : at - SIDE / 2;
  return Math.max(0, Math.min(last, to));
};

const cut = (values, columns, [row, column], [rows, wide]) => {
  if (!values) return values;
  const part = new values.constructor(rows * wide);
  for (let r = 0; r < rows; r++) {
    const start = (row + r) * columns + column;
    part.set(values.subarray(start, start + wide), r * wide);
  }
  return part;
};

atlas.Closeup = class {
  constructor(page, el) {
    Object.assign(this, { page, from: [0, 0] });
    const whole = ([row, column]) => [row + this.from[0], column + this.from[1]];
    this.heatmap = new atlas.Heatmap(el, {
      onPick: ({ row, column }) => page.pickCell(...whole([row, column])),
      words: (row, column) => page.tip(...whole([row, column])),
    });
    this.box = atlas.make("div", { class: "part" });
    this.heatmap.saves(page.filed("closeup", this));
  }

  async draw() {
    const shown = this.#part(this.page.shown);
    const last = this.heatmap.shown;
    this.#mark();
    if (this.heatmap.chart) return this.heatmap.draw(shown, last);
    return this.heatmap.open(shown);
  }

  /* What is shown of the whole map, with the tokens of the part alone. */
  #part(shown) {
    const { axes, values, masked, row, column } = shown;
    const size = [axes.queries.length, axes.keys.length];
    const from = [row, column].map((at, axis) => begin(at, size[axis], this.from[axis]));
    if (this.axes?.whole !== axes || String(from) !== String(this.from)) {
      const [queries, keys] = [axes.queries, axes.keys].map((all, at) =>
        all.slice(from[at], from[at] + SIDE),
      );
      this.axes = { queries, keys, whole: axes, from };
    }
    this.from = from;
    const part = [this.axes.queries.length, this.axes.keys.length];
    const inside = (at, axis) => (at >= from[axis] && at < from[axis] + part[axis] ? at - from[axis] : -1);
    return {
      ...shown,
      axes: this.axes,
      values: cut(values, size[1], from, part),
      masked: cut(masked, size[1], from, part),
      row: inside(row, 0),
      column: inside(column, 1),
    };
  }

  #mark() {
    const { inner, place } = this.page.heatmap;
    const { left, top, cell } = place;
    const [row, column] = this.from;
    const { queries, keys } = this.axes;
    const size = `width:${keys.length * cell}px;height:${queries.length * cell}px`;
    this.box.style.cssText = `left:${left + column * cell}px;top:${top + row * cell}px;${size}`;
    if (!this.box.parentElement) inner.append(this.box);
  }
};
