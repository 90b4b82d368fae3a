/* A map of heads as a grid: layers down, heads across. */

const LEFT = 32;
const TOP = 26;
const EDGE = 10;
const LARGEST = 64;
const TALLEST = 400; // pixels of all layers, as in the stylesheet
const PRINT = 30; // pixels: smaller cells have no print
const TIP = 32; // pixels from the top of a tip to its cell

const numbers = (count, name) => Array.from({ length: count }, (_, i) => ({ [name]: i }));

/* `given` has, besides what every map of heads needs, cells(printed), size(cell) and params(cell) for the chart,
   marks(cells, cell) for more data, and says(layer, head) for the tip. */
atlas.HeadGrid = class extends atlas.HeadFigure {
  get cell() {
    const { layers, heads } = this.model.kind;
    const fit = Math.floor((this.room - LEFT - EDGE) / heads);
    return Math.max(5, Math.min(LARGEST, Math.floor(TALLEST / layers), fit));
  }

  inputs() {
    const { cell } = this;
    const { layers, heads } = this.model.kind;
    const cells = this.cells(cell >= PRINT);
    const [layer, head] = this.head ?? [-1, -1];
    const data = { cells, heads: numbers(heads, "head"), layers: numbers(layers, "layer") };
    data.chosen = this.head ? [{ layer, head }] : [];
    Object.assign(data, this.marks(cells, cell));
    const rings = { ringX: cell / 2 - 6, ringY: 6 - cell / 2 };
    const print = { size: this.size(cell), mono: atlas.theme().fonts.data };
    return {
      width: cell * heads,
      height: cell * layers,
      padding: { left: LEFT, top: TOP, right: EDGE, bottom: EDGE },
      data,
      params: { layer, head, ...rings, ...print, ...this.params(cell) },
    };
  }

  find(x, y) {
    const { layers, heads } = this.model.kind;
    const [layer, head] = [Math.floor((y - TOP) / this.cell), Math.floor((x - LEFT) / this.cell)];
    return layer >= 0 && layer < layers && head >= 0 && head < heads ? [layer, head] : null;
  }

  placeOf(head) {
    return head;
  }

  spot([layer, head]) {
    return [LEFT + head * this.cell, TOP + layer * this.cell - TIP];
  }

  words(head) {
    return this.says(...head);
  }
};
