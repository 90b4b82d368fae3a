/* A bar for each token, in one column or several side by side. */

const ROW = 18;
const TOP = 22;
const LONGEST = 0.76; // of a column's width
const NUMBER = 40; // pixels for the number after a bar
const PRINTED = 0.25; // of the longest bar: shorter ones have no number

/* Where names end and each column of bars begins and ends, in shares of the width. */
const places = (room, columns) => {
  const name = Math.min(room < 480 ? 84 : 110, room * 0.28);
  const width = (room - name) / columns;
  return { name, start: (side) => (name + side * width) / room, width: (width - 10) / room };
};

const LINE = { fill: "muted", stroke: "muted", line: 1 };

/* How far the bars of a column go to the left of nought and to the right, in shares of the longest. */
const reach = (lengths, most) => {
  const [below, above] = [Math.max(0, -Math.min(...lengths)) / most, Math.max(0, ...lengths) / most];
  return below ? [below, above] : [0, 1];
};

const signed = (value) => `${value < 0 ? "−" : ""}${atlas.weight(Math.abs(value))}`;

const barsOf = ({ tokens, sides, washed, against = new Set() }, room) => {
  const place = places(room, sides.length);
  const look = { angle: 0, size: 11.5, limit: 200, dim: true };
  const y = (row) => (row + 0.5) * ROW;
  const name = { ...look, x: place.name - 10, align: "right", limit: place.name - 14, dim: false };
  const labels = tokens.map((text, row) => ({
    ...name,
    text: atlas.label(text),
    y: y(row),
    hot: washed.has(row),
  }));
  const [rows, zeros] = [[], []];
  const longest = place.width * Math.min(LONGEST, Math.max(0.3, 1 - NUMBER / (place.width * room)));
  sides.forEach(({ says, values, lengths = values, tone, less = tone, most, format = signed }, side) => {
    const start = place.start(side);
    const limit = (place.width + 0.01) * room;
    const [below, above] = reach(lengths, most);
    const unit = longest / (below + above);
    const zero = start + below * unit; // what is below nought lies left of it, on the same scale
    if (below) zeros.push({ x: zero * room, y: 0, width: 0, height: tokens.length * ROW, ...LINE });
    labels.push({ ...look, size: 11, text: says, x: start * room, y: 10 - TOP, align: "left", limit });
    values.forEach((value, row) => {
      const share = lengths[row] / most;
      const [start, end] = [zero, zero + share * unit].sort((a, b) => a - b);
      rows.push({
        row,
        side: says,
        token: tokens[row],
        value,
        start,
        end,
        tone: share < 0 ? less : tone,
        filled: share >= 0,
      });
      if (Math.abs(share) < PRINTED) return;
      const at = { x: end * room + 5, y: y(row), align: "left" };
      labels.push({ ...look, ...at, size: 10.5, text: format(value), mono: true });
    });
  });
  const wash = { x: 0, width: room, height: ROW, fill: "accentWash", stroke: "accentWash", line: 0 };
  const boxes = [...washed].map((row) => ({ ...wash, y: row * ROW }));
  const hollow = { ...wash, x: 0.5, width: room - 1, height: ROW - 2, fill: "ground", stroke: "no", line: 1 };
  boxes.push(...[...against].map((row) => ({ ...hollow, y: row * ROW + 1 })));
  return { rows, labels, washes: [...boxes, ...zeros] };
};

atlas.Bars = class extends atlas.PaintedFigure {
  /* `given()` returns {tokens, sides: [{says, values, lengths?, tone, less?, most, format?}], washed: Set of
     rows, against?}; `less` is the tone below nought. */
  constructor(el, given) {
    super(el, "bars");
    this.given = given;
  }

  inputs() {
    const given = this.given();
    const width = Math.max(240, this.room);
    const count = given.tokens.length;
    const padding = { left: 0, right: 0, top: TOP, bottom: 2 };
    return { width, height: count * ROW, padding, params: { count }, data: barsOf(given, width) };
  }
};
