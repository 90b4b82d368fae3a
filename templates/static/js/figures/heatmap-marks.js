/* Where the parts of a heatmap lie: its cells, frame, labels and the outline of the chosen cell. */

const FRAME = 4;
const pen = document.createElement("canvas").getContext("2d");

/* How wide the labels of an axis are, the bold one too. */
atlas.labelWidths = (axis, size) => {
  pen.font = `600 ${size}px ${atlas.theme().fonts.sans}`;
  return axis.map(({ label }) => Math.min(150, pen.measureText(label).width));
};

/* Where everything lies for this many tokens in this much room. Labels of columns lean, so the
   last ones need room at the right. Part of a map keeps room for the labels of the `whole`. */
atlas.heatmapLayout = (room, { queries, keys, whole }) => {
  const small = room < 480;
  const size = small ? 9.5 : 12;
  const count = keys.length;
  const left = Math.ceil(
    Math.min(small ? 76 : 132, Math.max(30, ...atlas.labelWidths((whole ?? { queries }).queries, size))) + 14,
  );
  const across = atlas.labelWidths((whole ?? { keys }).keys, size);
  const widest = Math.max(0, ...across);
  const top = Math.ceil(Math.min(small ? 84 : 132, Math.max(24, widest)) * 0.87 + 18);
  const overhang = (cell) =>
    whole
      ? widest * 0.5 + 8
      : Math.max(8, ...across.map((width, i) => width * 0.5 + 8 - (count - i - 0.5) * cell));
  const fit = (right) => (room - left - right) / count;
  let cell = Math.min(52, fit(overhang(fit(8))));
  if (small && count <= 64) cell = Math.max(10, cell);
  if (cell > 6) cell = Math.floor(cell);
  const right = Math.min(90, overhang(cell));
  return { left, top, right, bottom: 8, cell, size, width: cell * count, height: cell * queries.length };
};

const STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500];
const everyFor = (cell, room) => STEPS.find((step) => step * cell >= room) ?? 1000;

const box = (x, y, width, height, fill, stroke = "rule", line = 0.6) => ({
  x,
  y,
  width,
  height,
  fill,
  stroke,
  line,
});

const sides = (across, start, length, { width, height }, ...paint) =>
  across
    ? [box(start, -FRAME - 1, length, FRAME, ...paint), box(start, height + 1, length, FRAME, ...paint)]
    : [box(-FRAME - 1, start, FRAME, length, ...paint), box(width + 1, start, FRAME, length, ...paint)];

atlas.heatmapFrame = (axes, place) => {
  const step = [1, 10, 100].find((count) => count * place.cell >= FRAME) ?? 1000;
  const rows = [];
  for (const [across, count] of [
    [true, axes.keys.length],
    [false, axes.queries.length],
  ]) {
    for (let at = 0; at < count; at += step) {
      const length = (Math.min(count, at + step) - at) * place.cell;
      rows.push(...sides(across, at * place.cell, length, place, (at / step) % 2 ? "ground" : "rule"));
    }
  }
  return rows;
};

/* Where there is no room for every token, places are numbered instead. */
atlas.heatmapLabels = (axes, place, { row, column }) => {
  const { cell, size } = place;
  const every = { queries: everyFor(cell, size - 0.5), keys: everyFor(cell, size - 0.5) };
  if (every.keys > 1) every.keys = everyFor(cell, 26); // numbers stand side by side
  const make = (axis, at, hot) => {
    const centre = (at + 0.5) * cell;
    const token = axis === "queries" ? axes.queries[at] : axes.keys[at];
    const named = every[axis] === 1 || hot;
    const text = named ? token.label : String(at);
    const look = { text, size: named ? size : 10, hot, dim: !hot && (!named || token.special), mono: !named };
    return axis === "queries"
      ? { ...look, x: -10, y: centre, align: "right", angle: 0, limit: place.left - 12 }
      : {
          ...look,
          x: centre + (named ? size * 0.2 : 0),
          y: named ? -9 : -13,
          align: named ? "left" : "center",
          angle: named ? -60 : 0,
          limit: (place.top - 12) / 0.87,
        };
  };
  const side = (axis, hot) => {
    const rows = [];
    const [step, clear] = [every[axis], size * (axis === "keys" ? 2.2 : 1.2)];
    for (let at = 0; at < axes[axis].length; at += step) {
      if (step === 1 || hot < 0 || Math.abs(at - hot) * cell > clear) rows.push(make(axis, at, at === hot));
    }
    if (step > 1 && hot >= 0) rows.push(make(axis, hot, true));
    return rows;
  };
  return [...side("queries", row), ...side("keys", column)];
};

atlas.heatmapChosen = (place, { row, column }) => {
  const { cell } = place;
  const rows = [];
  const length = Math.max(cell, 2);
  if (column >= 0) rows.push(...sides(true, column * cell, length, place, "accent", "accent", 0.6));
  if (row >= 0) rows.push(...sides(false, row * cell, length, place, "accent", "accent", 0.6));
  if (column < 0 || row < 0) return rows;
  const ring = [column * cell, row * cell, length, length, null];
  if (cell >= 6) return [...rows, box(...ring, "ground", 4), box(...ring, "accent", 2)];
  const across = box(0, row * cell - 1, place.width, length + 2, null, "accent", 0.7);
  return [...rows, across, box(column * cell - 1, 0, length + 2, place.height, null, "accent", 0.7)];
};

atlas.heatmapCells = ({ values, masked, axes, ink }) => {
  const columns = axes.keys.length;
  const place = atlas.inkOf(ink);
  const rows = [];
  values.forEach((weight, i) => {
    if (masked?.[i]) return;
    rows.push({ query: (i / columns) | 0, key: i % columns, weight, ink: place(weight) });
  });
  return rows;
};
