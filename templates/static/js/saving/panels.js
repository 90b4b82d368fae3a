/* Small maps side by side, for saving: as a drawing of rectangles. */

const LEVELS = 64; // of ink that are told apart in a drawing

/* Rectangles of equal ink, a path for each: `ink(i)` is from 0 to 1, null for what may not be seen. */
const rectangles = (rows, columns, ink, [x, y], [wide, high]) => {
  const paths = new Map(); // level -> path
  const round = (value) => Number(value.toFixed(2));
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; ) {
      const level = ink(r * columns + c);
      const from = c;
      while (c < columns && ink(r * columns + c) === level) c++;
      if (level === 0) continue;
      const width = round((c - from) * wide);
      const path = `M${round(x + from * wide)} ${round(y + r * high)}h${width}v${round(high)}h${-width}z`;
      paths.set(level, (paths.get(level) ?? "") + path);
    }
  }
  return paths;
};

const hex = (pixel) =>
  `#${[0, 8, 16].map((at) => ((pixel >> at) & 255).toString(16).padStart(2, "0")).join("")}`;

/* The same as markup, in the colours of a ramp; what may not be seen is hatched. */
atlas.drawnRectangles = (rows, columns, ink, place, size, lut = atlas.theme().lut) => {
  const level = (i) => (ink(i) == null ? null : Math.round(ink(i) * LEVELS));
  const fill = (at) => (at == null ? "url(#hatch)" : hex(lut[Math.round((at / LEVELS) * 255)]));
  const paths = [...rectangles(rows, columns, level, place, size)];
  return paths.map(([at, d]) => `<path fill="${fill(at)}" d="${d}"/>`).join("");
};

/* Where a cell of a panel lies on the ramp; panels are numbered layer by layer. */
const placed = ({ heads, rows, columns, bytes, max, masked }) => {
  const gain = 1 / Math.sqrt(max) / 255; // bytes are square roots
  return (panel, i) => {
    const hidden = masked?.(Math.floor(panel / heads))?.[i];
    return hidden ? null : Math.min(1, bytes[panel * rows * columns + i] * gain);
  };
};

/* {layers, heads, rows, columns, chosen} and {bytes, max, masked}, or `place(panel, i)` and the ramp it is for, as
   {svg, width, height}. */
atlas.drawnPanels = (given) => {
  const { layers, heads, rows, columns, chosen, across = "head", place = placed(given), lut } = given;
  const cell = Math.max(24, Math.min(120, Math.floor(1000 / heads)));
  const [left, top, gap] = [across === "head" ? 40 : 0, 30, 3];
  const parts = [];
  const label = (x, y, text) =>
    `<text x="${x}" y="${y}" font-size="11" text-anchor="middle" fill="#43505d">${text}</text>`;
  for (let head = 0; head < heads; head++) parts.push(label(left + (head + 0.5) * cell, 22, head));
  parts.push(`<text x="${left}" y="8" font-size="11" fill="#5c6873">${across} →</text>`);
  for (let layer = 0; layer < layers; layer++) {
    if (across === "head") parts.push(label(16, top + (layer + 0.5) * cell + 4, layer));
    for (let head = 0; head < heads; head++) {
      const ink = (i) => place(layer * heads + head, i);
      const [x, y, side] = [left + head * cell, top + layer * cell, cell - gap];
      parts.push(atlas.drawnRectangles(rows, columns, ink, [x, y], [side / columns, side / rows], lut));
      const look = chosen?.[0] === layer && chosen[1] === head ? ["#ad0f63", 2] : ["#d6dbdc", 0.75];
      const box = `x="${x}" y="${y}" width="${side}" height="${side}" fill="none"`;
      parts.push(`<rect ${box} stroke="${look[0]}" stroke-width="${look[1]}"/>`);
    }
  }
  return { svg: parts.join(""), width: left + heads * cell, height: top + layers * cell };
};

/* The cells of a heatmap, and the hatching of those that may not look, beneath its frame and its labels. */
atlas.drawnCells = ({ shown, place }) => {
  const { values, masked, axes, ink } = shown;
  const to = atlas.inkOf(ink);
  const at = (i) => (masked?.[i] || values[i] === -Infinity ? null : to(values[i]));
  const { lut, divLut } = atlas.theme();
  const size = [place.cell, place.cell];
  const lookup = ink.signed ? divLut : lut;
  const [rows, columns] = [axes.queries.length, axes.keys.length];
  return { under: atlas.drawnRectangles(rows, columns, at, [place.left, place.top], size, lookup) };
};
