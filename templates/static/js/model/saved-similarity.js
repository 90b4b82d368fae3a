/* What the figures of heads that are alike offer to keep. */
const MOST = 100; // pairs in a table that is read, not saved
const COLUMNS = ["head", "role", "x", "y", "group", "nearest", "distance", "by_chance"];

const spot = (model, map, format) => {
  const { X, Y, GROUP, NEAREST, DISTANCE, SHUFFLED } = atlas.alikeAt;
  return (map.known?.points ?? []).map((point, at) => {
    const { heads } = model.kind;
    const role = model.role(Math.floor(at / heads), at % heads).name;
    return [
      map.label(at),
      role,
      format(point[X]),
      format(point[Y]),
      point[GROUP],
      map.label(point[NEAREST]),
      format(point[DISTANCE]),
      format(point[SHUFFLED]),
    ];
  });
};

atlas.alikeFigures = (model, [map, pairs]) => {
  if (map) {
    atlas.plate(map.el, {
      file: () => `alike-${model.kind.kind}`,
      columns: COLUMNS,
      rows: () => spot(model, map, (value) => value),
      table: () => ({
        caption: "Place of every head on the map, its group, and its nearest head with the distance in nats.",
        columns: ["Head", "Role", "Across", "Up", "Group", "Nearest", "Distance", "By chance"],
        rows: spot(model, map, (value) => atlas.decimal(value, 3)),
      }),
      spec: () => atlas.standalone("alike", map.inputs()),
      view: () => map.chart.view,
    });
  }
  if (pairs) {
    const all = () => (pairs.count ? pairs.pairs() : []);
    atlas.plate(pairs.el, {
      file: () => `distances-${model.kind.kind}`,
      columns: ["first", "second", "nats"],
      rows: () => all().map(([first, second, nats]) => [first, second, Number(nats.toPrecision(4))]),
      table: () => ({
        caption: `The ${MOST} nearest pairs of heads at most; all are in the file of numbers.`,
        columns: ["Head", "Head", "Distance, nats"],
        rows: all()
          .slice(0, MOST)
          .map(([a, b, nats]) => [a, b, atlas.decimal(nats, 3)]),
      }),
      spec: () => {
        const given = pairs.inputs();
        const rows = all().map(([first, second, distance]) => ({ first, second, distance }));
        return atlas.standalone("pairwise", { ...given, data: { ...given.data, rows } });
      },
      view: () => pairs.chart.view,
    });
  }
};
