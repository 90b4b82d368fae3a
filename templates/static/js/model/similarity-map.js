/* Heads that are alike: a map of them, dots in the colours of their roles, with a scale in nats. */
const { make } = atlas;
const MARGIN = 26,
  REACH = 16,
  NAMED = 9.5,
  BAR = 0.1;
const STEPS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
const AT = { X: 0, Y: 1, GROUP: 2, ORDER: 3, NEAREST: 4, DISTANCE: 5, SHUFFLED: 6 };
atlas.alikeAt = AT;

const overlap = (a, b) => a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];

/* Names beside their dots, wherever they hide neither a dot nor another name. */
const named = (heads, radius, size) => {
  const taken = heads.map(({ x, y }) => [x - radius, y - radius, x + radius, y + radius]);
  const found = [];
  heads.forEach(({ x, y, head: text }, own) => {
    const wide = text.length * size * 0.62,
      high = size / 2 + 1;
    const places = [
      [x + radius + 2, "left", y],
      [x - radius - 2, "right", y],
      [x, "center", y - radius - size / 2 - 1],
      [x, "center", y + radius + size / 2 + 1],
    ];
    for (const [at, align, level] of places) {
      const left = align === "left" ? at : align === "right" ? at - wide : at - wide / 2;
      const box = [left, level - high, left + wide, level + high];
      if (taken.some((other, i) => i !== own && overlap(box, other))) continue;
      taken.push(box);
      found.push({
        x: at,
        y: level,
        text,
        align,
        angle: 0,
        size,
        limit: 80,
        hot: false,
        dim: true,
        mono: true,
      });
      break;
    }
  });
  return found;
};

atlas.Alike = class {
  /* `given` has model, tint() for the colours of roles, onPick and onOpen(layer, head). */
  constructor(el, given) {
    Object.assign(this, { el, ...given });
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

  /* Where every head stands, in pixels: the same scale across and down. */
  layout() {
    const { points } = this.known;
    const [xs, ys] = [points.map((p) => p[AT.X]), points.map((p) => p[AT.Y])];
    const [left, right, low, high] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
    const width = Math.max(160, this.el.clientWidth);
    const scale = (width - 2 * MARGIN - 24) / Math.max(1e-6, right - left, high - low);
    const height = Math.max(120, Math.round((high - low) * scale) + 2 * MARGIN + 16);
    const place = (p) => [
      MARGIN + (p[AT.X] - left) * scale + (width - 2 * MARGIN - 24 - (right - left) * scale) / 2,
      MARGIN + (high - p[AT.Y]) * scale,
    ];
    return { width, height, scale, places: points.map(place) };
  }

  inputs() {
    const { model, known } = this;
    const { heads: across } = model.kind;
    const { width, height, scale, places } = this.layout();
    const radius = places.length > 300 ? 3 : places.length > 100 ? 4 : 5;
    const heads = places.map(([x, y], at) => ({
      x,
      y,
      role: model.role(Math.floor(at / across), at % across).name,
      head: this.label(at),
    }));
    const joined = known.points.flatMap((p, i) =>
      known.points.flatMap((q, j) =>
        j > i && p[AT.GROUP] === q[AT.GROUP]
          ? [{ x: places[i][0], y: places[i][1], x2: places[j][0], y2: places[j][1] }]
          : [],
      ),
    );
    const bar = { x: 6, y: height - 8, width: BAR * scale, height: 2, fill: "ink2", stroke: "ink2", line: 0 };
    const words = {
      x: 12 + BAR * scale,
      y: height - 7,
      text: `${BAR} nats`,
      align: "left",
      angle: 0,
      size: 10.5,
      limit: 90,
      mono: true,
    };
    const box = ([x, y]) => ({
      x: x - radius - 3,
      y: y - radius - 3,
      width: 2 * radius + 6,
      height: 2 * radius + 6,
      fill: "none",
      stroke: "accent",
      line: 2,
    });
    const data = {
      heads,
      joined,
      names: [...named(heads, radius, NAMED), words],
      scale: [bar],
      chosen: this.at == null ? [] : [box(places[this.at])],
    };
    return { width, height, data, params: { roles: this.tint(), dot: 3.14 * radius * radius } };
  }

  async show(at) {
    this.at = at ? at[0] * this.model.kind.heads + at[1] : null;
    this.el.closest(".plate").hidden = !this.known;
    if (!this.known) return;
    if (this.chart) return void this.chart.set(this.inputs());
    this.chart = await atlas.chart(this.holder, "alike", this.inputs());
    atlas.onTheme(() => this.chart.set(this.inputs()));
    let width = this.el.clientWidth;
    new ResizeObserver(() => {
      if (this.el.clientWidth === width || !this.el.clientWidth) return;
      width = this.el.clientWidth;
      this.chart.set(this.inputs());
    }).observe(this.el);
  }

  /* "L0H6 previous, in a group of 2; nearest L1H6 at 0.042 nats, 0.31 by chance" */
  words(at) {
    const { points } = this.known;
    const { heads } = this.model.kind;
    const found = points[at];
    const size = points.filter((p) => p[AT.GROUP] === found[AT.GROUP]).length;
    const role = this.model.role(Math.floor(at / heads), at % heads).name;
    return (
      `${this.label(at)}${role === "none" ? "" : ` ${role}`}${size > 1 ? `, in a group of ${size}` : ""}; nearest ` +
      `${this.label(found[AT.NEAREST])} at ${atlas.decimal(found[AT.DISTANCE], 3)} nats, by chance ${atlas.decimal(found[AT.SHUFFLED], 3)}`
    );
  }

  place(event) {
    const box = this.holder.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    const { places } = this.layout();
    const away = places.map(([a, b]) => Math.hypot(a - x, b - y));
    const nearest = away.indexOf(Math.min(...away));
    return away[nearest] <= REACH ? nearest : null;
  }

  hint(at) {
    this.tip.hidden = at == null;
    if (at == null) return;
    this.tip.textContent = this.words(at);
    const [x, y] = this.layout().places[at];
    this.tip.style.cssText = `left:${Math.max(0, Math.min(x, this.el.clientWidth - this.tip.offsetWidth - 2))}px;top:${y - 40}px`;
  }

  listen() {
    const { el } = this;
    const split = (at) => [Math.floor(at / this.model.kind.heads), at % this.model.kind.heads];
    el.addEventListener("pointermove", (event) => this.chart && this.hint(this.place(event)));
    el.addEventListener("pointerleave", () => this.hint(null));
    el.addEventListener("blur", () => this.hint(null));
    el.addEventListener("click", (event) => {
      const at = this.place(event);
      if (at != null) this.onOpen(...split(at));
    });
    el.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && this.at != null) return this.onOpen(...split(this.at));
      const step = STEPS[event.key];
      if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      const { layers, heads } = this.model.kind;
      const [layer, head] = this.at == null ? [0, 0] : split(this.at).map((place, i) => place + step[i]);
      if (layer < 0 || layer >= layers || head < 0 || head >= heads) return;
      this.onPick(layer, head);
      this.hint(layer * heads + head);
    });
  }
};
