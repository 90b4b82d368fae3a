/* What a heatmap shows as pictures: hatching, and the weights of a long text. */

/* Diagonal hatching over every pair that may not look: not allowed is not zero. */
atlas.heatmapHatching = ({ masked, axes }, place) => {
  const scale = Math.min(2, window.devicePixelRatio || 1);
  const canvas = atlas.make("canvas", {
    width: Math.ceil(place.width * scale),
    height: Math.ceil(place.height * scale),
  });
  const context = canvas.getContext("2d");
  context.scale(scale, scale);
  const columns = axes.keys.length;
  axes.queries.forEach((_, row) => {
    for (let at = 0; at < columns; at++) {
      if (!masked[row * columns + at]) continue;
      const from = at;
      while (at + 1 < columns && masked[row * columns + at + 1]) at++;
      context.rect(from * place.cell, row * place.cell, (at + 1 - from) * place.cell, place.cell);
    }
  });
  context.clip();
  context.strokeStyle = atlas.theme().masked;
  context.beginPath();
  for (let at = -place.height; at < place.width; at += 5) {
    context.moveTo(at, place.height);
    context.lineTo(at + place.height, 0);
  }
  context.stroke();
  return canvas;
};

/* The weights as pixels. Where there are more weights than pixels, the largest stands for its
   neighbours, so that no thin line is lost. */
atlas.heatmapPicture = ({ values, masked, axes, ink }, place) => {
  const [columns, rows] = [axes.keys.length, axes.queries.length];
  const shrink = Math.max(1, Math.ceil(1 / (place.cell * (window.devicePixelRatio || 1))));
  const [width, height] = [Math.ceil(columns / shrink), Math.ceil(rows / shrink)];
  const { lut, divLut } = atlas.theme();
  const top = shrink > 1 ? pooled(values, rows, columns, width, shrink) : values;
  const table = inkTable(ink);
  const unit = (table.length - 1) / ink.max;
  const share = (value) => table[Math.min(table.length - 1, (Math.abs(value) * unit + 0.5) | 0)];
  const hidden = shrink === 1 ? masked : null;
  return atlas.fillPixels(atlas.make("canvas"), width, height, (pixels) => {
    for (let i = 0; i < pixels.length; i++) {
      const value = top[i];
      if (value === -Infinity || hidden?.[i]) continue;
      if (!ink.signed) pixels[i] = lut[share(value)];
      else pixels[i] = divLut[(127.5 + Math.sign(value) * 0.5 * share(value)) | 0];
    }
  });
};

const TABLE = 8192; // places of the scale that are told apart
const tables = {}; // scale -> ink, 0 to 255, at each place
const inkTable = ({ scale }) => {
  const { to } = atlas.scales[scale];
  const ink = (_, i) => Math.round(to(i / (TABLE - 1)) * 255);
  tables[scale] ??= Uint8Array.from({ length: TABLE }, ink);
  return tables[scale];
};

const pooled = (values, rows, columns, width, shrink) => {
  const top = new Float32Array(width * Math.ceil(rows / shrink)).fill(-Infinity);
  for (let r = 0, at = 0; r < rows; r++) {
    const start = ((r / shrink) | 0) * width;
    for (let c = 0; c < columns; c++, at++) {
      const place = start + ((c / shrink) | 0);
      if (values[at] > top[place]) top[place] = values[at];
    }
  }
  return top;
};
