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
    if (this.chart) return this.chart.set(this.inputs());
    this.starting ??= this.start();
    await this.starting;
    return undefined;
  }

  async start(options = {}) {
    this.chart = await atlas.chart(this.holder, this.name, { ...this.inputs(), ...options });
    atlas.onTheme(() => this.draw());
    atlas.onWidth(this.el, () => {
      this.width = this.el.clientWidth;
      this.draw();
    });
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
    atlas.saves(this.el, { view: () => this.chart.view, spec: () => this.spec(), ...figure });
  }
};
