/* The distances between all heads, in the order of their groups: one picture, near is dark. */

const LEFT = 44;
const TOP = 6;
const EDGE = 6;
const LARGEST = 40;
const NAMES = 9; // pixels that a name needs
const TIP = 32;
const MOST = 100; // pairs in a table that is read, not saved
const FULL = Math.log(2); // the largest distance there is, in nats

/* Distances [head × head] from the upper half of their table, as stored. */
const whole = (upper, count) => {
  const between = new Float32Array(count * count);
  let from = 0;
  for (let i = 0; i < count; i++) {
    for (let j = i + 1; j < count; j++, from++) {
      between[i * count + j] = (upper[from] / 65535) * FULL;
      between[j * count + i] = between[i * count + j];
    }
  }
  return between;
};

atlas.SimilarityMatrix = class extends atlas.HeadFigure {
  get known() {
    return this.model.given.similarity[this.model.kind.kind];
  }

  async draw() {
    this.el.closest(".figure").hidden = !this.known?.at;
    if (!this.known?.at) return;
    await this.load();
    await super.draw();
  }

  save() {
    const pairs = () => (this.count ? this.pairs() : []);
    this.saves({
      file: () => `distances-${this.model.kind.kind}`,
      columns: () => ["first", "second", "nats"],
      rows: () => pairs().map(([first, second, nats]) => [first, second, Number(nats.toPrecision(4))]),
      drawn: () => ({ under: this.rectangles() }),
      table: () => ({
        caption: `The ${MOST} nearest pairs of heads at most; all are in the file of numbers.`,
        columns: ["Head", "Head", "Distance, nats"],
        rows: pairs()
          .slice(0, MOST)
          .map(([first, second, nats]) => [first, second, atlas.decimal(nats, 3)]),
      }),
    });
  }

  spec() {
    const given = this.inputs();
    const rows = this.pairs().map(([first, second, distance]) => ({ first, second, distance }));
    return atlas.standalone(this.name, { ...given, data: { ...given.data, rows } });
  }

  async load() {
    const { kind } = this.model.kind;
    if (this.loaded === kind) return;
    const bytes = await atlas.load(this.known.at, `alike.${kind}`);
    const count = this.known.points.length;
    const order = this.known.points.map((point) => point[atlas.similarityFields.ORDER]);
    const heads = order.map((_, at) => at).sort((a, b) => order[a] - order[b]);
    const rows = new Map(heads.map((at, row) => [at, row])); // head -> its row
    const upper = new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 2);
    Object.assign(this, { loaded: kind, count, between: whole(upper, count), order: heads, rows });
  }

  get cell() {
    return Math.min(LARGEST, (this.room - LEFT - EDGE) / this.known.points.length);
  }

  reserve() {
    super.reserve({ height: this.cell * this.known.points.length + TOP + EDGE, padding: 0 });
  }

  /* The distance between the heads in two rows. */
  distance(row, column) {
    return this.between[this.order[row] * this.count + this.order[column]];
  }

  rectangles() {
    const { count, cell } = this;
    const near = (i) => 1 - this.distance((i / count) | 0, i % count) / FULL;
    return atlas.drawnRectangles(count, count, near, [LEFT, TOP], [cell, cell]);
  }

  picture() {
    const { count } = this;
    const { lut } = atlas.theme();
    const near = (i) => 1 - this.distance((i / count) | 0, i % count) / FULL;
    const paint = (i) => lut[Math.round(255 * near(i))];
    return atlas.paintPixels(atlas.make("canvas"), count, count, paint).toDataURL();
  }

  inputs() {
    const side = this.cell * this.count;
    const row = this.head ? this.rows.get(this.at) : -1;
    const data = {
      pictures: [{ url: this.picture() }],
      groups: this.groups(side),
      names: this.names(row),
      chosen: row < 0 ? [] : [this.box(0, row * this.cell, side, this.cell, "accent", 2)],
    };
    const padding = { left: LEFT, top: TOP, right: EDGE, bottom: EDGE };
    return { width: side, height: side, padding, data };
  }

  box(x, y, width, height, stroke, line) {
    return { x, y, width, height, fill: "none", stroke, line };
  }

  /* A frame round all, and a box round each group of more than one. */
  groups(side) {
    const { cell } = this;
    const groupOf = (at) => this.known.points[at][atlas.similarityFields.GROUP];
    const boxes = [];
    for (let start = 0, end = 1; start < this.count; start = end, end++) {
      while (end < this.count && groupOf(this.order[end]) === groupOf(this.order[start])) end++;
      const size = (end - start) * cell;
      if (end - start > 1) boxes.push(this.box(start * cell, start * cell, size, size, "rule", 1.25));
    }
    return [this.box(0, 0, side, side, "hairline", 1), ...boxes];
  }

  /* Names of as many rows as there is room for, that of the chosen one among them. */
  names(chosen) {
    const { cell } = this;
    const step = Math.max(1, Math.ceil(NAMES / cell));
    const fits = (row) => row % step === 0 && (chosen < 0 || Math.abs(row - chosen) >= step);
    const size = Math.min(11, Math.max(8.5, cell * 0.7));
    const look = { x: -6, align: "right", angle: 0, size, limit: LEFT - 6, mono: true };
    return this.order.flatMap((at, row) => {
      if (row !== chosen && !fits(row)) return [];
      const hot = row === chosen;
      return [{ ...look, y: (row + 0.5) * cell, text: this.label(at), hot, dim: !hot }];
    });
  }

  /* Every two heads once, nearest first: [first, second, nats]. */
  pairs() {
    const found = [];
    for (let i = 0; i < this.count; i++) {
      for (let j = i + 1; j < this.count; j++) {
        found.push([this.label(i), this.label(j), this.between[i * this.count + j]]);
      }
    }
    return found.sort((a, b) => a[2] - b[2]);
  }

  find(x, y) {
    const [row, column] = [Math.floor((y - TOP) / this.cell), Math.floor((x - LEFT) / this.cell)];
    return row >= 0 && column >= 0 && row < this.count && column < this.count ? [row, column] : null;
  }

  placeOf([layer, head]) {
    const row = this.rows.get(layer * this.model.kind.heads + head);
    return [row, row];
  }

  spot([row, column]) {
    return [LEFT + column * this.cell, TOP + row * this.cell - TIP];
  }

  words([row, column]) {
    const [first, second] = [row, column].map((at) => this.label(this.order[at]));
    if (row === column) return first;
    return `${first} and ${second}: ${atlas.decimal(this.distance(row, column), 3)} nats`;
  }

  click([row]) {
    this.onPick(...this.split(this.order[row]));
  }

  /* Up and down go from row to row. */
  stepped([down]) {
    const row = this.head ? this.rows.get(this.at) + down : 0;
    return down && row >= 0 && row < this.count ? this.split(this.order[row]) : null;
  }
};
