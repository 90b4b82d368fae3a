/* One metric from the first layer to the last: heads as dots, their mean as a line, chance in grey. */

const HEIGHT = 150;
const PADDING = { left: 34, top: 10, right: 10, bottom: 34 };

atlas.LayerProfile = class extends atlas.Figure {
  constructor(el) {
    super(el, "profile");
  }

  get layers() {
    const { y, low, high, null: chance } = this.series;
    const all = y.map((mean, layer) => {
      const interval = { low: low[layer] ?? mean, high: high[layer] ?? mean };
      return { layer, mean, ...interval, null: chance[layer] };
    });
    return all.filter(({ mean }) => mean != null);
  }

  inputs() {
    const { metric, series, top } = this;
    const all = metric.values.flatMap((row, layer) => row.map((value, head) => ({ layer, head, value })));
    const heads = all.filter(({ value }) => value != null);
    const most = () => atlas.roundUp([...heads.map(({ value }) => value), ...series.null, ...series.high]);
    const width = Math.max(120, this.room - PADDING.left - PADDING.right);
    const params = { top: top ?? most(), last: Math.max(1, series.y.length - 1) };
    return { width, height: HEIGHT, padding: PADDING, data: { heads, layers: this.layers }, params };
  }

  /* `metric` {values [layer][head]}, `series` {y, low, high, null} by layer; `top` may be fixed. */
  async show(metric, series, top) {
    Object.assign(this, { metric, series, top });
    await this.draw();
  }
};
