/* How the chart `curve` is painted: axes with the ticks that Vega would choose, the range of chance, lines, and beside
   them the mean of each. */

const TICK = 5;
const NEAR = 2; // between an axis and its labels
const SIZE = 11;
const DOT = Math.sqrt(22) / 2; // a point of size 22
const MEAN = Math.sqrt(38) / 2;
const FACTORS = [
  [Math.sqrt(50), 10],
  [Math.sqrt(10), 5],
  [Math.SQRT2, 2],
];

/* Round numbers from `low` to `high`, near to as many as `count`, and the decimals they need. */
const ticksOf = (low, high, count) => {
  const raw = (high - low) / count;
  const power = Math.floor(Math.log10(raw));
  const [, factor] = FACTORS.find(([least]) => raw / 10 ** power >= least) ?? [0, 1];
  const step = factor * 10 ** power;
  const places = Math.max(0, factor === 10 ? -power - 1 : -power);
  const ticks = [];
  for (let at = Math.ceil(low / step); at <= high / step; at++) ticks.push(at * step);
  return { ticks, places };
};

const scalesOf = ({ width, height, params: { low, high, most, beside } }) => ({
  end: width - beside,
  apart: width - beside / 2,
  x: (share) => (share / most) * (width - beside),
  y: (value) => height - ((value - low) / (high - low)) * height,
});

const stroke = (context, ...points) => {
  context.beginPath();
  for (const point of points) context.lineTo(...point);
  context.stroke();
};

const axes = (context, _, given) => {
  const { height, params } = given;
  const { fonts, muted, rule, hairline } = atlas.theme();
  const { x, y, end } = scalesOf(given);
  const edge = (place) => Math.round(place) + 0.5;
  Object.assign(context, { lineWidth: 1, strokeStyle: hairline, fillStyle: muted });
  context.font = `${SIZE}px ${fonts.data}`;
  const down = ticksOf(params.low, params.high, 3);
  context.textAlign = "right";
  for (const value of down.ticks) {
    stroke(context, [0.5, edge(y(value))], [end + 0.5, edge(y(value))]);
    context.fillText(atlas.decimal(value, down.places), 0.5 - NEAR, y(value) + 0.5 + Math.round(0.3 * SIZE));
  }
  const across = ticksOf(0, params.most, 4);
  for (const share of across.ticks) {
    const at = x(share);
    context.textAlign = at < 1 ? "left" : at > end - 1 ? "right" : "center";
    stroke(context, [edge(at), height + 0.5], [edge(at), height + 0.5 + TICK]);
    const text = `${atlas.decimal(100 * share, Math.max(0, across.places - 2))}%`;
    context.fillText(text, at + 0.5, height + 0.5 + TICK + NEAR + Math.round(0.79 * SIZE));
  }
  context.strokeStyle = rule;
  stroke(context, [0.5, height + 0.5], [end + 0.5, height + 0.5]);
};

const bySharesIn = (rows) => rows.toSorted((a, b) => a.share - b.share);

const chance = (context, rows, given) => {
  const { nullBand } = atlas.theme();
  const { x, y } = scalesOf(given);
  const low = bySharesIn(rows).map(({ share, low }) => [x(share), y(low)]);
  const high = bySharesIn(rows).map(({ share, high }) => [x(share), y(high)]);
  Object.assign(context, { fillStyle: nullBand, strokeStyle: nullBand, lineWidth: 6, lineCap: "round" });
  context.beginPath();
  for (const point of [...high, ...low.toReversed()]) context.lineTo(...point);
  context.fill();
  stroke(context, ...low); // so that one random order alone can be seen, too
  context.lineCap = "butt";
};

const curves = (context, rows, given) => {
  const { colours } = atlas.theme();
  const { x, y } = scalesOf(given);
  const place = ({ share, value }) => [x(share), y(value)];
  context.lineWidth = 2;
  for (const order of new Set(rows.map((row) => row.order))) {
    const line = bySharesIn(rows.filter((row) => row.order === order));
    context.strokeStyle = colours[line[0].tone];
    context.setLineDash(line[0].dashed ? [4, 3] : []);
    stroke(context, ...line.map(place));
  }
  context.setLineDash([]);
  for (const row of rows) {
    context.fillStyle = colours[row.tone];
    context.beginPath();
    context.arc(...place(row), DOT, 0, 2 * Math.PI);
    context.fill();
  }
};

const spread = (context, rows, given) => {
  const { fonts, muted, nullBand } = atlas.theme();
  const { y, apart } = scalesOf(given);
  Object.assign(context, { fillStyle: muted, strokeStyle: nullBand, lineWidth: 12, textAlign: "center" });
  context.font = `${SIZE}px ${fonts.data}`;
  for (const { low, high, says } of rows) {
    stroke(context, [apart, y(low)], [apart, y(high)]);
    context.fillText(says, apart, given.height + 8 + Math.round(0.79 * SIZE));
  }
};

const means = (context, rows, given) => {
  const { colours } = atlas.theme();
  const { y, apart } = scalesOf(given);
  for (const { value, tone } of rows) {
    context.fillStyle = colours[tone];
    context.beginPath();
    context.arc(apart, y(value), MEAN, 0, 2 * Math.PI);
    context.fill();
  }
};

/* Its layers, from the ground up. */
atlas.CURVE = [
  ["lines", axes],
  ["random", chance],
  ["lines", curves],
  ["spread", spread],
  ["means", means],
];
