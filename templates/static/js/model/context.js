/* How differently a word attends in two texts, layer by layer. */

const { $ } = atlas;

atlas.pages.push(async () => {
  const el = $("[data-words]");
  const series = el && atlas.pageData("atlas-data").words;
  if (!series) return;
  const profile = new atlas.LayerProfile(el);
  const { y, low, high, null: other } = series;
  const rows = y.map((mean, layer) => [layer, mean, low[layer], high[layer], other[layer]]);
  profile.saves({
    file: () => "context",
    columns: () => ["layer", "same_word", "low", "high", "different_words"],
    rows: () => rows.map((row) => row.map((value) => value ?? "")),
    table: () => ({
      caption: "Divergence in nats of the same word in two texts, 95% interval, and of different words.",
      columns: ["Layer", "Same word", "Low", "High", "Different words"],
      rows: rows.map(([layer, ...rest]) => [layer, ...rest.map(atlas.weight)]),
    }),
  });
  await profile.show({ values: [] }, series);
});
