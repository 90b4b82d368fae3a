/* Saliency beside attention and flow, token by token, and the curves of erasure. */

const { $, $$, make, Bars } = atlas;
const CURVE = 110;
const PADDING = { left: 34, top: 8, right: 16, bottom: 22 };

const most = (values) => Math.max(1e-9, ...values.map(Math.abs));
const side = ({ says, values }, tone, top) => ({ says, values, tone, most: top ?? most(values) });

const pressed = (selector, name, chosen) => {
  for (const button of $$(selector))
    button.setAttribute("aria-pressed", String(button.dataset[name] === String(chosen)));
};

/* The plate of saliency: what is explained and by which method, and the anchors and the sentence
   that go with it. Attention and anchors are those of the answer, the first of the targets. */
const saliency = (page, el) => {
  const { saliency: given } = page.data.island.bars;
  const targets = [
    { kind: "", words: given.target, integral: given.integral, methods: given.methods },
    ...given.others,
  ];
  let target = 0;
  let [method, view] = [Object.keys(given.methods)[0], given.shown[0]];
  const shown = () => targets[target].methods[method];
  const anchors = () =>
    new Set(
      target
        ? []
        : given.anchors
            .filter(([seen, name]) => seen === view && name === method)
            .map(([, , token]) => given.places.indexOf(token))
            .filter((row) => row >= 0),
    );
  const seen = () => {
    const { says, values } = given.views[view];
    return { values, says: `${says} from “${atlas.label(given.from)}”` };
  };
  const bars = new Bars(el, () => ({
    tokens: given.tokens,
    washed: anchors(),
    sides: [
      side({ ...shown(), says: `saliency (${shown().says})` }, "no"),
      ...(view && !target ? [side(seen(), "yes")] : []),
    ],
  }));
  const say = () => {
    $("[data-anchors]").textContent = target
      ? "Attention is compared with the answer of the model only."
      : (given.sentences[view]?.[method] ?? "Too few tokens to compare two orders.");
    for (const node of $$("[data-explained]")) node.textContent = targets[target].words;
    for (const node of $$("[data-integral]")) node.textContent = targets[target].integral;
    for (const words of $$("[data-seen-says]")) words.textContent = given.views[view]?.says ?? "";
    pressed("[data-method]", "method", method);
    pressed("[data-seen]", "seen", view);
    pressed("[data-target]", "target", target);
    for (const button of $$("[data-method]"))
      button.disabled = !targets[target].methods[button.dataset.method];
    for (const node of $$("[data-of-answer]")) node.hidden = target > 0;
  };
  const choose = (change) => {
    change();
    if (!shown()) [method] = Object.keys(targets[target].methods);
    say();
    bars.draw();
    atlas.refreshTwins();
  };
  for (const button of $$("[data-method]")) {
    button.addEventListener("click", () => choose(() => (method = button.dataset.method)));
  }
  for (const button of $$("[data-seen]")) {
    button.addEventListener("click", () => choose(() => (view = button.dataset.seen)));
  }
  for (const button of $$("[data-target]")) {
    button.addEventListener("click", () => choose(() => (target = Number(button.dataset.target))));
  }
  say();
  const columns = [],
    values = [];
  const add = (kind, group) =>
    Object.entries(group).forEach(([name, { values: numbers }]) => {
      columns.push(kind ? `${kind}.${name}` : name);
      values.push(numbers);
    });
  add("", given.methods);
  given.others.forEach(({ kind, methods }) => add(kind, methods));
  add("", given.views);
  const rows = () =>
    given.tokens.map((token, row) => [
      given.places[row],
      token,
      ...values.map((numbers) => numbers[row]),
      anchors().has(row) ? 1 : 0,
    ]);
  register(
    page,
    el,
    bars,
    "saliency",
    ["place", "token", ...columns, "anchor"],
    rows,
    "Saliency and attention, token by token; 1 marks an anchor.",
  );
  return () => bars.draw();
};

const flow = (page, el) => {
  const { flow: given } = page.data.island.bars;
  const names = Object.keys(given.sides);
  const top = most(Object.values(given.sides).flat());
  const bars = new Bars(el, () => ({
    tokens: given.tokens,
    washed: new Set(),
    sides: names.map((says) =>
      side({ says, values: given.sides[says] }, says === "flow" ? "yes" : "muted", top),
    ),
  }));
  const rows = () =>
    given.tokens.map((token, row) => [
      given.places[row],
      token,
      ...names.map((name) => given.sides[name][row]),
    ]);
  register(
    page,
    el,
    bars,
    "flow",
    ["place", "token", ...names],
    rows,
    `Flow from “${atlas.label(given.from)}”, token by token.`,
  );
  return () => bars.draw();
};

const register = (page, el, bars, what, columns, rows, caption) =>
  atlas.plate(el, {
    file: () => `${page.data.island.record.slug}-${what}`,
    columns,
    rows,
    view: () => bars.chart.view,
    spec: () => atlas.standalone("bars", bars.inputs()),
    table: () => ({
      caption,
      columns,
      rows: rows().map((row) =>
        row.map((cell, at) =>
          at < 2 || at === columns.indexOf("anchor")
            ? at === 1
              ? atlas.label(cell)
              : cell
            : `${cell < 0 ? "−" : ""}${atlas.weight(Math.abs(cell))}`,
        ),
      ),
    }),
  });

const TONES = { integrated_gradients: "no", relevance: "yes", rollout: "yes", attention: "muted" };

/* How likely the answer is, or its value, against the share of the tokens; chance is the range of random orders. */
const curve = (page, el) => {
  const { faithfulness: given } = page.data.island.bars;
  const what = el.dataset.curve;
  const start = what === "erased" ? [{ share: 0, value: given.full }] : [];
  const points = (order) => [
    ...start,
    ...given.lines
      .filter((line) => line.order === order)
      .map((line) => ({ share: line.share, value: line[what] })),
  ];
  const lines = Object.entries(TONES).flatMap(([order, tone]) =>
    points(order).map((point) => ({ ...point, order, tone, dashed: order === "relevance" })),
  );
  const chances = given.lines.filter(({ order }) => order.startsWith("random"));
  const shares = [...new Set(chances.map(({ share }) => share))];
  const random = [
    ...start.map(({ value }) => ({ share: 0, low: value, high: value })),
    ...shares.map((share) => {
      const values = chances.filter((line) => line.share === share).map((line) => line[what]);
      return { share, low: Math.min(...values), high: Math.max(...values) };
    }),
  ];
  const values = given.lines.flatMap((line) => [line.erased, line.alone, given.full]);
  const params = { low: Math.min(0, ...values), high: Math.max(1, ...values), most: Math.max(...shares) };
  const holder = make("div");
  el.replaceChildren(holder);
  let chart = null;
  const inputs = () => ({
    height: CURVE,
    padding: PADDING,
    data: { lines, random },
    params,
    width: Math.max(120, el.clientWidth - PADDING.left - PADDING.right),
  });
  const draw = async () => {
    if (chart) return chart.set(inputs());
    chart = await atlas.chart(holder, "curve", inputs());
    return undefined;
  };
  new ResizeObserver(() => chart && draw()).observe(el);
  if (what === "erased") {
    const rows = () => given.lines.map(({ order, share, erased, alone }) => [order, share, erased, alone]);
    atlas.plate(el, {
      file: () => `${page.data.island.record.slug}-faithfulness`,
      columns: ["order", "share", "erased", "kept_alone"],
      rows,
      view: () => chart.view,
      spec: () => atlas.standalone("curve", inputs()),
      table: () => ({
        caption: `${given.what} with a share of the tokens erased, and with them alone.`,
        columns: ["Order", "Share of tokens", "Erased", "Kept alone"],
        rows: rows(),
      }),
    });
  }
  return draw;
};

/* [element, draws it] for each of these figures that the page has. */
atlas.tokenFigures = (page) =>
  [
    ...$$("[data-bars=saliency]").map((el) => [el, saliency(page, el)]),
    ...$$("[data-bars=flow]").map((el) => [el, flow(page, el)]),
    ...$$("[data-curve]").map((el) => [el, curve(page, el)]),
  ].map(([el, draw]) => {
    let drawn = null;
    return [el, () => (drawn ??= draw())];
  });
