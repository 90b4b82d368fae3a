/* What can be saved of the figures that every record page has. */

const { $ } = atlas;
const MOST = 200; // rows of a table that is read, not saved
const PAIR = ["query", "key", "query_token", "key_token", "weight"];

const columnsOf = ({ shown }) => (shown.map.fed ? [...PAIR, "fed_token"] : PAIR);
const round = (value) => Number(value.toPrecision(4));

/* The start of the name of a file about what is shown. */
const fileOf = ({ data, state }, what) => {
  const now = state.get();
  const { kind, view, layer } = now;
  const one = `${view === "head" ? "" : `${view}-`}${atlas.headName(now.layer, now.head)}`;
  const where = data.ofHead(now) ? one : `${view}-L${layer}`;
  return [data.given.record.slug, ...(kind === "self" ? [] : [kind]), where, what].join("-");
};

const titleOf = ({ data, state, shown }) => atlas.plain(atlas.viewName(state.get(), shown.map, data.views));

const pair = ({ axes }, query, key, weight) => [
  query,
  key,
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

const rowTable = (page) => {
  const { values, axes, masked, ink, row } = page.shown;
  const columns = ["Place", "Token", "Weight"];
  if (row < 0) return { caption: "No token of this view is chosen.", columns, rows: [] };
  const start = row * axes.keys.length;
  const weight = (at) => (masked?.[at] ? "masked" : atlas.figure(values[at], ink));
  const gets = `what each token gets from “${axes.queries[row].name}”`;
  return {
    caption: `${titleOf(page)}: ${gets}. Choose another token to change the row.`,
    columns,
    rows: axes.keys.map(({ label }, key) => [key, label, weight(start + key)]),
  };
};

const heatmap = (page) => ({
  file: () => fileOf(page, "attention"),
  columns: () => columnsOf(page),
  rows: () => pairs(page.shown),
  table: () => rowTable(page),
});

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

const panels = ({ layers, heads, rows, columns, bytes }) => {
  const cell = (_, at) => {
    const place = Math.floor(at / (rows * columns));
    const weight = Number(((bytes[at] / 255) ** 2).toPrecision(4));
    const [query, key] = [Math.floor(at / columns) % rows, at % columns];
    return { layer: Math.floor(place / heads), head: place % heads, query, key, weight };
  };
  const all = Array.from({ length: layers * heads * rows * columns }, cell);
  return atlas.standalone("panels", { data: { rows: all } });
};

const allHeads = (page) => {
  const columns = () => ["layer", "head", ...Object.keys(page.shown.map.metrics)];
  return {
    file: () => `${page.data.given.record.slug}-${page.state.get().kind}-heads`,
    columns,
    rows: () => headRows(page.shown.map, (value) => value),
    canvas: () => page.heads.picture(),
    spec: () => panels(page.heads.given),
    table: () => ({
      caption: "What each head does in this text, means over its tokens.",
      columns: columns().map((name) => name.replaceAll("_", " ")),
      rows: headRows(page.shown.map, (value) => atlas.decimal(value)),
    }),
  };
};

atlas.saveRecord = (page) => {
  page.heatmap.saves(heatmap(page));
  page.lines.saves(lines(page));
  atlas.saves($("#heads"), allHeads(page));
};
