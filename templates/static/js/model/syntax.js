/* Syntax on a model page: relations with their best heads, and heads by two scores. */

const { $ } = atlas;
const ROW = 26;
const FEW = 64; // heads: more have no letters
const NAMED = 2; // heads that are named for each score

const percent = (value) => (value == null ? "–" : `${Math.round(100 * value)}%`);
const points = (value) => `${value > 0 ? "+" : ""}${Math.round(100 * value)}`.replace("-", "−");
const interval = (low, high, say) => `${say(low)} to ${say(high)}`;

/* Column of the saved numbers -> where a row has it. */
const RELATION = {
  relation: "name",
  head: "head",
  direction: "seen",
  share: "accuracy",
  low: "low",
  high: "high",
  cases: "n",
  offset: "offset",
  offset_share: "fixed",
  gain: "gain",
  gain_low: "gain_low",
  gain_high: "gain_high",
  chance_low: "null_low",
  chance_high: "null_high",
  beyond: "beyond_chance",
};
const RELATION_TABLE = {
  Relation: (row) => row.name,
  Head: (row) => row.head,
  Looks: (row) => row.seen,
  "Finds, of all": (row) => percent(row.accuracy),
  Cases: (row) => row.n,
  "Fixed offset": (row) => row.offset,
  "Offset finds": (row) => percent(row.fixed),
  Gain: (row) => points(row.gain),
  Interval: (row) => interval(row.gain_low, row.gain_high, points),
  Chance: (row) => `up to ${percent(row.null_high)}`,
};

class Relations extends atlas.Figure {
  constructor(el, rows) {
    super(el, "relations");
    this.rows = rows;
    this.saves({
      file: () => "relations",
      columns: () => Object.keys(RELATION),
      rows: () => rows.map((row) => Object.values(RELATION).map((name) => row[name])),
      table: () => ({
        caption:
          "The best head of each relation, on texts that did not choose it; gains in percentage points.",
        columns: Object.keys(RELATION_TABLE),
        rows: rows.map((row) => Object.values(RELATION_TABLE).map((say) => say(row))),
      }),
    });
  }

  inputs() {
    const { data: mono, sans } = atlas.theme().fonts;
    const left = Math.min(230, Math.round(this.room * 0.4));
    return {
      width: Math.max(80, this.room - left - 52),
      height: this.rows.length * ROW,
      padding: { left, top: 4, right: 52, bottom: 26 },
      data: { rows: this.rows },
      params: { mono, sans },
    };
  }
}

/* One row a head; the strongest by either score have their name beside them. */
const headRows = ({ syntactic, semantic, roles: places }, roles) => {
  const all = syntactic.value.flatMap((line, layer) =>
    line.map((value, head) => {
      const bounds = [syntactic, semantic].flatMap(({ low, high }) => [low[layer][head], high[layer][head]]);
      const place = places[layer * line.length + head];
      const scores = { syntactic: value, semantic: semantic.value[layer][head], bounds };
      return {
        head: atlas.headName(layer, head),
        ...scores,
        place,
        role: roles[place][0],
        letter: "",
        label: "",
      };
    }),
  );
  const rows = all.filter(({ semantic }) => semantic != null);
  for (const score of ["syntactic", "semantic"]) {
    const best = rows.toSorted((a, b) => b[score] - a[score]).slice(0, NAMED);
    for (const row of best) row.label = row.head;
  }
  if (rows.length <= FEW) for (const row of rows) row.letter = roles[row.place][1];
  return rows;
};

class TwoScores extends atlas.Figure {
  constructor(el, scores, roles) {
    super(el, "scores");
    Object.assign(this, { scores, roles, heads: headRows(scores, roles) });
    this.save();
  }

  inputs() {
    const { scores, roles } = this;
    const heads = this.heads.map(({ bounds, ...row }) => row);
    const [low, high] = scores.chance;
    const [across, up] = ["syntactic", "semantic"].map((score) => heads.map((row) => row[score]));
    return {
      width: Math.max(80, this.room - 34 - 46),
      height: 300,
      padding: { left: 34, top: 14, right: 46, bottom: 38 },
      data: { heads, chance: [{ low, high }], fixed: [{ value: scores.fixed }] },
      params: {
        ...atlas.roleColours(roles),
        mono: atlas.theme().fonts.data,
        dot: heads.length <= FEW ? 170 : 60,
        right: Math.min(1, atlas.roundUp([...across, scores.fixed])),
        least: -atlas.roundUp([...up.map((value) => -value), -low]),
        most: atlas.roundUp([...up, high]),
      },
    };
  }

  save() {
    const { words, records } = this.scores;
    const numbers = ({ head, role, syntactic, semantic, bounds: [a, b, c, d] }) =>
      [head, role, syntactic, a, b, semantic, c, d].map((value) => value ?? "");
    const line = ({ head, role, syntactic, semantic, bounds: [a, b, c, d] }) => {
      const one = [percent(syntactic), interval(a, b, percent)];
      return [head, role, ...one, atlas.decimal(semantic), interval(c, d, atlas.decimal)];
    };
    const joined = `Share of ${words} words joined to their head`;
    const ranked = `mean rank correlation with saliency over ${records} texts`;
    this.saves({
      file: () => "scores",
      columns: () => ["head", "role", "syntactic", "low", "high", "semantic", "low", "high"],
      rows: () => this.heads.map(numbers),
      table: () => ({
        caption: `${joined}, and ${ranked}, with 95% intervals.`,
        columns: ["Head", "Role", "Syntactic", "Interval", "Semantic", "Interval"],
        rows: this.heads.map(line),
      }),
    });
  }
}

atlas.pages.push(async () => {
  if (!$("[data-relations]")) return;
  const { relations, roles } = atlas.pageData("atlas-data");
  if (!relations) return;
  const figures = [new Relations($("[data-relations]"), relations.rows)];
  if (relations.scores) figures.push(new TwoScores($("[data-scores]"), relations.scores, roles));
  for (const figure of figures) figure.reserve();
  for (const figure of figures) await figure.draw();
});
