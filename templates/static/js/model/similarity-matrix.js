/* The distances between all heads, in the order of their groups: one picture, near is dark. */
const { make } = atlas;
const LEFT = 44,
  TOP = 6,
  EDGE = 6,
  LARGEST = 40,
  NAMES = 9;
const FULL = Math.log(2);

atlas.Pairwise = class {
  constructor(el, { model, onPick, onOpen }) {
    Object.assign(this, { el, model, onPick, onOpen });
    this.holder = make("div", { class: "chart" });
    this.tip = make("div", { class: "tip", hidden: true });
    el.replaceChildren(this.holder, this.tip);
    this.listen();
  }

  get known() {
    return this.model.island.similarity[this.model.kind.kind];
  }

  label(at) {
    const { heads } = this.model.kind;
    return `L${Math.floor(at / heads)}H${at % heads}`;
  }

  async load() {
    const { kind } = this.model.kind;
    if (this.loaded === kind) return;
    const bytes = await atlas.load(this.known.at, `alike.${kind}`);
    const upper = new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 2);
    const count = this.known.points.length;
    const between = new Float32Array(count * count);
    let from = 0;
    for (let i = 0; i < count; i++) {
      for (let j = i + 1; j < count; j++)
        between[i * count + j] = between[j * count + i] = (upper[from++] / 65535) * FULL;
    }
    const order = this.known.points
      .map((point, at) => [point[atlas.alikeAt.ORDER], at])
      .sort(([a], [b]) => a - b)
      .map(([, at]) => at);
    Object.assign(this, {
      loaded: kind,
      count,
      between,
      order,
      places: this.known.points.map((_, at) => order.indexOf(at)),
    });
  }

  layout() {
    const cell = Math.min(LARGEST, (this.el.clientWidth - LEFT - EDGE) / this.count);
    return { cell, side: cell * this.count };
  }

  picture() {
    const { count, between, order } = this;
    const canvas = make("canvas", { width: count, height: count });
    const context = canvas.getContext("2d");
    const image = context.createImageData(count, count);
    const pixels = new Uint32Array(image.data.buffer);
    const { lut } = atlas.theme();
    for (let i = 0; i < count; i++) {
      for (let j = 0; j < count; j++)
        pixels[i * count + j] = lut[Math.round(255 * (1 - between[order[i] * count + order[j]] / FULL))];
    }
    context.putImageData(image, 0, 0);
    return canvas.toDataURL();
  }

  inputs() {
    const { cell, side } = this.layout();
    const groups = [];
    this.order.forEach((at, i) => {
      const group = this.known.points[at][atlas.alikeAt.GROUP];
      if (groups.at(-1)?.group === group) groups.at(-1).size += 1;
      else groups.push({ group, start: i, size: 1 });
    });
    const boxes = groups
      .filter(({ size }) => size > 1)
      .map(({ start, size }) => ({
        x: start * cell,
        y: start * cell,
        width: size * cell,
        height: size * cell,
        fill: "none",
        stroke: "rule",
        line: 1.25,
      }));
    const frame = { x: 0, y: 0, width: side, height: side, fill: "none", stroke: "hairline", line: 1 };
    const row = this.at == null ? -1 : this.places[this.at];
    const step = Math.max(1, Math.ceil(NAMES / cell));
    const names = this.order.flatMap((at, i) =>
      i === row || (i % step === 0 && (row < 0 || Math.abs(i - row) >= step))
        ? [
            {
              x: -6,
              y: (i + 0.5) * cell,
              text: this.label(at),
              align: "right",
              angle: 0,
              size: Math.min(11, Math.max(8.5, cell * 0.7)),
              limit: LEFT - 6,
              hot: i === row,
              dim: i !== row,
              mono: true,
            },
          ]
        : [],
    );
    const chosen =
      row < 0
        ? []
        : [{ x: 0, y: row * cell, width: side, height: cell, fill: "none", stroke: "accent", line: 2 }];
    return {
      width: side,
      height: side,
      padding: { left: LEFT, top: TOP, right: EDGE, bottom: EDGE },
      data: { pictures: [{ url: this.picture() }], groups: [frame, ...boxes], names, chosen },
    };
  }

  async show(at) {
    this.at = at ? at[0] * this.model.kind.heads + at[1] : null;
    this.el.closest(".plate").hidden = !this.known?.at;
    if (!this.known?.at) return;
    await this.load();
    if (this.chart) return void this.chart.set(this.inputs());
    this.chart = await atlas.chart(this.holder, "pairwise", this.inputs());
    atlas.onTheme(() => this.chart.set(this.inputs()));
    let width = this.el.clientWidth;
    new ResizeObserver(() => {
      if (this.el.clientWidth === width || !this.el.clientWidth) return;
      width = this.el.clientWidth;
      this.chart.set(this.inputs());
    }).observe(this.el);
  }

  /* Every two heads once, nearest first: [first, second, nats]. */
  pairs() {
    const { count, between } = this;
    const found = [];
    for (let i = 0; i < count; i++)
      for (let j = i + 1; j < count; j++) found.push([this.label(i), this.label(j), between[i * count + j]]);
    return found.sort((a, b) => a[2] - b[2]);
  }

  place(event) {
    const box = this.holder.getBoundingClientRect();
    const { cell } = this.layout();
    const [row, column] = [
      Math.floor((event.clientY - box.top - TOP) / cell),
      Math.floor((event.clientX - box.left - LEFT) / cell),
    ];
    return row >= 0 && column >= 0 && row < this.count && column < this.count ? [row, column] : null;
  }

  hint(place) {
    this.tip.hidden = !place;
    if (!place) return;
    const [first, second] = place.map((at) => this.order[at]);
    this.tip.textContent =
      first === second
        ? this.label(first)
        : `${this.label(first)} and ${this.label(second)}: ${atlas.decimal(this.between[first * this.count + second], 3)} nats`;
    const { cell } = this.layout();
    const x = Math.min(LEFT + place[1] * cell, this.el.clientWidth - this.tip.offsetWidth - 2);
    this.tip.style.cssText = `left:${Math.max(0, x)}px;top:${TOP + place[0] * cell - 32}px`;
  }

  pick(row) {
    const at = this.order[row];
    const { heads } = this.model.kind;
    this.onPick(Math.floor(at / heads), at % heads);
  }

  listen() {
    const { el } = this;
    el.addEventListener("pointermove", (event) => this.chart && this.hint(this.place(event)));
    el.addEventListener("pointerleave", () => this.hint(null));
    el.addEventListener("click", (event) => {
      const place = this.place(event);
      if (place) this.pick(place[0]);
    });
    el.addEventListener("keydown", (event) => {
      const { heads } = this.model.kind;
      if (event.key === "Enter" && this.at != null)
        return this.onOpen(Math.floor(this.at / heads), this.at % heads);
      const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
      if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      const row = this.at == null ? 0 : this.places[this.at] + step;
      if (row >= 0 && row < this.count) this.pick(row);
    });
  }
};
