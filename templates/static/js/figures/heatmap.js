/* Every pair of tokens. Up to LIMIT tokens a side each weight is a mark; beyond that, and in the first frame, all
   of them are one picture, which costs the same at any length. */

const LIMIT = 40;
const TIP = 33; // pixels from the top of a tip to its cell

/* The ramp of a map: from paper to ink, or through paper where numbers are signed. */
const rampOf = ({ signed }) => atlas.theme()[signed ? "div" : "seq"];

/* Vega-Lite takes pictures by address only; Vega also takes a canvas, and then need not decode it. */
const patch = (vega) => {
  const { update } = vega.marks.find(({ type }) => type === "image").encode;
  delete update.url;
  update.image = { field: "image" };
  return vega;
};

const STEPS = { ...atlas.ARROWS, Home: [0, -Infinity], End: [0, Infinity] };

atlas.Heatmap = class extends atlas.PaintedFigure {
  /* `onPick({row, column})` is called for a chosen cell; `words(row, column)` are those of its tip. */
  constructor(el, { onPick, words }) {
    super(el, "heatmap");
    Object.assign(this, { onPick, words, patch });
    this.tip = atlas.make("div", { class: "tip", hidden: true });
    this.ring = atlas.make("div", { class: "ring", hidden: true });
    this.inner = atlas.make("div", { class: "inner" }, this.holder, this.ring, this.tip);
    el.replaceChildren(atlas.make("div", { class: "scroller" }, this.inner));
    this.#listen();
  }

  /* The room of a map with these axes, before there is one. */
  reserve(axes = this.shown.axes) {
    this.place = atlas.heatmapLayout(this.room, axes);
    const { left, top, right, bottom, width, height, cell } = this.place;
    const size = `width:${width + left + right}px;height:${height + top + bottom}px`;
    this.inner.style.cssText = `position:relative;${size}`;
    this.inner.dataset.grid = [left, top, cell].join(" "); // where the cells lie, in pixels
    this.el.style.cssText = "aspect-ratio:auto;min-height:0";
  }

  async open(shown) {
    this.shown = shown;
    this.reserve();
    await this.start();
    this.el.classList.remove("wait");
    this.draw();
  }

  /* Sizes, and no data yet. */
  inputs() {
    const { left, top, right, bottom, width, height } = this.place;
    const { queries, keys } = this.shown.axes;
    const params = { queries: queries.length, keys: keys.length, ramp: rampOf(this.shown.ink) };
    const data = { pictures: [], cells: [], frame: [], labels: [], chosen: [] };
    return { width, height, padding: { left, top, right, bottom }, params, data };
  }

  /* Draw `shown` = {axes, values, masked, ink, row, column}; only what differs from `before`. */
  draw(shown = this.shown, before = null) {
    this.shown = shown;
    const reshaped = before?.axes !== shown.axes;
    const given = reshaped ? this.#reshape() : { params: { ramp: rampOf(shown.ink) }, data: {} };
    if (reshaped || before.row !== shown.row || before.column !== shown.column) {
      given.data.labels = atlas.heatmapLabels(shown.axes, this.place, shown);
      given.data.chosen = atlas.heatmapChosen(this.place, shown);
    }
    if (reshaped || before.values !== shown.values || before.ink !== shown.ink) {
      this.#weights(given.data, reshaped);
    }
    this.chart.set(given);
    this.point(null);
  }

  #reshape() {
    this.reserve();
    const { width, height, padding, params } = this.inputs();
    const data = { frame: atlas.heatmapFrame(this.shown.axes, this.place) };
    return { width, height, padding, params, data };
  }

  #weights(data, reshaped) {
    const { shown, place } = this;
    if (reshaped || this.hatched !== shown.masked) {
      this.hatching = shown.masked ? [{ image: atlas.heatmapHatching(shown, place) }] : [];
      this.hatched = shown.masked;
    }
    data.pictures = [...this.hatching, { image: atlas.heatmapPicture(shown, place) }];
  }

  /* The weights of few tokens are marks. */
  forVega({ pictures, ...data }) {
    if (!pictures) return data;
    const { queries, keys } = this.shown.axes;
    const marks = Math.max(queries.length, keys.length) <= LIMIT;
    if (!marks) return { ...data, cells: [], pictures };
    return { ...data, cells: atlas.heatmapCells(this.shown), pictures: this.hatching };
  }

  /* Put the tip at a cell, or back at the chosen one. */
  point(at) {
    const { row, column } = at ?? this.shown;
    this.tip.hidden = row < 0 || column < 0;
    this.ring.hidden = !at;
    if (this.tip.hidden) return;
    this.tip.replaceChildren(...this.words(row, column));
    const { left, top, right, width, cell } = this.place;
    const [x, y] = [left + column * cell, top + row * cell];
    const beyond = width + left + right - x - Math.max(cell, 2) - 2;
    // Held at the side with more room, the tip need not be measured.
    const side = column * cell < width / 2 ? `left:${x - 2}px` : `right:${beyond}px`;
    this.tip.style.cssText = `${side};top:${Math.max(0, y - TIP)}px`;
    const length = Math.max(cell, 4);
    if (at) this.ring.style.cssText = `left:${x}px;top:${y}px;width:${length}px;height:${length}px`;
  }

  /* The map with all its rows, to stand on its own outside the page. */
  spec() {
    const { shown, place } = this;
    const { axes } = shown;
    const cells = atlas.heatmapCells(shown).map((cell) => ({
      ...cell,
      query_token: axes.queries[cell.query].label,
      key_token: axes.keys[cell.key].label,
    }));
    const frame = atlas.heatmapFrame(axes, place);
    const labels = atlas.heatmapLabels(axes, place, shown);
    const chosen = atlas.heatmapChosen(place, shown);
    const data = { pictures: [], cells, frame, labels, chosen };
    return atlas.standalone("heatmap", { ...this.inputs(), data });
  }

  #cellAt({ clientX, clientY }) {
    const box = this.inner.getBoundingClientRect();
    const { left, top, cell } = this.place;
    return this.#within({
      column: Math.floor((clientX - box.left - left) / cell),
      row: Math.floor((clientY - box.top - top) / cell),
    });
  }

  #within({ row, column }) {
    const { queries, keys } = this.shown.axes;
    return queries[row] && keys[column] ? { row, column } : null;
  }

  #stepped([down, across]) {
    const last = this.shown.axes.keys.length - 1;
    const [row, column] = [this.shown.row, this.shown.column].map((at) => Math.max(0, at));
    const to = Number.isFinite(across) ? column + across : across < 0 ? 0 : last;
    return this.#within({ row: row + down, column: to });
  }

  #listen() {
    const pick = (at) => at && this.onPick(at);
    this.inner.addEventListener("pointermove", (event) => {
      if (event.pointerType !== "touch" && this.chart) this.point(this.#cellAt(event));
    });
    this.inner.addEventListener("pointerleave", () => this.chart && this.point(null));
    this.inner.addEventListener("click", (event) => this.chart && pick(this.#cellAt(event)));
    const act = (key) => this.chart && void pick(this.#stepped(STEPS[key]));
    atlas.keys(Object.keys(STEPS), "on the heatmap: query token, key token", act, this.el);
  }
};
