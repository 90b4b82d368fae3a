/* A chart in an element of the page, drawn from what `inputs()` returns, and again when the room or the
   theme changes. */

atlas.Figure = class {
  /* `name` is that of a chart of this page. */
  constructor(el, name) {
    Object.assign(this, { el, name, chart: null });
    this.holder = atlas.make("div", { class: "chart" });
    el.replaceChildren(this.holder);
  }

  async draw() {
    const given = this.inputs();
    this.reserve(given);
    if (this.chart) return this.chart.set(given);
    this.starting ??= this.start();
    await this.starting;
    return undefined;
  }

  async start() {
    this.takes(await this.chartIn(this.holder, this.inputs()));
  }

  takes(chart) {
    this.chart = chart;
    atlas.onTheme(() => this.draw());
    atlas.onWidth(this.el, () => this.fit());
    if (this.width && this.el.clientWidth && this.width !== this.el.clientWidth) this.fit(); // while Vega came
  }

  fit() {
    this.width = this.el.clientWidth;
    this.draw();
  }

  /* How its chart is drawn. */
  chartIn(el, given) {
    return atlas.chart(el, this.name, given);
  }

  /* Keep the room that the chart takes, before it is there, so that nothing below it moves. */
  reserve({ height, padding = 5 } = this.inputs()) {
    const around = padding.top == null ? 2 * padding : padding.top + padding.bottom;
    this.el.style.minHeight = `${Math.ceil(height + around)}px`;
  }

  /* The width to draw in, read once: reading it makes the browser lay out the page. */
  get room() {
    this.width ||= this.el.clientWidth;
    return this.width;
  }

  /* The chart with all its rows, to stand on its own outside the page. */
  spec() {
    return atlas.standalone(this.name, this.inputs());
  }

  /* Offer to save the picture and the chart, beside what `figure` has: file, columns, rows and table. */
  saves(figure) {
    const known = async () => (typeof figure === "function" ? figure() : figure);
    atlas.saves(this.el, async () => ({ spec: () => this.spec(), ...(await known()) }));
  }
};
