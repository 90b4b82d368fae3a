/* Figures by the shape of a result alone, for analyses that have no figure of their own. */

const objects = ({ columns, rows }) =>
  rows.map((row) => Object.fromEntries(columns.map((name, at) => [name, row[at]])));

/* The ends of the ramp: nought is paper, and where numbers lie on both sides of it, its middle. */
const inkOf = (values) => {
  const top = Math.max(1e-9, ...values.map(Math.abs));
  const signed = Math.min(...values) < 0;
  return { low: signed ? -top : 0, top, ramp: atlas.theme()[signed ? "div" : "seq"] };
};

const ShapeFigure = class extends atlas.Figure {
  constructor(el, given) {
    super(el, given.chart);
    this.given = given;
  }

  inputs() {
    const { across, down, height, chart } = this.given;
    const rows = objects(this.given);
    const words = chart === "shape-matrix" ? { across, down } : chart === "shape-scores" ? { down } : {};
    const squares = !["shape-series", "shape-scores"].includes(chart);
    const params = squares ? { ...words, ...inkOf(rows.map(({ value }) => value)) } : words;
    return { width: Math.max(200, this.room), height, params, data: { rows } };
  }
};

/* Draw every figure of this kind on the page. */
atlas.drawShapes = () => {
  const figures = atlas.pageData("atlas-data")?.shapes ?? [];
  return Promise.all(
    atlas.$$("[data-shape]").map((el) => {
      const given = figures[Number(el.dataset.shape)];
      const figure = new ShapeFigure(el, given);
      const { title, columns, rows } = given;
      figure.saves({
        file: () => `${el.dataset.of}-${given.chart.replace("shape-", "")}`,
        columns: () => columns,
        rows: () => rows.map((row) => row.map((value) => value ?? "")),
        table: () => ({ caption: title, columns, rows }),
      });
      return figure.draw();
    }),
  );
};
