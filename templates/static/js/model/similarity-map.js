/* Heads that are alike: a map of them, dots in the colours of their roles, with a scale in nats. */

const MARGIN = 26;
const ASIDE = 24; // pixels for names beside the outermost dots
const REACH = 16; // pixels from which the pointer finds a dot
const NAMED = 9.5;
const BAR = 0.1; // nats that the scale shows
const TIP = 40;
const AT = { X: 0, Y: 1, GROUP: 2, ORDER: 3, NEAREST: 4, DISTANCE: 5, SHUFFLED: 6 };
atlas.similarityFields = AT;

const overlap = (a, b) => a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];

/* Right, left, above and below a dot, as [x, align, y]. */
const beside = ({ x, y }, radius, size) => [
  [x + radius + 2, "left", y],
  [x - radius - 2, "right", y],
  [x, "center", y - radius - size / 2 - 1],
  [x, "center", y + radius + size / 2 + 1],
];

/* Names beside their dots, wherever they hide neither a dot nor another name. */
const named = (heads, radius, size) => {
  const taken = heads.map(({ x, y }) => [x - radius, y - radius, x + radius, y + radius]);
  const look = { angle: 0, size, limit: 80, hot: false, dim: true, mono: true };
  return heads.flatMap((head, own) => {
    const [wide, high] = [head.head.length * size * 0.62, size / 2 + 1];
    const box = ([x, align, y]) => {
      const left = x - { left: 0, right: wide, center: wide / 2 }[align];
      return [left, y - high, left + wide, y + high];
    };
    const free = (place) => !taken.some((other, i) => i !== own && overlap(box(place), other));
    const place = beside(head, radius, size).find(free);
    if (!place) return [];
    taken.push(box(place));
    const [x, align, y] = place;
    return [{ ...look, x, y, text: head.head, align }];
  });
};

atlas.SimilarityMap = class extends atlas.HeadFigure {
  get known() {
    return this.model.given.similarity[this.model.kind.kind];
  }

  async draw() {
    this.el.closest(".figure").hidden = !this.known;
    if (this.known) await super.draw();
  }

  save() {
    const points = () => this.known?.points ?? [];
    const row = (say) => (p, at) => {
      const role = this.model.role(...this.split(at)).name;
      const place = [say(p[AT.X]), say(p[AT.Y]), p[AT.GROUP]];
      return [
        this.label(at),
        role,
        ...place,
        this.label(p[AT.NEAREST]),
        say(p[AT.DISTANCE]),
        say(p[AT.SHUFFLED]),
      ];
    };
    this.saves({
      file: () => `alike-${this.model.kind.kind}`,
      columns: () => ["head", "role", "x", "y", "group", "nearest", "distance", "by_chance"],
      rows: () => points().map(row((value) => value)),
      table: () => ({
        caption: "Place of every head on the map, its group, and its nearest head with the distance in nats.",
        columns: ["Head", "Role", "Across", "Up", "Group", "Nearest", "Distance", "By chance"],
        rows: points().map(row((value) => atlas.decimal(value, 3))),
      }),
    });
  }

  /* Where every head stands, in pixels: the same scale across and down. */
  layout() {
    const { points } = this.known;
    const [xs, ys] = [points.map((p) => p[AT.X]), points.map((p) => p[AT.Y])];
    const [left, right, low, high] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
    const width = Math.max(160, this.room);
    const inner = width - 2 * MARGIN - ASIDE;
    const scale = inner / Math.max(1e-6, right - left, high - low);
    const height = Math.max(120, Math.round((high - low) * scale) + 2 * MARGIN + 16);
    const indent = MARGIN + (inner - (right - left) * scale) / 2;
    const place = (p) => [indent + (p[AT.X] - left) * scale, MARGIN + (high - p[AT.Y]) * scale];
    return { width, height, scale, places: points.map(place) };
  }

  inputs() {
    const { width, height, scale, places } = this.layout();
    const radius = places.length > 300 ? 3 : places.length > 100 ? 4 : 5;
    const role = (at) => this.model.role(...this.split(at)).name;
    const heads = places.map(([x, y], at) => ({ x, y, role: role(at), head: this.label(at) }));
    const side = 2 * radius + 6;
    const ring = { width: side, height: side, fill: "none", stroke: "accent", line: 2 };
    const box = ([x, y]) => ({ ...ring, x: x - radius - 3, y: y - radius - 3 });
    const bar = { x: 6, y: height - 8, width: BAR * scale, height: 2, fill: "ink2", stroke: "ink2", line: 0 };
    const look = { align: "left", angle: 0, size: 10.5, limit: 90, mono: true };
    const words = { ...look, x: 12 + BAR * scale, y: height - 7, text: `${BAR} nats` };
    const data = {
      heads,
      joined: this.#joined(places),
      names: [...named(heads, radius, NAMED), words],
      scale: [bar],
      chosen: this.head ? [box(places[this.at])] : [],
    };
    return { width, height, data, params: { roles: this.tint(), dot: 3.14 * radius * radius } };
  }

  /* Lines between all heads of a group. */
  #joined(places) {
    const groups = Map.groupBy(places.keys(), (at) => this.known.points[at][AT.GROUP]);
    const line = (i, j) => ({ x: places[i][0], y: places[i][1], x2: places[j][0], y2: places[j][1] });
    const within = (members) => members.flatMap((i, at) => members.slice(at + 1).map((j) => line(i, j)));
    return [...groups.values()].flatMap(within);
  }

  /* "L0H6 previous, in a group of 2; nearest L1H6 at 0.042 nats, by chance 0.310" */
  words(at) {
    const { points } = this.known;
    const found = points[at];
    const size = points.filter((point) => point[AT.GROUP] === found[AT.GROUP]).length;
    const { name } = this.model.role(...this.split(at));
    const role = name === "none" ? "" : ` ${name}`;
    const group = size > 1 ? `, in a group of ${size}` : "";
    const [distance, chance] = [AT.DISTANCE, AT.SHUFFLED].map((field) => atlas.decimal(found[field], 3));
    const nearest = `nearest ${this.label(found[AT.NEAREST])} at ${distance} nats, by chance ${chance}`;
    return `${this.label(at)}${role}${group}; ${nearest}`;
  }

  find(x, y) {
    const away = this.layout().places.map(([a, b]) => Math.hypot(a - x, b - y));
    const nearest = away.indexOf(Math.min(...away));
    return away[nearest] <= REACH ? nearest : null;
  }

  placeOf([layer, head]) {
    return layer * this.model.kind.heads + head;
  }

  spot(at) {
    const [x, y] = this.layout().places[at];
    return [x, y - TIP];
  }

  click(at) {
    this.onOpen(...this.split(at));
  }
};
