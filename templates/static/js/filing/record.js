/* What can be saved of the figures that every record page has. */

const MOST = 200; // rows of a table that is read, not saved
const PAIR = ["query", "key", "query_token", "key_token", "weight"];

const columnsOf = ({ shown, state }) => {
  const names = state.get().vs ? PAIR.with(-1, "difference") : PAIR;
  return shown.map.fed ? [...names, "fed_token"] : names;
};
const round = (value) => Number(value.toPrecision(4));

/* The start of the name of a file about what is shown. */
const fileOf = ({ data, state }, what) => {
  const now = state.get();
  const { kind, view, layer } = now;
  const one = `${view === "head" ? "" : `${view}-`}${atlas.headName(now.layer, now.head)}`;
  const where = data.ofHead(now) ? one : `${view}-L${layer}`;
  return [
    data.given.record.slug,
    ...(kind === "self" ? [] : [kind]),
    where,
    ...atlas.lessInFile(now.vs),
    what,
  ].join("-");
};

const titleOf = ({ data, state, shown }) => atlas.plain(atlas.viewName(state.get(), shown.map, data.views));

const pair = ({ axes }, query, key, weight) => [
  query + (axes.from?.[0] ?? 0),
  key + (axes.from?.[1] ?? 0),
  axes.queries[query].label,
  axes.keys[key].label,
  round(weight),
  ...(axes.queries[query].fed ? [axes.queries[query].fed] : []),
];

/* Every pair that may be looked at. */
const pairs = (shown) => {
  const columns = shown.axes.keys.length;
  const found = [];
  shown.values.forEach((weight, at) => {
    if (!shown.masked?.[at]) found.push(pair(shown, (at / columns) | 0, at % columns, weight));
  });
  return found;
};

const WIDE = 40; // tokens: beyond, a table of all pairs is no table that can be read
const FEW = 3; // keys of a row of such a table

/* For each row of a long map, the keys with most. */
const strongestKeys = ({ values, axes, masked, ink }) => {
  const count = axes.keys.length;
  return axes.queries.map(({ says }, query) => {
    const at = (key) => query * count + key;
    const open = axes.keys.map((_, key) => key).filter((key) => !masked?.[at(key)]);
    const most = open.sort((a, b) => Math.abs(values[at(b)]) - Math.abs(values[at(a)])).slice(0, FEW);
    const cells = most.flatMap((key) => [axes.keys[key].name, atlas.figure(values[at(key)], ink)]);
    return [says, ...cells, ...Array(2 * (FEW - most.length)).fill("")];
  });
};

/* The whole map as it is drawn, a row for each token that looks; of a long text, only the most of each. */
const mapTable = (page) => {
  const { values, axes, masked, ink, row } = page.shown;
  const count = axes.keys.length;
  const weight = (at) => (masked?.[at] ? "masked" : atlas.figure(values[at], ink));
  const chosen = row < 0 ? "" : ` The row of “${axes.queries[row].name}” is chosen.`;
  if (Math.max(count, axes.queries.length) > WIDE) {
    return {
      caption: `${titleOf(page)}: every row with the most it gives; all pairs are in the CSV.${chosen}`,
      columns: ["From", "Most to", "Weight", "Then to", "Weight", "Then to", "Weight"],
      rows: strongestKeys(page.shown),
    };
  }
  const cells = (query) => axes.keys.map((_, key) => weight(query * count + key));
  return {
    caption: `${titleOf(page)}: rows look, columns are looked at.${chosen}`,
    columns: ["", ...axes.keys.map(({ label }) => label)],
    rows: axes.queries.map(({ label }, query) => [label, ...cells(query)]),
  };
};

const heatmapFiles = (page) => ({
  file: () => fileOf(page, "attention"),
  columns: () => columnsOf(page),
  rows: () => pairs(page.shown),
  table: () => mapTable(page),
  drawn: () => atlas.drawnCells(page.heatmap),
});

/* The part of a long map that is shown large. */
const part = ({ data, state }, { heatmap }) => {
  const page = { data, state, shown: heatmap.shown };
  return { ...heatmapFiles({ ...page, heatmap }), file: () => fileOf(page, "around") };
};

const lines = (page) => {
  const drawn = () => page.lines.drawn();
  return {
    file: () => fileOf(page, "lines"),
    columns: () => columnsOf(page),
    rows: () => drawn().map(({ query, key, weight }) => pair(page.shown, query, key, weight)),
    table: () => ({
      caption: `${titleOf(page)}: the ${MOST} strongest lines at most.`,
      columns: ["From", "To", "Weight"],
      rows: drawn()
        .slice(0, MOST)
        .map(({ query, key, weight }) => [
          page.shown.axes.queries[query].says,
          page.shown.axes.keys[key].name,
          atlas.figure(weight, page.shown.ink),
        ]),
    }),
  };
};

const headRows = ({ layers, heads, metrics }, format) =>
  Array.from({ length: layers * heads }, (_, at) => {
    const [layer, head] = [Math.floor(at / heads), at % heads];
    return [layer, head, ...Object.values(metrics).map((values) => format(values[layer][head]))];
  });

const allHeads = (page) => {
  const columns = () => ["layer", "head", ...Object.keys(page.shown.map.metrics)];
  return {
    file: () => `${page.data.given.record.slug}-${page.state.get().kind}-heads`,
    columns,
    rows: () => headRows(page.shown.map, (value) => value),
    drawn: () => atlas.drawnPanels({ ...page.heads.given, max: 1, chosen: page.heads.chosen }),
    spec: () => atlas.panelsSpec({ ...page.heads.given, max: 1, says: "attention weight" }),
    table: () => ({
      caption: "What each head does in this text, means over its tokens.",
      columns: columns().map((name) => name.replaceAll("_", " ")),
      rows: headRows(page.shown.map, (value) => atlas.decimal(value)),
    }),
  };
};

/* What can be saved of each figure of a record page that follows the selection. */
atlas.recordFiles = (page) => ({
  heatmap: () => heatmapFiles(page),
  closeup: (closeup) => part(page, closeup),
  lines: () => lines(page),
  heads: () => allHeads(page),
  rollout: (figure) => atlas.rolloutFiles(page, figure),
});
