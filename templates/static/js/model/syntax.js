/* Syntax on a model page: relations with their best heads, heads by two scores, words by layer. */
const { $, make } = atlas;
const ROW = 26,
  FEW = 64,
  NAMED = 2;
const code = (layer, head) => `L${layer}H${head}`;
const percent = (value) => (value == null ? "–" : `${Math.round(100 * value)}%`);
const points = (value) => `${value > 0 ? "+" : ""}${Math.round(100 * value)}`.replace("-", "−");

/* Draw a chart in an element, again whenever its width or the theme changes. */
const drawn = async (el, name, inputs) => {
  const holder = make("div", { class: "chart" });
  el.replaceChildren(holder);
  const chart = await atlas.chart(holder, name, inputs());
  atlas.onTheme(() => chart.set(inputs()));
  let width = el.clientWidth;
  new ResizeObserver(() => {
    if (el.clientWidth === width || !el.clientWidth) return;
    width = el.clientWidth;
    chart.set(inputs());
  }).observe(el);
  return chart;
};

const relations = async (rows) => {
  const el = $("[data-relations]");
  const inputs = () => {
    const { fonts } = atlas.theme();
    const left = Math.min(230, Math.round(el.clientWidth * 0.4));
    return {
      width: Math.max(80, el.clientWidth - left - 52),
      height: rows.length * ROW,
      padding: { left, top: 4, right: 52, bottom: 26 },
      data: { rows },
      params: { mono: fonts.data, sans: fonts.sans },
    };
  };
  const chart = await drawn(el, "relations", inputs);
  atlas.plate(el, {
    file: () => "relations",
    columns: [
      "relation",
      "head",
      "direction",
      "share",
      "low",
      "high",
      "cases",
      "offset",
      "offset_share",
      "gain",
      "gain_low",
      "gain_high",
      "chance_low",
      "chance_high",
      "verdict",
    ],
    rows: () =>
      rows.map((row) => [
        row.name,
        row.head,
        row.seen,
        row.accuracy,
        row.low,
        row.high,
        row.n,
        row.offset,
        row.fixed,
        row.gain,
        row.gain_low,
        row.gain_high,
        row.null_low,
        row.null_high,
        row.verdict,
      ]),
    table: () => ({
      caption: "The best head of each relation, on texts that did not choose it; gains in percentage points.",
      columns: [
        "Relation",
        "Head",
        "Looks",
        "Finds",
        "Cases",
        "Fixed offset",
        "Finds",
        "Gain",
        "Interval",
        "Chance",
      ],
      rows: rows.map((row) => [
        row.name,
        row.head,
        row.seen,
        percent(row.accuracy),
        row.n,
        row.offset,
        percent(row.fixed),
        points(row.gain),
        `${points(row.gain_low)} to ${points(row.gain_high)}`,
        `up to ${percent(row.null_high)}`,
      ]),
    }),
    spec: () => atlas.standalone("relations", inputs()),
    view: () => chart.view,
  });
};

/* One row a head; the strongest by either score have their name beside them. */
const headRows = (scores, roles) => {
  const rows = scores.syntactic.value
    .flatMap((line, layer) =>
      line.map((syntactic, head) => {
        const place = scores.roles[layer * line.length + head];
        return {
          head: code(layer, head),
          syntactic,
          semantic: scores.semantic.value[layer][head],
          place,
          role: roles[place][0],
          letter: "",
          label: "",
          bounds: [scores.syntactic, scores.semantic].flatMap(({ low, high }) => [
            low[layer][head],
            high[layer][head],
          ]),
        };
      }),
    )
    .filter(({ semantic }) => semantic != null);
  for (const score of ["syntactic", "semantic"]) {
    [...rows]
      .sort((a, b) => b[score] - a[score])
      .slice(0, NAMED)
      .forEach((row) => (row.label = row.head));
  }
  if (rows.length <= FEW) rows.forEach((row) => (row.letter = roles[row.place][1]));
  return rows;
};

const scatter = async (scores, roles) => {
  const el = $("[data-scores]");
  const rows = headRows(scores, roles);
  const heads = rows.map(({ bounds, ...row }) => row);
  const [low, high] = scores.chance;
  const inputs = () => ({
    width: Math.max(80, el.clientWidth - 34 - 46),
    height: 300,
    padding: { left: 34, top: 14, right: 46, bottom: 38 },
    data: { heads, chance: [{ low, high }], fixed: [{ value: scores.fixed }] },
    params: {
      ...atlas.roleColours(roles),
      mono: atlas.theme().fonts.data,
      dot: rows.length <= FEW ? 170 : 60,
      right: Math.min(1, atlas.roundUp([...rows.map(({ syntactic }) => syntactic), scores.fixed])),
      least: -atlas.roundUp([...rows.map(({ semantic }) => -semantic), -low]),
      most: atlas.roundUp([...rows.map(({ semantic }) => semantic), high]),
    },
  });
  const chart = await drawn(el, "scores", inputs);
  atlas.plate(el, {
    file: () => "scores",
    columns: ["head", "role", "syntactic", "low", "high", "semantic", "low", "high"],
    rows: () =>
      rows.map(({ head, role, syntactic, semantic, bounds: [a, b, c, d] }) =>
        [head, role, syntactic, a, b, semantic, c, d].map((value) => value ?? ""),
      ),
    table: () => ({
      caption: `Share of ${scores.words} words joined to their head, and mean rank correlation with saliency over ${scores.records} texts, with 95% intervals.`,
      columns: ["Head", "Role", "Syntactic", "Interval", "Semantic", "Interval"],
      rows: rows.map(({ head, role, syntactic, semantic, bounds: [a, b, c, d] }) => [
        head,
        role,
        percent(syntactic),
        `${percent(a)} to ${percent(b)}`,
        atlas.decimal(semantic),
        `${atlas.decimal(c)} to ${atlas.decimal(d)}`,
      ]),
    }),
    spec: () => atlas.standalone("scores", inputs()),
    view: () => chart.view,
  });
};

/* How differently a word attends in two texts, layer by layer. */
const words = async (series) => {
  const el = $("[data-words]");
  const profile = new atlas.Profile(el);
  await profile.show({ values: [] }, series);
  const rows = () =>
    series.y.map((mean, layer) => [layer, mean, series.low[layer], series.high[layer], series.null[layer]]);
  atlas.plate(el, {
    file: () => "context",
    columns: ["layer", "same_word", "low", "high", "different_words"],
    rows: () => rows().map((row) => row.map((value) => value ?? "")),
    table: () => ({
      caption: "Divergence in nats of the same word in two texts, 95% interval, and of different words.",
      columns: ["Layer", "Same word", "Low", "High", "Different words"],
      rows: rows().map(([layer, ...rest]) => [layer, ...rest.map((value) => atlas.weight(value))]),
    }),
    spec: () => atlas.standalone("profile", profile.inputs()),
    view: () => profile.chart.view,
  });
};

atlas.pages.push(async () => {
  if (!$("[data-relations], [data-words]")) return;
  const { relations: syntax, words: series, roles } = atlas.island("atlas-data");
  if (syntax) await relations(syntax.rows);
  if (syntax?.scores) await scatter(syntax.scores, roles);
  if (series) await words(series);
});
