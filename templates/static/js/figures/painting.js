/* The first frame of charts that are nothing but marks at given pixels: the page paints it itself, long before
   Vega would have drawn them. As soon as there is time the Vega-Lite chart of the same data takes its place. */

const MIDDLE = 0.3; // of the size of letters: how far their foot lies below the middle of a line
const BAR = 0.55; // of the height of a row

const pictures = (context, rows, { width, height }) => {
  context.imageSmoothingEnabled = false;
  for (const { image } of rows) context.drawImage(image, 0, 0, width, height);
};

/* {x, y, width, height, fill, stroke, line}, coloured by the theme's names. */
const boxes = (context, rows) => {
  const { colours } = atlas.theme();
  for (const { x, y, width, height, fill, stroke, line } of rows) {
    context.fillStyle = colours[fill];
    context.strokeStyle = colours[stroke];
    context.lineWidth = line;
    if (fill) context.fillRect(x, y, width, height);
    if (stroke && line) context.strokeRect(x, y, width, height);
  }
};

/* {row, start, end, tone, filled} with start and end as shares of the width. */
const bars = (context, rows, { width, height, params: { count } }) => {
  const { colours, ground } = atlas.theme();
  const step = height / count;
  context.lineWidth = 1;
  for (const { row, start, end, tone, filled } of rows) {
    const box = [start * width, (row + 0.5 - BAR / 2) * step, (end - start) * width, BAR * step];
    context.fillStyle = filled ? colours[tone] : ground;
    context.strokeStyle = colours[tone];
    context.fillRect(...box);
    context.strokeRect(...box);
  }
};

/* {query, path, width, opacity, ink}: those of the query `lit` stand out. */
const links = (context, rows, { params: { lit } }) => {
  const { accent, seq } = atlas.theme();
  context.lineCap = "round";
  for (const { query, path, width, opacity, ink } of rows) {
    const bright = query === lit;
    context.strokeStyle = bright ? accent : seq[8];
    context.globalAlpha = bright ? 0.35 + 0.65 * ink : opacity;
    context.lineWidth = width;
    context.stroke(new Path2D(path));
  }
  context.globalAlpha = 1;
};

const fitted = new WeakMap(); // a label -> as much of its text as there is room for

const fit = (context, { text, limit }) => {
  const width = (part) => context.measureText(part).width;
  if (width(text) < limit) return text;
  const room = limit - width("…");
  let [low, high] = [0, text.length];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (width(text.slice(0, middle)) < room) low = middle;
    else high = middle - 1;
  }
  return `${text.slice(0, low)}…`;
};

/* {x, y, text, angle, align, size, limit, hot, dim, mono}. */
const labels = (context, rows) => {
  const { fonts, ink, muted, accent } = atlas.theme();
  for (const row of rows) {
    const { x, y, angle, align, size, hot, dim, mono } = row;
    context.font = `${hot ? 600 : 400} ${size}px ${mono ? fonts.data : fonts.sans}`;
    context.fillStyle = hot ? accent : dim ? muted : ink;
    context.textAlign = align;
    if (!fitted.has(row)) fitted.set(row, fit(context, row));
    const foot = Math.round(MIDDLE * size);
    if (!angle) {
      context.fillText(fitted.get(row), x, y + foot);
      continue;
    }
    context.save();
    context.translate(x, y);
    context.rotate((angle * Math.PI) / 180);
    context.fillText(fitted.get(row), 0, foot);
    context.restore();
  }
};

/* What a chart has, from the ground up: [data, how it is painted]. */
const LAYERS = {
  heatmap: [["pictures", pictures], ["frame", boxes], ["labels", labels], ["chosen", boxes]],
  lines: [["links", links], ["labels", labels], ["values", labels]],
  bars: [["washes", boxes], ["rows", bars], ["labels", labels]],
  curve: atlas.CURVE,
}; // biome-ignore format: a line a chart

const NONE = { left: 0, top: 0, right: 0, bottom: 0 };

/* Paint some layers on a canvas; returns its context. */
const paint = (canvas, layers, given) => {
  const { width, height, padding, data } = given;
  const { left, top, right, bottom } = padding || NONE;
  const scale = window.devicePixelRatio || 1;
  canvas.width = (width + left + right) * scale; // which also wipes it
  canvas.height = (height + top + bottom) * scale;
  const context = canvas.getContext("2d");
  context.setTransform(scale, 0, 0, scale, scale * left, scale * top);
  for (const [rows, act] of layers) if (data[rows]?.length) act(context, data[rows], given);
  context.setTransform(1, 0, 0, 1, 0, 0);
  return context;
};

/* What lies over the first layer is kept while it stays as it is. It is painted out of the page, where a
   font does not make the browser work out the styles of everything. */
class Painting {
  constructor(canvas, name) {
    [this.first, ...this.rest] = LAYERS[name];
    Object.assign(this, { canvas, over: atlas.make("canvas"), kept: [] });
  }

  paint(given) {
    const { width, height, padding, params, data } = given;
    const { left, top, right, bottom } = padding || NONE;
    const size = [width + left + right, height + top + bottom, window.devicePixelRatio];
    const sizes = [...size, left, top, params.count, atlas.theme()];
    const now = [...sizes, ...this.rest.map(([rows]) => data[rows])];
    if (now.some((one, at) => one !== this.kept[at])) {
      paint(this.over, this.rest, given);
      this.kept = now;
      this.canvas.style.cssText = `width:${size[0]}px;height:${size[1]}px`;
    }
    const context = paint(this.canvas, [this.first], given);
    if (this.over.width && this.over.height) context.drawImage(this.over, 0, 0);
  }
}

/* Paint the chart of that name in `el`. Returns {now, set}: `now` is what is shown, `set` takes new params, data,
   width, height or padding, and paints before it returns. */
const paintedIn = (el, name, given) => {
  const canvas = atlas.make("canvas", { "aria-label": labelOf(el) });
  const now = { ...given, params: { ...given.params }, data: { ...given.data } };
  el.replaceChildren(canvas);
  const painting = new Painting(canvas, name);
  painting.paint(now);
  const set = ({ params, data, ...sizes }, paint = true) => {
    Object.assign(now.params, params);
    Object.assign(now.data, data);
    Object.assign(now, sizes);
    if (paint) painting.paint(now);
  };
  return { now, set };
};

const labelOf = (el) => el.closest("[aria-label]")?.getAttribute("aria-label");

/* A figure that is painted first, and drawn by Vega from then on. */
atlas.PaintedFigure = class extends atlas.Figure {
  /* There at once, since Firefox takes a page for paper before anything that waits. */
  start() {
    this.takes(this.chartIn(this.holder, this.inputs()));
  }

  chartIn(el, given) {
    this.painted = paintedIn(el, this.name, given);
    const { now } = this.painted;
    const svg = () => {
      const { pictures, ...data } = now.data; // which a drawing has as shapes
      return atlas.chartAsSvg(this.name, { ...now, data });
    };
    atlas.drawings.set(el, { svg, rows: (name) => now.data[name] });
    atlas.inIdleTime([() => this.#takeOver(el).catch(console.error)], atlas.FIRST);
    return { set: (changes) => this.#set(changes) };
  }

  /* What Vega draws of the data that are painted. */
  forVega(data) {
    return data;
  }

  #set(changes) {
    this.painted.set(changes, !this.live);
    this.live?.set({ ...changes, data: this.forVega(changes.data ?? {}) });
  }

  /* Pictures are canvases, which a chart takes only once it is there. */
  async #takeOver(el) {
    const { now } = this.painted;
    const holder = atlas.make("div");
    const none = Object.fromEntries(Object.keys(now.data).map((name) => [name, []]));
    const live = await atlas.chart(holder, this.name, { ...now, data: none, patch: this.patch });
    live.set({ ...now, data: this.forVega(now.data) });
    holder.querySelector("canvas").setAttribute("aria-label", labelOf(el) ?? "");
    el.replaceChildren(holder);
    this.live = live;
  }
};
