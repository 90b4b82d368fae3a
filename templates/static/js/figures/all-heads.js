/* All heads at a glance: one canvas, drawn once; only an outline moves over it. */

const LEFT = 34;
const TOP = 36;
const EDGE = 10;
const FRAME = 4;
const LARGEST = 84;

/* Every head as pixels side by side, one pixel a weight. `bytes` is [layer][head][row][column],
   `masked(layer)` a byte per weight that is not allowed, or null. */
const mosaic = ({ layers, heads, rows, columns, bytes, masked }, { lut, sunk }) => {
  const [width, size] = [heads * columns, rows * columns];
  const shade = atlas.pixel(sunk);
  return atlas.fillPixels(atlas.make("canvas"), width, layers * rows, (pixels) => {
    for (let layer = 0; layer < layers; layer++) {
      const mask = masked?.(layer);
      for (let head = 0; head < heads; head++) {
        const start = (layer * heads + head) * size;
        for (let i = 0; i < size; i++) {
          const at = (layer * rows + ((i / columns) | 0)) * width + head * columns + (i % columns);
          pixels[at] = mask?.[i] ? shade : lut[bytes[start + i]];
        }
      }
    }
  });
};

/* A graduated frame on a canvas: black and white segments that count rows and columns. */
const frame = (context, { x, y, columns, rows, cell }, theme) => {
  const segment = (i, ...box) => {
    context.fillStyle = i % 2 ? theme.ground : theme.rule;
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

/* Keep the room that a map of so many layers and heads takes, before it is there. */
atlas.roomForHeads = (el, given) => {
  el.style.minHeight = `${layout(el, given).height}px`;
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
  frame(context, box, theme);
  labels(context, box, theme);
};

const outline = (context, { x, y, cell, columns }, [layer, head]) => {
  context.strokeStyle = atlas.theme().accent;
  context.lineWidth = 2;
  if (head == null) context.strokeRect(x, y + layer * cell, columns * cell, cell);
  else context.strokeRect(x + head * cell + 1, y + layer * cell + 1, cell - 2, cell - 2);
};

const place = (element, x, y, width, height) => {
  element.style.cssText = `left:${x}px;top:${y}px;width:${width}px;height:${height}px`;
};

atlas.AllHeads = class {
  /* `given` has {layers, heads, rows, columns, bytes, masked?, right?, onPick?, words?}; `right` leaves room
     beside the map, `words({layer, head, row, column})` are those of the cell under the pointer. */
  constructor(el, given) {
    Object.assign(this, { el, given, chosen: null });
    this.canvas = atlas.make("canvas", { "aria-hidden": "true" });
    this.pin = atlas.make("div", { class: "pin" });
    this.ends = Array.from({ length: 4 }, () => atlas.make("div", { class: "hot" }));
    el.replaceChildren(this.canvas, this.pin, ...this.ends);
    this.#listen();
    this.draw();
  }

  draw() {
    this.box = layout(this.el, this.given);
    this.el.style.minHeight = `${this.box.height}px`;
    paint(this.canvas, this.given, this.box, window.devicePixelRatio || 1);
    for (const element of [this.pin, ...this.ends]) element.hidden = !this.chosen;
    if (this.chosen) this.#move(...this.chosen);
  }

  update(changes) {
    Object.assign(this.given, changes);
    this.draw();
  }

  /* Put the outline on a head, or round a whole layer when head is null. */
  move(layer, head) {
    for (const element of [this.pin, ...this.ends]) element.hidden = false;
    this.#move(layer, head);
  }

  #move(layer, head) {
    this.chosen = [layer, head];
    const { x, y, cell, columns, rows } = this.box;
    const [left, width] = head == null ? [x, columns * cell] : [x + head * cell, cell];
    const top = y + layer * cell;
    const [above, below, before, after] = this.ends;
    place(this.pin, left, top, width, cell);
    place(above, left, y - FRAME - 1, width, FRAME);
    place(below, left, y + rows * cell + 1, width, FRAME);
    place(before, x - FRAME - 1, top, FRAME, cell);
    place(after, x + columns * cell + 1, top, FRAME, cell);
  }

  /* What is under the pointer: words, and where. */
  #under({ target, offsetX, offsetY }) {
    const { layers, heads, rows, columns, words } = this.given;
    if (!words || target !== this.canvas) return null;
    const { x, y, cell } = this.box;
    const [across, down] = [(offsetX - x) / cell, (offsetY - y) / cell];
    if (across < 0 || down < 0 || across >= heads || down >= layers) return null;
    const place = { layer: Math.floor(down), head: Math.floor(across) };
    const within = (share, count) => Math.floor((share % 1) * count);
    const parts = words({ ...place, row: within(down, rows), column: within(across, columns) });
    return { parts, x: offsetX, y: offsetY };
  }

  #pick(layer, head) {
    const { layers, heads, onPick } = this.given;
    const within = layer >= 0 && layer < layers && head >= 0 && head < heads;
    if (within) onPick?.(layer, head);
  }

  #listen() {
    this.canvas.addEventListener("click", ({ offsetX, offsetY }) => {
      const { x, y, cell } = this.box;
      this.#pick(Math.floor((offsetY - y) / cell), Math.floor((offsetX - x) / cell));
    });
    atlas.pointed(this.el, (event) => this.#under(event));
    atlas.onWidth(this.el, () => this.draw());
    atlas.onTheme(() => this.draw());
    const print = () => this.chosen && outline(this.canvas.getContext("2d"), this.box, this.chosen);
    addEventListener("beforeprint", print); // on paper the outline, an element of the page, has no colour
    addEventListener("afterprint", () => this.draw());
    if (this.el.tabIndex < 0) return;
    atlas.keys(
      Object.keys(atlas.ARROWS),
      "on all heads: layer, head",
      (key) => {
        const [down, across] = atlas.ARROWS[key];
        const [layer, head] = this.chosen ?? [0, 0];
        this.#pick(layer + down, (head ?? 0) + across);
      },
      this.el,
    );
  }
};
