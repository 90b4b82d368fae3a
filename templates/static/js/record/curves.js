/* How likely the answer is, or its value, with a share of the tokens erased, or with them alone; chance is the range of
   random orders. Beside what is erased stands the mean of each order, which the verdict is about. */

const HEIGHT = 110;
const PADDING = { left: 34, top: 8, right: 16, bottom: 22 };
const BESIDE = 52; // the width for the means
const ENDS = [0.05, 0.1, 0.2, 0.5, 1]; // of the axis: an answer that is not likely would run along its foot
const TONES = { relevance: "ink", rollout: "ink", attention: "muted" }; // the first method is blue, as words for it

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
    const drawn = Object.entries({ [first.name]: "yes", ...TONES }).flatMap(([order, tone]) =>
      points(order).map((point) => ({ ...point, order, tone, dashed: order === "relevance" })),
    );
    const begin = this.begin.map(({ share, value }) => ({ share, low: value, high: value }));
    const random = this.given.random.map((row) => {
      const [, most, least] = row[this.what]; // what falls most is lowest
      return { share: row.share, low: least, high: most };
    });
    return { lines: drawn, random: [...begin, ...random], ...this.means };
  }

  /* The mean of each order, the first method on top, and the random ones that it has to beat. */
  get means() {
    if (this.what !== "erased") return { spread: [], means: [] };
    const { first, means } = this.given;
    const [high, low] = means.random;
    const tones = Object.entries({ ...TONES, [first.name]: "yes" }).filter(([order]) => order in means);
    return {
      spread: [{ low, high, says: "mean" }],
      means: tones.map(([order, tone]) => ({ order, value: means[order], tone })),
    };
  }

  inputs() {
    const { lines, full, random } = this.given;
    const values = lines.flatMap(({ erased, alone }) => [erased, alone, full]);
    values.push(...Object.values(this.given.means).flat());
    values.push(...random.flatMap(({ erased, alone }) => [...erased, ...alone]));
    const shares = random.map(({ share }) => share);
    const top = Math.max(...values);
    return {
      width: Math.max(120, this.room - PADDING.left - PADDING.right),
      height: HEIGHT,
      padding: PADDING,
      data: this.data,
      params: {
        low: Math.min(0, ...values),
        high: ENDS.find((end) => end >= top) ?? top,
        most: Math.max(...shares),
        beside: BESIDE,
      },
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
  const {
    random: [least, last],
    ...means
  } = given.means;
  const meant = Object.entries({ "random: least": least, "random: to beat": last, ...means });
  const mean = meant.map(([order, value]) => [order, "mean", value, null]);
  const rows = () => [...orders, ...chance, ...mean];
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
