/* Lines between tokens: a Vega-Lite chart in which every weight worth a line is one mark. */
(() => {
  "use strict";
  const { atlas } = window;
  const LIMIT = 128, LEAST = 0.03, NAMED = 0.04, TOP = 30, VALUE = 36;

  const layout = (room, { queries, keys }) => {
    const count = Math.max(queries.length, keys.length);
    const row = Math.max(11, Math.min(22, 1600 / count));
    const size = row < 14 ? 10 : 12.5;
    const most = room < 480 ? 84 : 140;
    const side = (axis) => Math.ceil(Math.min(most, Math.max(room < 480 ? 44 : 66, ...atlas.labelWidths(axis, size))) + 12);
    return { row, size, left: side(queries), right: side(keys) + VALUE, width: room,
      height: TOP + count * row + 4, y: (at) => TOP + (at + 0.5) * row };
  };

  const curve = ({ left, right, width, y }, query, key) => {
    const [x0, x1] = [left, width - right];
    const [near, far] = [0.4, 0.6].map((share) => (x0 + (x1 - x0) * share).toFixed(1));
    return `M${x0} ${y(query)}C${near} ${y(query)} ${far} ${y(key)} ${x1} ${y(key)}`;
  };

  const links = ({ values, axes, ink }, place) => {
    const columns = axes.keys.length;
    const rows = [];
    values.forEach((weight, i) => {
      if (weight <= LEAST * ink.max) return;
      const share = Math.min(1, weight / ink.max);
      const [query, key] = [(i / columns) | 0, i % columns];
      rows.push({ query, key, weight, ink: Math.sqrt(share), path: curve(place, query, key),
        width: 0.6 + 5 * share, opacity: 0.06 + 0.62 * share });
    });
    return rows.sort((a, b) => a.weight - b.weight);
  };

  const short = (value) => (value > 0.995 ? "1" : value.toFixed(2).slice(1));

  const labels = ({ values, axes, ink, row }, { left: near, right: far, width, size, y }, lit) => {
    const columns = axes.keys.length;
    const look = { angle: 0, size, limit: near - 10 };
    const weight = (key) => (lit < 0 ? 1 : values[lit * columns + key] / ink.max);
    const left = axes.queries.map(({ label, special }, at) =>
      ({ ...look, text: label, x: near - 8, y: y(at), align: "right", hot: at === lit || (lit < 0 && at === row), dim: special }));
    const right = axes.keys.map(({ label }, at) =>
      ({ ...look, text: label, x: width - far + 8, y: y(at), align: "left", dim: weight(at) < NAMED, limit: far - VALUE - 8 }));
    const head = { angle: 0, size: 11, limit: 200, dim: true, y: 10 };
    return [...left, ...right, { ...head, text: width < 480 ? "query" : "query: looks", x: near - 8, align: "right" },
      { ...head, text: width < 480 ? "key" : "key: is looked at", x: width - far + 8, align: "left", limit: far }];
  };

  const numbers = ({ values, axes, ink }, { width, y }, lit) =>
    lit < 0 ? [] : axes.keys.flatMap((_, at) => {
      const weight = values[lit * axes.keys.length + at];
      if (weight < NAMED * ink.max) return [];
      return [{ text: short(weight), x: width, y: y(at), align: "right", angle: 0, size: 11, limit: 60, mono: true }];
    });

  class Lines {
    constructor(el, { onPick }) {
      Object.assign(this, { el, onPick, chart: null, lit: -1 });
      this.holder = atlas.make("div");
      this.note = atlas.make("div", { class: "state", hidden: true });
      el.replaceChildren(this.holder, this.note);
      this.#listen();
    }

    async #start() {
      this.chart = await atlas.chart(this.holder, "lines", { ...this.#size(), params: { lit: -1 },
        data: { links: [], labels: [], values: [] } });
      new ResizeObserver(() => {
        if (this.el.clientWidth === this.width || !this.el.clientWidth) return;
        this.width = this.el.clientWidth;
        this.draw(this.shown);
      }).observe(this.el);
    }

    /* Draw `shown` = {axes, values, ink, row}. */
    async draw(shown) {
      this.shown = shown;
      const count = Math.max(shown.axes.queries.length, shown.axes.keys.length);
      const long = count > LIMIT;
      this.holder.hidden = long;
      this.note.hidden = !long;
      if (long) return this.#tooLong(count);
      this.width ??= this.el.clientWidth; // read once: reading it makes the browser lay out the page
      this.place = layout(this.width, shown.axes);
      this.starting ??= this.#start();
      if (!this.chart) await this.starting;
      if (this.shown !== shown) return;
      this.light(shown.row, { links: links(shown, this.place) });
    }

    /* Let the lines of one query token stand out. */
    light(lit, data = {}) {
      this.lit = lit;
      this.chart.set({ ...this.#size(), params: { lit }, data: { ...data,
        labels: labels(this.shown, this.place, lit), values: numbers(this.shown, this.place, lit) } });
    }

    #size() {
      return { width: this.place.width, height: this.place.height, padding: 0 };
    }

    #tooLong(count) {
      this.note.replaceChildren(
        atlas.make("p", {}, `Lines are drawn up to ${LIMIT} tokens; this plate has ${count}.`),
        atlas.make("p", { class: "note" }, atlas.make("a", { href: "#heat" }, "The heatmap"), " shows every pair."));
    }

    #rowAt({ clientX, clientY }) {
      const { left, top } = this.holder.getBoundingClientRect();
      const at = Math.floor((clientY - top - TOP) / this.place.row);
      const within = clientX - left < this.place.left + 16 && this.shown.axes.queries[at];
      return within ? at : null;
    }

    #listen() {
      let frame = 0;
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
  }

  /* The lines that are drawn, strongest first, and the chart with all of them. */
  atlas.linesShown = (lines) => (lines.place ? links(lines.shown, lines.place).reverse() : []);
  atlas.linesSpec = ({ shown, place, lit }) =>
    atlas.standalone("lines", { width: place.width, height: place.height, padding: 5, params: { lit },
      data: { links: links(shown, place), labels: labels(shown, place, lit), values: numbers(shown, place, lit) } });
  atlas.Lines = Lines;
})();
