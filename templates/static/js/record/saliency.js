/* Figures with a bar for each token (saliency beside attention, flow), and the curves of erasure. */
(() => {
  "use strict";
  const { atlas } = window;
  const { $, $$, make } = atlas;
  const ROW = 18, TOP = 22, ROOM = 0.76, NUMBER = 40, PRINTED = 0.25, CURVE = 110;
  const PADDING = { left: 34, top: 8, right: 16, bottom: 22 };

  /* Where names end and each column of bars begins and ends, in shares of the width. */
  const places = (room, columns) => {
    const name = Math.min(room < 480 ? 84 : 110, room * 0.28);
    const width = (room - name) / columns;
    return { name, start: (side) => (name + side * width) / room, width: (width - 10) / room };
  };

  /* `given` {tokens, sides: [{says, values, lengths?, tone, most, format?}], washed: Set of rows}. */
  const barsOf = ({ tokens, sides, washed }, room) => {
    const place = places(room, sides.length);
    const look = { angle: 0, size: 11.5, limit: 200 };
    const y = (row) => TOP + (row + 0.5) * ROW;
    const rows = [], labels = [];
    tokens.forEach((text, row) => labels.push({ ...look, text: atlas.label(text), x: place.name - 10, y: y(row),
      align: "right", hot: washed.has(row), limit: place.name - 14 }));
    sides.forEach(({ says, values, lengths = values, tone, most, format }, side) => {
      const start = place.start(side);
      labels.push({ ...look, size: 11, text: says, x: start * room, y: 10, align: "left", dim: true,
        limit: (place.width + 0.01) * room });
      values.forEach((value, row) => {
        const share = Math.abs(lengths[row]) / most;
        const end = start + share * place.width * Math.min(ROOM, Math.max(0.3, 1 - NUMBER / (place.width * room)));
        rows.push({ row, side: says, token: tokens[row], value, start, end, tone, filled: lengths[row] >= 0 });
        if (share >= PRINTED) {
          labels.push({ ...look, size: 10.5, text: format?.(value) ?? `${value < 0 ? "−" : ""}${atlas.weight(Math.abs(value))}`,
            x: end * room + 5, y: y(row), align: "left", dim: true, mono: true });
        }
      });
    });
    const washes = [...washed].map((row) => ({ x: 0, y: TOP + row * ROW, width: room, height: ROW,
      fill: "accentWash", stroke: "accentWash", line: 0 }));
    return { rows, labels, washes };
  };

  class Bars {
    constructor(el, given) {
      Object.assign(this, { el, given, chart: null });
      this.holder = make("div");
      el.replaceChildren(this.holder);
    }

    inputs() {
      const given = this.given();
      const room = Math.max(240, this.el.clientWidth);
      const count = given.tokens.length;
      const { rows, labels, washes } = barsOf(given, room);
      return { width: room, height: count * ROW, padding: { left: 0, right: 0, top: TOP, bottom: 2 },
        params: { count }, data: { rows, washes: shift(washes), labels: shift(labels) } };
    }

    async draw() {
      if (this.chart) return this.chart.set(this.inputs());
      this.starting ??= atlas.chart(this.holder, "bars", this.inputs());
      this.chart = await this.starting;
      let width = this.el.clientWidth;
      new ResizeObserver(() => {
        if (this.el.clientWidth === width || !this.el.clientWidth) return;
        width = this.el.clientWidth;
        this.chart.set(this.inputs());
      }).observe(this.el);
      return undefined;
    }
  }

  atlas.Bars = Bars;

  /* Boxes and labels are placed from the top of the figure, the chart begins below its heading. */
  const shift = (marks) => marks.map((mark) => ({ ...mark, y: mark.y - TOP }));

  const most = (values) => Math.max(1e-9, ...values.map(Math.abs));
  const side = ({ says, values }, tone, top) => ({ says, values, tone, most: top ?? most(values) });

  const pressed = (selector, name, chosen) => {
    for (const button of $$(selector)) button.setAttribute("aria-pressed", String(button.dataset[name] === String(chosen)));
  };

  /* The plate of saliency: what is explained and by which method, and the anchors and the sentence
     that go with it. Attention and anchors are those of the answer, the first of the targets. */
  const saliency = (page, el) => {
    const { saliency: given } = page.data.island.bars;
    const targets = [{ kind: "", words: given.target, integral: given.integral, methods: given.methods }, ...given.others];
    let target = 0;
    let [method, view] = [Object.keys(given.methods)[0], given.shown[0]];
    const shown = () => targets[target].methods[method];
    const anchors = () => new Set(target ? [] : given.anchors
      .filter(([seen, name]) => seen === view && name === method)
      .map(([, , token]) => given.places.indexOf(token)).filter((row) => row >= 0));
    const seen = () => {
      const { says, values } = given.views[view];
      return { values, says: `${says} from “${atlas.label(given.from)}”` };
    };
    const bars = new Bars(el, () => ({ tokens: given.tokens, washed: anchors(), sides: [
      side({ ...shown(), says: `saliency (${shown().says})` }, "no"),
      ...(view && !target ? [side(seen(), "yes")] : [])] }));
    const say = () => {
      $("[data-anchors]").textContent = target ? "Attention is compared with the answer of the model only."
        : given.sentences[view]?.[method] ?? "Too few tokens to compare two orders.";
      for (const node of $$("[data-explained]")) node.textContent = targets[target].words;
      for (const node of $$("[data-integral]")) node.textContent = targets[target].integral;
      for (const words of $$("[data-seen-says]")) words.textContent = given.views[view]?.says ?? "";
      pressed("[data-method]", "method", method);
      pressed("[data-seen]", "seen", view);
      pressed("[data-target]", "target", target);
      for (const button of $$("[data-method]")) button.disabled = !targets[target].methods[button.dataset.method];
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
    const columns = [], values = [];
    const add = (kind, group) => Object.entries(group).forEach(([name, { values: numbers }]) => {
      columns.push(kind ? `${kind}.${name}` : name);
      values.push(numbers);
    });
    add("", given.methods);
    given.others.forEach(({ kind, methods }) => add(kind, methods));
    add("", given.views);
    const rows = () => given.tokens.map((token, row) =>
      [given.places[row], token, ...values.map((numbers) => numbers[row]), anchors().has(row) ? 1 : 0]);
    register(page, el, bars, "saliency", ["place", "token", ...columns, "anchor"], rows,
      "Saliency and attention, token by token; 1 marks an anchor.");
    return () => bars.draw();
  };

  const flow = (page, el) => {
    const { flow: given } = page.data.island.bars;
    const names = Object.keys(given.sides);
    const top = most(Object.values(given.sides).flat());
    const bars = new Bars(el, () => ({ tokens: given.tokens, washed: new Set(),
      sides: names.map((says) => side({ says, values: given.sides[says] }, says === "flow" ? "yes" : "muted", top)) }));
    const rows = () => given.tokens.map((token, row) => [given.places[row], token, ...names.map((name) => given.sides[name][row])]);
    register(page, el, bars, "flow", ["place", "token", ...names], rows, `Flow from “${atlas.label(given.from)}”, token by token.`);
    return () => bars.draw();
  };

  const register = (page, el, bars, what, columns, rows, caption) => atlas.plate(el, {
    file: () => `${page.data.island.record.slug}-${what}`, columns, rows,
    view: () => bars.chart.view,
    spec: () => atlas.standalone("bars", bars.inputs()),
    table: () => ({ caption, columns, rows: rows().map((row) => row.map((cell, at) =>
      (at < 2 || at === columns.indexOf("anchor") ? (at === 1 ? atlas.label(cell) : cell)
        : `${cell < 0 ? "−" : ""}${atlas.weight(Math.abs(cell))}`))) }),
  });

  const TONES = { integrated_gradients: "no", relevance: "yes", rollout: "yes", attention: "muted" };

  /* How likely the answer is, against the share of the tokens; chance is the range of random orders. */
  const curve = (page, el) => {
    const { faithfulness: given } = page.data.island.bars;
    const what = el.dataset.curve;
    const start = what === "erased" ? [{ share: 0, value: given.full }] : [];
    const points = (order) => [...start, ...given.lines.filter((line) => line.order === order)
      .map((line) => ({ share: line.share, value: line[what] }))];
    const lines = Object.entries(TONES).flatMap(([order, tone]) => points(order).map((point) => ({ ...point, order, tone, dashed: order === "relevance" })));
    const chances = given.lines.filter(({ order }) => order.startsWith("random"));
    const shares = [...new Set(chances.map(({ share }) => share))];
    const random = [...start.map(({ value }) => ({ share: 0, low: value, high: value })), ...shares.map((share) => {
      const values = chances.filter((line) => line.share === share).map((line) => line[what]);
      return { share, low: Math.min(...values), high: Math.max(...values) };
    })];
    const values = given.lines.flatMap((line) => [line.erased, line.alone, given.full]);
    const params = { low: Math.min(0, ...values), high: Math.max(1, ...values), most: Math.max(...shares) };
    const holder = make("div");
    el.replaceChildren(holder);
    let chart = null;
    const inputs = () => ({ height: CURVE, padding: PADDING, data: { lines, random }, params,
      width: Math.max(120, el.clientWidth - PADDING.left - PADDING.right) });
    const draw = async () => {
      if (chart) return chart.set(inputs());
      chart = await atlas.chart(holder, "curve", inputs());
      return undefined;
    };
    new ResizeObserver(() => chart && draw()).observe(el);
    if (what === "erased") {
      const rows = () => given.lines.map(({ order, share, erased, alone }) => [order, share, erased, alone]);
      atlas.plate(el, { file: () => `${page.data.island.record.slug}-faithfulness`,
        columns: ["order", "share", "erased", "kept_alone"], rows, view: () => chart.view,
        spec: () => atlas.standalone("curve", inputs()),
        table: () => ({ caption: "How likely the answer is with a share of the tokens erased, and with them alone.",
          columns: ["Order", "Share of tokens", "Erased", "Kept alone"], rows: rows() }) });
    }
    return draw;
  };

  /* [element, draws it] for each of these figures that the page has. */
  atlas.tokenFigures = (page) => [
    ...$$("[data-bars=saliency]").map((el) => [el, saliency(page, el)]),
    ...$$("[data-bars=flow]").map((el) => [el, flow(page, el)]),
    ...$$("[data-curve]").map((el) => [el, curve(page, el)]),
  ].map(([el, draw]) => {
    let drawn = null;
    return [el, () => (drawn ??= draw())];
  });
})();
