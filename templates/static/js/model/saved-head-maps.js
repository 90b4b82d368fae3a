/* What each plate of a model page offers to keep: its numbers, table twin, chart and picture. */
const LAYERS = "Mean over the heads of a layer and over plates, 95% interval, and uniform attention.";

const flat = (row) => row.map((value) => value ?? "");
const printed = ([label, ...rest]) => [
  label,
  ...rest.map((value) => (typeof value === "string" ? value : atlas.decimal(value))),
];

/* A figure from `rows()`, all numbers whole, and the words of its table. */
const figure = (given, rows) => ({
  ...given,
  rows: () => rows().map(flat),
  table: () => ({ caption: given.caption(), columns: given.heads(), rows: rows().map(printed) }),
});

const metric = (model, grid) =>
  figure(
    {
      file: () => `heads-${model.metric.name}-${model.kind.kind}`,
      columns: ["head", "value", "low", "high", "null"],
      caption: () =>
        `${model.metric.title}: mean over plates, 95% interval, and ${model.metric.signed ? "no effect" : "uniform attention"}.`,
      heads: () => ["Head", model.metric.title, "Low", "High", "Null"],
      spec: () => atlas.standalone("metric", grid.inputs()),
      view: () => grid.chart.view,
    },
    () =>
      model.rows().map(({ layer, head, label }) => {
        const { values, low, high, null: chance } = model.numbers;
        return [label, values[layer][head], low?.[layer][head], high?.[layer][head], chance?.[layer]];
      }),
  );

const roles = (model, grid) =>
  figure(
    {
      file: () => `roles-${model.kind.kind}`,
      columns: ["head", "role", "measure", "score", "null"],
      caption: () => "The role of every head, and the measure it was told from.",
      heads: () => ["Head", "Role", "Told from", "Score", "Null"],
      spec: () => atlas.standalone("roles", grid.inputs()),
      view: () => grid.chart.view,
    },
    () =>
      model.rows().map(({ label, role, measure, score, chance }) => [label, role, measure, score, chance]),
  );

const layers = (model, name, profile) =>
  figure(
    {
      file: () => `layers-${name}-${model.kind.kind}`,
      columns: ["layer", "mean", "low", "high", "null"],
      caption: () => LAYERS,
      heads: () => ["Layer", "Mean", "Low", "High", "Null"],
      spec: () => atlas.standalone("profile", profile.inputs()),
      view: () => profile.chart.view,
    },
    () =>
      profile
        .inputs()
        .data.layers.map(({ layer, mean, low, high, null: chance }) => [
          String(layer),
          mean,
          low,
          high,
          chance,
        ]),
  );

/* Register the maps and profiles of a page. */
atlas.modelFigures = (model, grids, profiles) => {
  atlas.plate(grids.metric.el, metric(model, grids.metric));
  atlas.plate(grids.roles.el, roles(model, grids.roles));
  for (const [name, profile] of Object.entries(profiles))
    atlas.plate(profile.el, layers(model, name, profile));
};
