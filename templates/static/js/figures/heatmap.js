/* Every pair of tokens: a Vega-Lite chart. Up to LIMIT tokens a side each weight is a mark; beyond
   that all of them are one picture, which costs the same at any length. */
const LIMIT = 40,
  FRAME = 4,
  TIP = 33;
const pen = document.createElement("canvas").getContext("2d");

/* How wide the labels of an axis are, the bold one too. */
const widths = (axis, size) => {
  pen.font = `600 ${size}px ${atlas.theme().fonts.sans}`;
  return axis.map(({ label }) => Math.min(150, pen.measureText(label).width));
};
atlas.labelWidths = widths;

/* Where everything lies for this many tokens in this much room. Labels of columns lean, so the
   last ones need room at the right. */
const layout = (room, { queries, keys }) => {
  const small = room < 480;
  const size = small ? 9.5 : 12;
  const count = keys.length;
  const left = Math.ceil(Math.min(small ? 76 : 132, Math.max(30, ...widths(queries, size))) + 14);
  const across = widths(keys, size);
  const top = Math.ceil(Math.min(small ? 84 : 132, Math.max(24, ...across)) * 0.87 + 18);
  const overhang = (cell) =>
    Math.max(8, ...across.map((width, i) => width * 0.5 + 8 - (count - i - 0.5) * cell));
  const fit = (right) => (room - left - right) / count;
  let cell = Math.min(52, fit(overhang(fit(8))));
  if (small && count <= 64) cell = Math.max(10, cell);
  if (cell > 6) cell = Math.floor(cell);
  const right = Math.min(90, overhang(cell));
  return { left, top, right, bottom: 8, cell, size, width: cell * count, height: cell * queries.length };
};

const STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500];
const everyFor = (cell, room) => STEPS.find((step) => step * cell >= room) ?? 1000;

const box = (x, y, width, height, fill, stroke = "rule", line = 0.6) => ({
  x,
  y,
  width,
  height,
  fill,
  stroke,
  line,
});

const sides = (across, start, length, { width, height }, ...paint) =>
  across
    ? [box(start, -FRAME - 1, length, FRAME, ...paint), box(start, height + 1, length, FRAME, ...paint)]
    : [box(-FRAME - 1, start, FRAME, length, ...paint), box(width + 1, start, FRAME, length, ...paint)];

const frame = (axes, place) => {
  const step = [1, 10, 100].find((count) => count * place.cell >= FRAME) ?? 1000;
  const rows = [];
  for (const [across, count] of [
    [true, axes.keys.length],
    [false, axes.queries.length],
  ]) {
    for (let at = 0; at < count; at += step) {
      const length = (Math.min(count, at + step) - at) * place.cell;
      rows.push(...sides(across, at * place.cell, length, place, (at / step) % 2 ? "plate" : "rule"));
    }
  }
  return rows;
};

/* Where there is no room for every token, places are numbered instead. */
const labels = (axes, place, { row, column }) => {
  const { cell, size } = place;
  const every = { queries: everyFor(cell, size - 0.5), keys: everyFor(cell, size - 0.5) };
  if (every.keys > 1) every.keys = everyFor(cell, 26); // numbers stand side by side
  const make = (axis, at, hot) => {
    const centre = (at + 0.5) * cell;
    const token = axis === "queries" ? axes.queries[at] : axes.keys[at];
    const named = every[axis] === 1 || hot;
    const text = named ? token.label : String(at);
    const look = { text, size: named ? size : 10, hot, dim: !hot && (!named || token.special), mono: !named };
    return axis === "queries"
      ? { ...look, x: -10, y: centre, align: "right", angle: 0, limit: place.left - 12 }
      : {
          ...look,
          x: centre + (named ? size * 0.2 : 0),
          y: named ? -9 : -13,
          align: named ? "left" : "center",
          angle: named ? -60 : 0,
          limit: (place.top - 12) / 0.87,
        };
  };
  const side = (axis, hot) => {
    const rows = [];
    const [step, clear] = [every[axis], size * (axis === "keys" ? 2.2 : 1.2)];
    for (let at = 0; at < axes[axis].length; at += step) {
      if (step === 1 || hot < 0 || Math.abs(at - hot) * cell > clear) rows.push(make(axis, at, at === hot));
    }
    if (step > 1 && hot >= 0) rows.push(make(axis, hot, true));
    return rows;
  };
  return [...side("queries", row), ...side("keys", column)];
};

const chosen = (place, { row, column }) => {
  const { cell } = place;
  const rows = [];
  const length = Math.max(cell, 2);
  if (column >= 0) rows.push(...sides(true, column * cell, length, place, "accent", "accent", 0.6));
  if (row >= 0) rows.push(...sides(false, row * cell, length, place, "accent", "accent", 0.6));
  if (column < 0 || row < 0) return rows;
  const ring = [column * cell, row * cell, length, length, null];
  if (cell >= 6) return [...rows, box(...ring, "plate", 4), box(...ring, "accent", 2)];
  const across = box(0, row * cell - 1, place.width, length + 2, null, "accent", 0.7);
  return [...rows, across, box(column * cell - 1, 0, length + 2, place.height, null, "accent", 0.7)];
};

/* Diagonal hatching over every pair that may not look: not allowed is not zero. */
const hatch = ({ masked, axes }, place) => {
  const scale = Math.min(2, window.devicePixelRatio || 1);
  const canvas = atlas.make("canvas", {
    width: Math.ceil(place.width * scale),
    height: Math.ceil(place.height * scale),
  });
  const context = canvas.getContext("2d");
  context.scale(scale, scale);
  const columns = axes.keys.length;
  axes.queries.forEach((_, row) => {
    for (let at = 0; at < columns; at++) {
      if (!masked[row * columns + at]) continue;
      const from = at;
      while (at + 1 < columns && masked[row * columns + at + 1]) at++;
      context.rect(from * place.cell, row * place.cell, (at + 1 - from) * place.cell, place.cell);
    }
  });
  context.clip();
  context.strokeStyle = atlas.theme().masked;
  context.beginPath();
  for (let at = -place.height; at < place.width; at += 5) {
    context.moveTo(at, place.height);
    context.lineTo(at + place.height, 0);
  }
  context.stroke();
  return canvas;
};

/* The weights as pixels. Where there are more weights than pixels, the largest stands for its
   neighbours, so that no thin line is lost. */
const picture = ({ values, masked, axes, ink }, place) => {
  const columns = axes.keys.length,
    rows = axes.queries.length;
  const shrink = Math.max(1, Math.ceil(1 / (place.cell * (window.devicePixelRatio || 1))));
  const [width, height] = [Math.ceil(columns / shrink), Math.ceil(rows / shrink)];
  const canvas = atlas.make("canvas", { width, height });
  const context = canvas.getContext("2d");
  const image = context.createImageData(width, height);
  const pixels = new Uint32Array(image.data.buffer);
  const { lut, divLut } = atlas.theme();
  const top = shrink > 1 ? pooled(values, rows, columns, width, shrink) : values;
  const table = inkTable(ink);
  const unit = (table.length - 1) / ink.max;
  const share = (value) => table[Math.min(table.length - 1, (Math.abs(value) * unit + 0.5) | 0)];
  for (let i = 0; i < pixels.length; i++) {
    if (top[i] === -Infinity || (masked?.[i] && shrink === 1)) continue;
    pixels[i] = ink.signed
      ? divLut[(127.5 + Math.sign(top[i]) * 0.5 * share(top[i])) | 0]
      : lut[share(top[i])];
  }
  context.putImageData(image, 0, 0);
  return canvas;
};

const inkTable = ({ scale }) => {
  const { to } = atlas.scales[scale];
  const size = 8192;
  inkTable.kept ??= {};
  return (inkTable.kept[scale] ??= Uint8Array.from({ length: size }, (_, i) =>
    Math.round(to(i / (size - 1)) * 255),
  ));
};

const pooled = (values, rows, columns, width, shrink) => {
  const top = new Float32Array(width * Math.ceil(rows / shrink)).fill(-Infinity);
  for (let r = 0, at = 0; r < rows; r++) {
    const start = ((r / shrink) | 0) * width;
    for (let c = 0; c < columns; c++, at++) {
      const place = start + ((c / shrink) | 0);
      if (values[at] > top[place]) top[place] = values[at];
    }
  }
  return top;
};

const cells = ({ values, masked, axes, ink }) => {
  const columns = axes.keys.length;
  const place = atlas.inkOf(ink);
  const rows = [];
  values.forEach((weight, i) => {
    if (masked?.[i]) return;
    rows.push({ query: (i / columns) | 0, key: i % columns, weight, ink: place(weight) });
  });
  return rows;
};

/* The ramp of a map: from paper to ink, or through paper where numbers are signed. */
const rampOf = ({ signed }) => atlas.theme()[signed ? "div" : "seq"];

/* Vega-Lite takes pictures by address only; Vega also takes a canvas, and then need not decode it. */
const patch = (vega) => {
  const { update } = vega.marks.find(({ type }) => type === "image").encode;
  delete update.url;
  update.image = { field: "image" };
  return vega;
};

const STEPS_OF = {
  ArrowLeft: (at) => ({ ...at, column: at.column - 1 }),
  ArrowRight: (at) => ({ ...at, column: at.column + 1 }),
  ArrowUp: (at) => ({ ...at, row: at.row - 1 }),
  ArrowDown: (at) => ({ ...at, row: at.row + 1 }),
  Home: (at) => ({ ...at, column: 0 }),
  End: (at, axes) => ({ ...at, column: axes.keys.length - 1 }),
};

class Heatmap {
  constructor(el, { onPick, words }) {
    Object.assign(this, { el, onPick, words, place: null, shown: null });
    this.holder = atlas.make("div", { class: "scroller" });
    this.tip = atlas.make("div", { class: "tip", hidden: true });
    this.ring = atlas.make("div", { class: "ring", hidden: true });
    this.inner = atlas.make("div", { class: "inner" });
    this.canvas = atlas.make("div");
    this.inner.append(this.canvas, this.ring, this.tip);
    this.holder.append(this.inner);
    el.replaceChildren(this.holder);
    this.#listen();
  }

  async start(shown) {
    this.shown = shown;
    this.place = layout(this.el.clientWidth, shown.axes);
    const { queries, keys } = shown.axes;
    this.chart = await atlas.chart(this.canvas, "heatmap", {
      patch,
      ...this.#size(),
      params: { queries: queries.length, keys: keys.length },
      data: { pictures: [], cells: [], frame: [], labels: [], chosen: [] },
    });
    this.el.classList.remove("wait");
    this.draw(this.shown, null);
    atlas.onTheme(() => this.draw(this.shown, null));
    this.#observe();
  }

  /* Draw `shown` = {axes, values, masked, ink, row, column}; only what differs from `before`. */
  draw(shown, before) {
    this.shown = shown;
    const reshaped = !before || before.axes !== shown.axes;
    if (reshaped) this.place = layout(this.el.clientWidth, shown.axes);
    const given = reshaped ? this.#shape() : { data: {} };
    const moved = reshaped || before.row !== shown.row || before.column !== shown.column;
    if (moved) {
      given.data.labels = labels(shown.axes, this.place, shown);
      given.data.chosen = chosen(this.place, shown);
    }
    if (reshaped || before.values !== shown.values || before.ink !== shown.ink)
      this.#weights(given.data, reshaped);
    given.params = { ...given.params, ramp: rampOf(shown.ink) };
    this.chart.set(given);
    this.point(null);
  }

  #weights(data, reshaped) {
    const { shown, place } = this;
    if (reshaped || this.hatched !== shown.masked) {
      this.hatching = shown.masked ? [{ image: hatch(shown, place) }] : [];
      this.hatched = shown.masked;
    }
    const marks = Math.max(shown.axes.queries.length, shown.axes.keys.length) <= LIMIT;
    if (marks || reshaped) data.cells = marks ? cells(shown) : [];
    if (!marks || reshaped || shown.masked) {
      data.pictures = marks ? this.hatching : [...this.hatching, { image: picture(shown, place) }];
    }
  }

  #size() {
    const { left, top, right, bottom, width, height } = this.place;
    return { width, height, padding: { left, top, right, bottom } };
  }

  #shape() {
    const { queries, keys } = this.shown.axes;
    const { left, top, right, bottom, width, height } = this.place;
    this.inner.style.cssText = `position:relative;width:${width + left + right}px;height:${height + top + bottom}px`;
    this.inner.dataset.grid = [left, top, this.place.cell].join(" "); // where the cells lie, in pixels
    return {
      ...this.#size(),
      params: { queries: queries.length, keys: keys.length },
      data: { frame: frame(this.shown.axes, this.place) },
    };
  }

  /* Put the tip at a cell, or back at the chosen one. */
  point(at) {
    const { row, column } = at ?? this.shown;
    const { left, top, cell } = this.place;
    this.tip.hidden = row < 0 || column < 0;
    this.ring.hidden = !at;
    if (this.tip.hidden) return;
    this.tip.replaceChildren(...this.words(row, column));
    const { width, right } = this.place; // held at the side with more room, so that it need not be measured
    const x = left + column * cell;
    const side =
      column * cell < width / 2
        ? `left:${x - 2}px`
        : `right:${width + left + right - x - Math.max(cell, 2) - 2}px`;
    this.tip.style.cssText = `${side};top:${Math.max(0, top + row * cell - TIP)}px`;
    if (at) {
      const length = Math.max(cell, 4);
      this.ring.style.cssText = `left:${left + column * cell}px;top:${top + row * cell}px;width:${length}px;height:${length}px`;
    }
  }

  #cellAt({ clientX, clientY }) {
    const { left, top } = this.inner.getBoundingClientRect();
    const column = Math.floor((clientX - left - this.place.left) / this.place.cell);
    const row = Math.floor((clientY - top - this.place.top) / this.place.cell);
    const { queries, keys } = this.shown.axes;
    return row >= 0 && column >= 0 && row < queries.length && column < keys.length ? { row, column } : null;
  }

  #listen() {
    this.inner.addEventListener("pointermove", (event) => {
      if (event.pointerType !== "touch" && this.chart) this.point(this.#cellAt(event));
    });
    this.inner.addEventListener("pointerleave", () => this.chart && this.point(null));
    this.inner.addEventListener("click", (event) => {
      const at = this.chart && this.#cellAt(event);
      if (at) this.onPick(at);
    });
    this.el.addEventListener("keydown", (event) => {
      const step = STEPS_OF[event.key];
      if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      const { row, column, axes } = this.shown;
      const to = step({ row: Math.max(0, row), column: Math.max(0, column) }, axes);
      if (axes.queries[to.row] && axes.keys[to.column]) this.onPick(to);
    });
  }

  #observe() {
    let width = this.el.clientWidth;
    new ResizeObserver(() => {
      if (this.el.clientWidth === width || !this.el.clientWidth) return;
      width = this.el.clientWidth;
      this.draw(this.shown, null);
    }).observe(this.el);
  }
}

atlas.Heatmap = Heatmap;
/* The map with all its rows, to stand on its own outside the page. */
atlas.heatmapSpec = (shown, place) => {
  const { axes } = shown;
  const { width, height, left, top, right, bottom } = place;
  const rows = cells(shown).map((row) => ({
    ...row,
    query_token: axes.queries[row.query].label,
    key_token: axes.keys[row.key].label,
  }));
  return atlas.standalone("heatmap", {
    width,
    height,
    padding: { left, top, right, bottom },
    params: { queries: axes.queries.length, keys: axes.keys.length, ramp: rampOf(shown.ink) },
    data: {
      pictures: [],
      cells: rows,
      frame: frame(axes, place),
      labels: labels(axes, place, shown),
      chosen: chosen(place, shown),
    },
  });
};
