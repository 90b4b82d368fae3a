/* A bar for each token, in one column or several side by side. */

const { make } = atlas;
const ROW = 18,
  TOP = 22,
  ROOM = 0.76,
  NUMBER = 40,
  PRINTED = 0.25;

/* Where names end and each column of bars begins and ends, in shares of the width. */
const places = (room, columns) => {
  const name = Math.min(room < 480 ? 84 : 110, room * 0.28);
  const width = (room - name) / columns;
  return { name, start: (side) => (name + side * width) / room, width: (width - 10) / room };
};

/* `given` {tokens, sides: [{says, values, lengths?, tone, most, format?}], washed: Set of rows}. */
const barsOf = ({ tokens, sides, washed }, room) => {
  const place = places(room, sides.length);
  const look = { angle: 0, size: 11.5, limit: 200 };
  const y = (row) => TOP + (row + 0.5) * ROW;
  const rows = [],
    labels = [];
  tokens.forEach((text, row) =>
    labels.push({
      ...look,
      text: atlas.label(text),
      x: place.name - 10,
      y: y(row),
      align: "right",
      hot: washed.has(row),
      limit: place.name - 14,
    }),
  );
  sides.forEach(({ says, values, lengths = values, tone, most, format }, side) => {
    const start = place.start(side);
    labels.push({
      ...look,
      size: 11,
      text: says,
      x: start * room,
      y: 10,
      align: "left",
      dim: true,
      limit: (place.width + 0.01) * room,
    });
    values.forEach((value, row) => {
      const share = Math.abs(lengths[row]) / most;
      const end =
        start + share * place.width * Math.min(ROOM, Math.max(0.3, 1 - NUMBER / (place.width * room)));
      rows.push({ row, side: says, token: tokens[row], value, start, end, tone, filled: lengths[row] >= 0 });
      if (share >= PRINTED) {
        labels.push({
          ...look,
          size: 10.5,
          text: format?.(value) ?? `${value < 0 ? "−" : ""}${atlas.weight(Math.abs(value))}`,
          x: end * room + 5,
          y: y(row),
          align: "left",
          dim: true,
          mono: true,
        });
      }
    });
  });
  const washes = [...washed].map((row) => ({
    x: 0,
    y: TOP + row * ROW,
    width: room,
    height: ROW,
    fill: "accentWash",
    stroke: "accentWash",
    line: 0,
  }));
  return { rows, labels, washes };
};

class Bars {
  constructor(el, given) {
    Object.assign(this, { el, given, chart: null });
    this.holder = make("div");
    el.replaceChildren(this.holder);
  }

  inputs() {
    const given = this.given();
    const room = Math.max(240, this.el.clientWidth);
    const count = given.tokens.length;
    const { rows, labels, washes } = barsOf(given, room);
    return {
      width: room,
      height: count * ROW,
      padding: { left: 0, right: 0, top: TOP, bottom: 2 },
      params: { count },
      data: { rows, washes: shift(washes), labels: shift(labels) },
    };
  }

  async draw() {
    if (this.chart) return this.chart.set(this.inputs());
    this.starting ??= atlas.chart(this.holder, "bars", this.inputs());
    this.chart = await this.starting;
    let width = this.el.clientWidth;
    new ResizeObserver(() => {
      if (this.el.clientWidth === width || !this.el.clientWidth) return;
      width = this.el.clientWidth;
      this.chart.set(this.inputs());
    }).observe(this.el);
    return undefined;
  }
}

atlas.Bars = Bars;

/* Boxes and labels are placed from the top of the figure, the chart begins below its heading. */
const shift = (marks) => marks.map((mark) => ({ ...mark, y: mark.y - TOP }));
