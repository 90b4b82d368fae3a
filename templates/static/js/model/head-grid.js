/* A map of heads: a Vega-Lite grid, layers down and heads across, that answers to pointer and keys. */
const LEFT = 32,
  TOP = 26,
  EDGE = 10,
  LARGEST = 64,
  PRINT = 30;
const STEPS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

const numbers = (count, name) => Array.from({ length: count }, (_, i) => ({ [name]: i }));

/* `given` has spec, cells(printed) and params() for the chart, and what to do:
   onPick(layer, head), onOpen(layer, head), words(layer, head) for the tip. */
atlas.HeadGrid = class {
  constructor(el, given) {
    Object.assign(this, { el, given, layers: 0, heads: 0 });
    this.holder = atlas.make("div", { class: "chart" });
    this.tip = atlas.make("div", { class: "tip", hidden: true });
    el.replaceChildren(this.holder, this.tip);
    this.listen();
  }

  layout() {
    const cell = Math.max(5, Math.min(LARGEST, Math.floor((this.el.clientWidth - LEFT - EDGE) / this.heads)));
    return {
      cell,
      width: cell * this.heads,
      height: cell * this.layers,
      padding: { left: LEFT, top: TOP, right: EDGE, bottom: EDGE },
    };
  }

  /* What the chart is drawn from now; also what stands in a file of its own. */
  inputs() {
    const { cell, width, height, padding } = this.layout();
    const { fonts } = atlas.theme();
    const cells = this.given.cells(cell >= PRINT);
    const data = {
      cells,
      heads: numbers(this.heads, "head"),
      layers: numbers(this.layers, "layer"),
      chosen: this.at ? [{ layer: this.at[0], head: this.at[1] }] : [],
    };
    if (this.given.rings) data.rings = this.given.rings(cells, cell);
    const [layer, head] = this.at ?? [-1, -1];
    const params = {
      layer,
      head,
      size: this.given.size(cell),
      mono: fonts.data,
      ringX: cell / 2 - 6,
      ringY: 6 - cell / 2,
      ...this.given.params(),
    };
    return { width, height, padding, data, params };
  }

  /* Draw a model of this extent with a head chosen, [layer, head] or null. */
  async show(layers, heads, at) {
    Object.assign(this, { layers, heads, at });
    if (this.chart) this.chart.set(this.inputs());
    else {
      this.chart = await atlas.chart(this.holder, this.given.spec, this.inputs());
      atlas.onTheme(() => this.chart.set(this.inputs()));
      this.watch();
    }
  }

  watch() {
    let width = this.el.clientWidth;
    new ResizeObserver(() => {
      if (this.el.clientWidth === width || !this.el.clientWidth) return;
      width = this.el.clientWidth;
      this.chart.set(this.inputs());
    }).observe(this.el);
  }

  place({ clientX, clientY }) {
    const box = this.holder.getBoundingClientRect();
    const { cell } = this.layout();
    const layer = Math.floor((clientY - box.top - TOP) / cell);
    const head = Math.floor((clientX - box.left - LEFT) / cell);
    const within = layer >= 0 && layer < this.layers && head >= 0 && head < this.heads;
    return within ? [layer, head] : null;
  }

  hint(place) {
    this.tip.hidden = !place;
    if (!place) return;
    const { cell } = this.layout();
    this.tip.textContent = this.given.words(...place);
    const x = Math.min(LEFT + place[1] * cell, this.el.clientWidth - this.tip.offsetWidth - 2);
    this.tip.style.cssText = `left:${Math.max(0, x)}px;top:${TOP + place[0] * cell - 32}px`;
  }

  listen() {
    const { el } = this;
    el.addEventListener("pointermove", (event) => this.hint(this.place(event)));
    el.addEventListener("pointerleave", () => this.hint(null));
    el.addEventListener("click", (event) => {
      const place = this.place(event);
      if (place) this.given.onOpen(...place);
    });
    el.addEventListener("keydown", (event) => this.key(event));
    el.addEventListener("blur", () => this.hint(null));
  }

  key(event) {
    if (event.key === "Enter" && this.at) return this.given.onOpen(...this.at);
    const step = STEPS[event.key];
    if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const [layer, head] = this.at ? [this.at[0] + step[0], this.at[1] + step[1]] : [0, 0];
    if (layer < 0 || layer >= this.layers || head < 0 || head >= this.heads) return;
    this.given.onPick(layer, head);
    this.hint([layer, head]);
  }
};
