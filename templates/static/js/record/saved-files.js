/* What can be kept of a record page: pictures, numbers, charts and the table twin of each plate. */
const { $ } = atlas;
const MOST = 200; // rows of a table that is read, not saved

const plain = (parts) => parts.map((part) => part.textContent ?? part).join("");

atlas.recordPlates = (page) => {
  const { data } = page;
  const now = () => page.shown;
  const state = () => page.state.get();
  const named = () => plain(atlas.viewName(state(), now().map, data.views));
  const file = (what) => () => {
    const { kind, view, layer } = state();
    const one = `${view === "head" ? "" : `${view}-`}${atlas.code(state())}`;
    const where = data.ofHead(state()) ? one : `${view}-L${layer}`;
    return [data.island.record.slug, ...(kind === "self" ? [] : [kind]), where, what].join("-");
  };

  /* Every pair that may be looked at: [query, key, tokens, weight]. */
  const pairs = () => {
    const { values, axes, masked } = now();
    const rows = [];
    axes.queries.forEach((query, q) =>
      axes.keys.forEach((key, k) => {
        const at = q * axes.keys.length + k;
        if (!masked?.[at]) rows.push([q, k, query.label, key.label, round(values[at])]);
      }),
    );
    return rows;
  };
  const round = (value) => Number(value.toPrecision(4));
  const PAIR = ["query", "key", "query_token", "key_token", "weight"];

  atlas.plate($("#heat"), {
    file: file("attention"),
    columns: PAIR,
    rows: pairs,
    view: () => page.heatmap.chart.view,
    spec: () => atlas.heatmapSpec(now(), page.heatmap.place),
    table: () => {
      const { values, axes, masked, ink, row } = now();
      const columns = axes.keys.length;
      const weight = (k) =>
        masked?.[row * columns + k] ? "masked" : atlas.figure(values[row * columns + k], ink);
      return {
        caption:
          row < 0
            ? "The chosen token is left out of this view."
            : `${named()}: what each token gets from “${axes.queries[row].name}”. Choose another token to change the row.`,
        columns: ["Place", "Token", "Weight"],
        rows: row < 0 ? [] : axes.keys.map(({ label }, k) => [k, label, weight(k)]),
      };
    },
  });

  const metricRows = (format) => {
    const { map } = now();
    const names = Object.keys(map.metrics);
    return Array.from({ length: map.layers * map.heads }, (_, at) => {
      const [layer, head] = [Math.floor(at / map.heads), at % map.heads];
      return [layer, head, ...names.map((name) => format(map.metrics[name][layer][head]))];
    });
  };
  const metricNames = () => ["layer", "head", ...Object.keys(now().map.metrics)];
  atlas.plate($("#heads"), {
    file: () => `${data.island.record.slug}-${state().kind}-heads`,
    get columns() {
      return metricNames();
    },
    rows: () => metricRows((value) => value),
    canvas: () => page.heads.canvas(),
    spec: () => panels(page.heads.given()),
    table: () => ({
      caption: "What each head does in this plate, means over its tokens.",
      columns: metricNames().map((name) => name.replaceAll("_", " ")),
      rows: metricRows((value) => atlas.decimal(value)),
    }),
  });

  const drawn = () =>
    atlas
      .linesShown(page.lines)
      .map(({ query, key, weight }) => [
        query,
        key,
        now().axes.queries[query].label,
        now().axes.keys[key].label,
        round(weight),
      ]);
  atlas.plate($("#lines"), {
    file: file("lines"),
    columns: PAIR,
    rows: drawn,
    view: () => page.lines.chart.view,
    spec: () => atlas.linesSpec(page.lines),
    table: () => ({
      caption: `${named()}: the ${MOST} strongest lines at most.`,
      columns: ["From", "To", "Weight"],
      rows: drawn()
        .slice(0, MOST)
        .map(([query, key, , , weight]) => [
          now().axes.queries[query].name,
          now().axes.keys[key].name,
          atlas.figure(weight, now().ink),
        ]),
    }),
  });

  if ($("#rollout")) atlas.plate($("#rollout"), rolloutFigure(page, round));
};

const rolloutFigure = (page, round) => {
  const { data, rollout } = page;
  const rows = async () => {
    const { map } = page.shown;
    const keys = map.keys ?? map.queries;
    const stack = await Promise.all(
      Array.from({ length: map.layers }, (_, layer) => rollout.shares(map, layer)),
    );
    return stack.flatMap((share, layer) =>
      map.queries.flatMap((_, q) => keys.map((_, k) => [layer, q, k, round(share(q, k))])),
    );
  };
  return {
    file: () => `${data.island.record.slug}-${page.state.get().kind}-rollout`,
    columns: ["layer", "query", "key", "share"],
    rows,
    canvas: () => rollout.canvas(),
    spec: async () =>
      atlas.standalone("panels", {
        data: {
          rows: (await rows()).map(([layer, query, key, weight]) => ({ layer, head: 0, query, key, weight })),
        },
      }),
    table: () => rollout.table(page.state.get(), page.shown.map),
  };
};

const panels = ({ layers, heads, rows, columns, bytes }) => {
  const values = [];
  for (let at = 0; at < layers * heads * rows * columns; at++) {
    const place = Math.floor(at / (rows * columns));
    values.push({
      layer: Math.floor(place / heads),
      head: place % heads,
      query: Math.floor(at / columns) % rows,
      key: at % columns,
      weight: Number(((bytes[at] / 255) ** 2).toPrecision(4)),
    });
  }
  return atlas.standalone("panels", { data: { rows: values } });
};
