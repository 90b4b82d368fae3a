/* One metric from the first layer to the last: heads as dots, their mean as a line, the null in grey. */
const HEIGHT = 150,
  PADDING = { left: 34, top: 10, right: 10, bottom: 34 };
const ENDS = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10];

/* The least round number that is not below any of the values. */
atlas.roundUp = (values) => {
  const most = Math.max(1e-6, ...values.filter((value) => value != null));
  const scale = 10 ** Math.floor(Math.log10(most));
  return +(ENDS.find((end) => end * scale >= most * 0.9999) * scale).toPrecision(6);
};

atlas.Profile = class {
  constructor(el) {
    this.el = el;
    this.holder = atlas.make("div", { class: "chart" });
    el.replaceChildren(this.holder);
  }

  /* `metric` {values [layer][head]}, `series` {y, low, high, null} by layer; `top` may be fixed. */
  inputs() {
    const { metric, series, top } = this;
    const heads = metric.values.flatMap((row, layer) =>
      row.map((value, head) => ({ layer, head, value })).filter(({ value }) => value != null),
    );
    const layers = series.y
      .map((mean, layer) => ({
        layer,
        mean,
        low: series.low[layer] ?? mean,
        high: series.high[layer] ?? mean,
        null: series.null[layer],
      }))
      .filter(({ mean }) => mean != null);
    const width = Math.max(120, this.el.clientWidth - PADDING.left - PADDING.right);
    return {
      width,
      height: HEIGHT,
      padding: PADDING,
      data: { heads, layers },
      params: {
        top: top ?? atlas.roundUp([...heads.map(({ value }) => value), ...series.null, ...series.high]),
        last: Math.max(1, series.y.length - 1),
      },
    };
  }

  async show(metric, series, top) {
    Object.assign(this, { metric, series, top });
    if (this.chart) return this.chart.set(this.inputs());
    this.chart = await atlas.chart(this.holder, "profile", this.inputs());
    let width = this.el.clientWidth;
    new ResizeObserver(() => {
      if (this.el.clientWidth === width || !this.el.clientWidth) return;
      width = this.el.clientWidth;
      this.chart.set(this.inputs());
    }).observe(this.el);
    return undefined;
  }
};
