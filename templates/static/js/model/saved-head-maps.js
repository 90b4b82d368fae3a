/* What can be saved of the maps of heads and of the profiles of layers. */

const flat = (row) => row.map((value) => value ?? "");
const print = (value) => (typeof value === "string" ? value : atlas.decimal(value));

/* `rows()` has all numbers whole; `caption()` and `heads()` are the words of the table. */
const figure = ({ file, columns, caption, heads, rows }) => ({
  file,
  columns: () => columns,
  rows: () => rows().map(flat),
  table: () => ({ caption: caption(), columns: heads(), rows: rows().map((row) => row.map(print)) }),
});

const metric = (model) =>
  figure({
    file: () => `heads-${model.metric.name}-${model.kind.kind}`,
    columns: ["head", "value", "low", "high", "null"],
    caption: () => {
      const { title, signed } = model.metric;
      return `${title}: mean over texts, 95% interval, and ${signed ? "no effect" : "uniform attention"}.`;
    },
    heads: () => ["Head", model.metric.title, "Low", "High", model.metric.signed ? "No effect" : "Uniform"],
    rows: () => {
      const { values, low, high, null: chance } = model.numbers;
      const numbers = (layer, head) => [
        values[layer][head],
        low?.[layer][head],
        high?.[layer][head],
        chance?.[layer],
      ];
      return model.rows().map(({ layer, head, label }) => [label, ...numbers(layer, head)]);
    },
  });

const roles = (model) =>
  figure({
    file: () => `roles-${model.kind.kind}`,
    columns: ["head", "role", "measure", "score", "null"],
    caption: () => "The role of every head, and the measure it was told from.",
    heads: () => ["Head", "Role", "Told from", "Score", "Uniform"],
    rows: () =>
      model.rows().map(({ label, role, measure, score, chance }) => [label, role, measure, score, chance]),
  });

const layers = (model, name, profile) =>
  figure({
    file: () => `layers-${name}-${model.kind.kind}`,
    columns: ["layer", "mean", "low", "high", "null"],
    caption: () => "Mean over the heads of a layer and over texts, 95% interval, and uniform attention.",
    heads: () => ["Layer", "Mean", "Low", "High", "Uniform"],
    rows: () =>
      profile.layers.map(({ layer, mean, low, high, null: chance }) => [
        String(layer),
        mean,
        low,
        high,
        chance,
      ]),
  });

atlas.saveHeadMaps = (model, grids, profiles) => {
  grids.metric.saves(metric(model));
  grids.roles.saves(roles(model));
  for (const [name, profile] of Object.entries(profiles)) profile.saves(layers(model, name, profile));
};
