/* The two grids of a model page: heads by the chosen metric, and by their role. */

/* A value as it is printed in a cell, as short as can be. */
const short = (value, { metric, top }) => {
  if (value == null) return "";
  if (metric.signed) {
    const shown = value.toFixed(top < 1 ? 2 : top < 10 ? 1 : 0);
    return +shown ? shown.replace("-", "−").replace("0.", ".") : "0";
  }
  if (metric.unit !== "share") return value.toFixed(value < 99.95 ? 1 : 0);
  return value > 0.995 ? "1" : value.toFixed(2).slice(1);
};

/* `given` is what every map of heads needs. */
atlas.metricGrid = (el, given) => {
  const { model } = given;
  return new atlas.HeadGrid(el, "metric", {
    ...given,
    says: (layer, head) => model.words(layer, head),
    size: (cell) => (cell < 34 ? 9.5 : 11),
    params: () => ({ low: model.low, top: model.top, ...model.inks }),
    cells: (printed) =>
      model.numbers.values.flatMap((row, layer) =>
        row.map((value, head) => {
          const label = printed ? short(value, model) : "";
          return { layer, head, value: value ?? 0, label };
        }),
      ),
    marks: (cells, cell) => ({
      rings: cell < 14 ? [] : cells.filter(({ layer, head }) => model.within(layer, head)),
    }),
  });
};

atlas.roleGrid = (el, given) => {
  const { model } = given;
  const cell = (place, at) => {
    const [role, label] = model.given.roles[place];
    const { heads } = model.kind;
    return { layer: Math.floor(at / heads), head: at % heads, role, place, label };
  };
  return new atlas.HeadGrid(el, "roles", {
    ...given,
    says: (layer, head) => model.roleWords(layer, head),
    size: (cell) => Math.min(14, Math.max(8, cell * 0.42)),
    params: (side) => ({ ...atlas.roleColours(model.given.roles), area: (side - 3) ** 2 }),
    cells: () => model.kind.roles.map(cell),
    marks: (cells) => ({ rests: cells.filter(({ layer, head }) => model.rests(layer, head)) }),
  });
};
