/* How likely the answer is, or its value, with a share of the tokens erased, or with them alone; chance is the range of
   random orders. */

const HEIGHT = 110;
const PADDING = { left: 34, top: 8, right: 16, bottom: 22 };
const TONES = { relevance: "yes", rollout: "yes", attention: "muted" }; // the first method has a tone of its own

class Curve extends atlas.PaintedFigure {
  constructor(el, given) {
    super(el, "curve");
    this.given = given;
    this.what = el.dataset.curve;
    const whole = { share: 0, value: given.full };
    this.begin = this.what === "erased" ? [whole] : []; // with nothing erased the answer is as it was
  }

  get data() {
    const { lines, first } = this.given;
    const value = (line) => line[this.what];
    const points = (order) => [
      ...this.begin,
      ...lines
        .filter((line) => line.order === order)
        .map((line) => ({ share: line.share, value: value(line) })),
    ];
    const drawn = Object.entries({ [first.name]: "no", ...TONES }).flatMap(([order, tone]) =>
      points(order).map((point) => ({ ...point, order, tone, dashed: order === "relevance" })),
    );
    const begin = this.begin.map(({ share, value }) => ({ share, low: value, high: value }));
    const random = this.given.random.map((row) => {
      const [, most, least] = row[this.what]; // what falls most is lowest
      return { share: row.share, low: least, high: most };
    });
    return { lines: drawn, random: [...begin, ...random] };
  }

  inputs() {
    const { lines, full, random } = this.given;
    const values = lines.flatMap(({ erased, alone }) => [erased, alone, full]);
    values.push(...random.flatMap(({ erased, alone }) => [...erased, ...alone]));
    const shares = random.map(({ share }) => share);
    return {
      width: Math.max(120, this.room - PADDING.left - PADDING.right),
      height: HEIGHT,
      padding: PADDING,
      data: this.data,
      params: { low: Math.min(0, ...values), high: Math.max(1, ...values), most: Math.max(...shares) },
    };
  }
}

atlas.faithfulness = (page, el) => {
  const given = page.data.given.bars.faithfulness;
  const curve = new Curve(el, given);
  if (curve.what !== "erased") return curve; // both curves stand in one figure, and are saved as one
  const chance = ["mean", "upper end", "lower end"].flatMap((name, at) =>
    given.random.map(({ share, erased, alone }) => [`random: ${name}`, share, erased[at], alone[at]]),
  );
  const orders = given.lines.map(({ order, share, erased, alone }) => [order, share, erased, alone]);
  const rows = () => [...orders, ...chance];
  curve.saves({
    file: () => `${page.data.given.record.slug}-faithfulness`,
    columns: () => ["order", "share", "erased", "kept_alone"],
    rows,
    table: () => ({
      caption: `${given.what} with a share of the tokens erased, and with them alone.`,
      columns: ["Order", "Share of tokens", "Erased", "Kept alone"],
      rows: rows(),
    }),
  });
  return curve;
};
