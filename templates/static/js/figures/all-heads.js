/* All heads at a glance: one canvas, drawn once; only an outline moves over it. */
const LEFT = 34,
  TOP = 36,
  EDGE = 10,
  FRAME = 4,
  LARGEST = 84;

/* Every head as pixels side by side, one pixel a weight. `bytes` is [layer][head][row][column],
   `masked(layer)` a byte per weight that is not allowed, or null. */
const mosaic = ({ layers, heads, rows, columns, bytes, masked }, theme) => {
  const width = heads * columns;
  const canvas = atlas.make("canvas", { width, height: layers * rows });
  const context = canvas.getContext("2d");
  const image = context.createImageData(canvas.width, canvas.height);
  const pixels = new Uint32Array(image.data.buffer);
  const shade = atlas.pixel(theme.sunk);
  let at = 0;
  for (let layer = 0; layer < layers; layer++) {
    const mask = masked?.(layer);
    for (let head = 0; head < heads; head++) {
      for (let i = 0; i < rows * columns; i++, at++) {
        const place = (layer * rows + ((i / columns) | 0)) * width + head * columns + (i % columns);
        pixels[place] = mask?.[i] ? shade : theme.lut[bytes[at]];
      }
    }
  }
  context.putImageData(image, 0, 0);
  return canvas;
};

/* A colour of the theme as one 32-bit pixel. */
atlas.pixel = (hex) => {
  const [r, g, b] = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
  return ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
};

/* A graduated frame on a canvas: black and white segments that count rows and columns. */
atlas.frame = (context, { x, y, columns, rows, cell }, theme) => {
  const segment = (i, ...box) => {
    context.fillStyle = i % 2 ? theme.plate : theme.rule;
    context.fillRect(...box);
    context.strokeRect(...box);
  };
  context.strokeStyle = theme.rule;
  context.lineWidth = 0.6;
  const [right, bottom] = [x + columns * cell + 1, y + rows * cell + 1];
  for (let i = 0; i < columns; i++) {
    for (const at of [y - FRAME - 1, bottom]) segment(i, x + i * cell, at, cell, FRAME);
  }
  for (let i = 0; i < rows; i++) {
    for (const at of [x - FRAME - 1, right]) segment(i, at, y + i * cell, FRAME, cell);
  }
};

const labels = (context, { x, y, columns, rows, cell }, theme) => {
  const every = Math.ceil(18 / cell);
  context.font = `11px ${theme.fonts.data}`;
  context.fillStyle = theme.ink;
  context.textAlign = "right";
  for (let i = 0; i < rows; i += every) context.fillText(i, x - 10, y + (i + 0.5) * cell + 4);
  context.textAlign = "center";
  for (let i = 0; i < columns; i += every) context.fillText(i, x + (i + 0.5) * cell, y - 10);
  context.font = `11px ${theme.fonts.sans}`;
  context.fillStyle = theme.muted;
  context.textAlign = "left";
  context.fillText("↓ layer", 0, 11);
  if (columns * cell > 130) {
    context.textAlign = "right";
    context.fillText("head →", x + columns * cell, 11);
  }
};

const layout = (el, { layers, heads, right = EDGE }) => {
  const room = el.clientWidth - LEFT - right;
  const cell = Math.max(4, Math.min(LARGEST, Math.floor(room / heads)));
  return {
    x: LEFT,
    y: TOP,
    columns: heads,
    rows: layers,
    cell,
    width: LEFT + heads * cell + right,
    height: TOP + layers * cell + EDGE,
  };
};

const paint = (canvas, given, box, scale) => {
  const theme = atlas.theme();
  canvas.width = box.width * scale;
  canvas.height = box.height * scale;
  canvas.style.cssText = `width:${box.width}px;height:${box.height}px`;
  const context = canvas.getContext("2d");
  context.scale(scale, scale);
  context.imageSmoothingEnabled = false;
  const source = mosaic(given, theme);
  const { rows, columns, layers, heads } = given;
  const gap = box.cell > 12 ? 3 : 1;
  for (let layer = 0; layer < layers; layer++) {
    for (let head = 0; head < heads; head++) {
      context.drawImage(
        source,
        head * columns,
        layer * rows,
        columns,
        rows,
        box.x + head * box.cell + gap / 2,
        box.y + layer * box.cell + gap / 2,
        box.cell - gap,
        box.cell - gap,
      );
    }
  }
  atlas.frame(context, box, theme);
  labels(context, box, theme);
};

const STEPS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

/* Draw all heads in `el` from {layers, heads, rows, columns, bytes, masked?, right?, onPick?}.
   `right` leaves room beside the map. Returns {move, update, canvas, box}: `move(layer, head)` puts the
   outline on a head, or round a whole layer when head is null. */
atlas.glance = (el, given) => {
  const canvas = atlas.make("canvas", { "aria-hidden": "true" });
  const pin = atlas.make("div", { class: "pin" });
  const hot = ["top", "bottom", "left", "right"].map(() => atlas.make("div", { class: "hot" }));
  let box,
    chosen = null;
  el.replaceChildren(canvas, pin, ...hot);

  const place = (element, x, y, width, height) => {
    element.style.cssText = `left:${x}px;top:${y}px;width:${width}px;height:${height}px`;
  };
  const move = (layer, head) => {
    chosen = [layer, head];
    const { x, y, cell, columns, rows } = box;
    const [left, width] = head == null ? [x, columns * cell] : [x + head * cell, cell];
    const top = y + layer * cell;
    place(pin, left, top, width, cell);
    place(hot[0], left, y - FRAME - 1, width, FRAME);
    place(hot[1], left, y + rows * cell + 1, width, FRAME);
    place(hot[2], x - FRAME - 1, top, FRAME, cell);
    place(hot[3], x + columns * cell + 1, top, FRAME, cell);
  };
  const draw = () => {
    box = layout(el, given);
    paint(canvas, given, box, window.devicePixelRatio || 1);
    for (const element of [pin, ...hot]) element.hidden = !chosen;
    if (chosen) move(...chosen);
  };
  const pick = (layer, head) => {
    const within = layer >= 0 && layer < given.layers && head >= 0 && head < given.heads;
    if (within) given.onPick?.(layer, head);
  };
  canvas.addEventListener("click", ({ offsetX, offsetY }) =>
    pick(Math.floor((offsetY - box.y) / box.cell), Math.floor((offsetX - box.x) / box.cell)),
  );
  el.addEventListener("keydown", (event) => {
    const step = STEPS[event.key];
    if (!step || !chosen) return;
    event.preventDefault();
    pick(chosen[0] + step[0], (chosen[1] ?? 0) + step[1]);
  });
  let width = el.clientWidth;
  new ResizeObserver(() => {
    if (el.clientWidth === width || !el.clientWidth) return;
    width = el.clientWidth;
    draw();
  }).observe(el);
  atlas.onTheme(draw);
  addEventListener("beforeprint", () => chosen && outline(canvas.getContext("2d"), box, chosen));
  addEventListener("afterprint", draw);
  draw();
  return {
    move: (layer, head) => {
      for (const element of [pin, ...hot]) element.hidden = false;
      move(layer, head);
    },
    update: (changes) => {
      Object.assign(given, changes);
      draw();
    },
    box: () => box,
    given: () => given,
    canvas: () => {
      const copy = atlas.make("canvas");
      paint(copy, given, box, 2);
      if (chosen) outline(copy.getContext("2d"), box, chosen);
      return copy;
    },
  };
};

const outline = (context, { x, y, cell, columns }, [layer, head]) => {
  context.strokeStyle = atlas.theme().accent;
  context.lineWidth = 2;
  if (head == null) context.strokeRect(x, y + layer * cell, columns * cell, cell);
  else context.strokeRect(x + head * cell + 1, y + layer * cell + 1, cell - 2, cell - 2);
};
