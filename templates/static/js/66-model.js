/* The model page: one kind, metric and head, and the maps, profiles and table that follow them. */
(() => {
  "use strict";
  const { atlas } = window;
  const { $, $$, make } = atlas;
  const TABLE = ["entropy", "distance", "delimiter", "confidence"];

  /* A mixed colour, color(srgb r g b), as every drawing program reads it. */
  const plain = (colour) => {
    const mixed = colour.match(/^color\(srgb ([\d.]+) ([\d.]+) ([\d.]+)\)$/);
    return mixed ? `rgb(${mixed.slice(1).map((part) => Math.round(part * 255)).join(", ")})` : colour;
  };
  const code = (layer, head) => `L${layer}H${head}`;
  const pressed = (buttons, name, value) =>
    buttons.forEach((button) => button.setAttribute("aria-pressed", String(button.dataset[name] === value)));

  class Model {
    constructor(island) {
      this.island = island;
      this.kinds = Object.fromEntries(island.kinds.map((kind) => [kind.kind, kind]));
      const start = { kind: island.kinds[0].kind, metric: "entropy", layer: null, head: null };
      this.state = atlas.selection(start, (state) => this.fit(state));
    }

    fit({ kind, metric, layer, head }) {
      const found = this.kinds[kind] ?? this.island.kinds[0];
      const known = layer != null && head != null && layer < found.layers && head < found.heads;
      return {
        kind: found.kind,
        metric: found.metrics[metric] ? metric : Object.keys(found.metrics)[0],
        layer: known ? layer : null,
        head: known ? head : null,
      };
    }

    get kind() {
      return this.kinds[this.state.get().kind];
    }

    get numbers() {
      return this.kind.metrics[this.state.get().metric];
    }

    get metric() {
      const { metric } = this.state.get();
      return this.island.metrics.find(({ name }) => name === metric);
    }

    /* What full ink stands for: 1 for shares, unless all are small; else a round number. */
    get top() {
      const all = this.numbers.values.flat();
      const top = atlas.roundUp([...all, ...(this.numbers.null ?? [])]);
      return this.metric.unit === "share" && top > 0.5 ? 1 : top;
    }

    number(name, layer, head) {
      return this.kind.metrics[name]?.values[layer][head] ?? null;
    }

    role(layer, head) {
      const [name, letter, says] = this.island.roles[this.kind.roles[layer * this.kind.heads + head]];
      return { name, letter, says };
    }

    /* Value, interval and null of the metric for a head, in words. */
    words(layer, head) {
      const { values, low, high, null: chance } = this.numbers;
      const unit = this.metric.unit === "share" ? "" : ` ${this.metric.unit}`;
      const parts = [`${code(layer, head)} ${this.metric.short.toLowerCase()} ${atlas.decimal(values[layer][head])}${unit}`];
      if (low?.[layer][head] != null) {
        parts.push(`95% interval ${atlas.decimal(low[layer][head])} to ${atlas.decimal(high[layer][head])}`);
      }
      if (chance?.[layer] != null) parts.push(`uniform ${atlas.decimal(chance[layer])}`);
      return parts.join(", ");
    }

    roleWords(layer, head) {
      const role = this.role(layer, head);
      const [measure, score, chance] = this.kind.scores[layer * this.kind.heads + head];
      const start = `${code(layer, head)} ${role.name}`;
      if (measure === "entropy" || score == null) return `${start}: ${role.says}`;
      const told = role.name === "none" ? `nearest ${measure}` : role.says;
      return `${start}: ${told} ${atlas.decimal(score)}, uniform ${atlas.decimal(chance)}`;
    }

    /* One row a head for the table and for files. */
    rows() {
      const { layers, heads, kind } = this.kind;
      return Array.from({ length: layers * heads }, (_, at) => {
        const [layer, head] = [Math.floor(at / heads), at % heads];
        const [measure, score, chance, low, high] = this.kind.scores[at];
        const { name: role, letter } = this.role(layer, head);
        const numbers = Object.fromEntries(TABLE.map((name) => [name, this.number(name, layer, head)]));
        return { kind, layer, head, place: at, label: code(layer, head), role, letter, measure, score, chance, low, high,
          margin: (score ?? 0) - (chance ?? 0), ...numbers };
      });
    }
  }

  /* Even steps that end at the top of the scale. */
  const STEPS = { 1: 0.25, 1.5: 0.5, 2: 0.5, 2.5: 0.5, 3: 1, 4: 1, 5: 1, 6: 2, 8: 2, 10: 2.5 };
  const ticksTo = (top) => {
    const scale = 10 ** Math.floor(Math.log10(top * 1.0001));
    const step = STEPS[+(top / scale).toPrecision(3)] * scale;
    return Array.from({ length: Math.round(top / step) + 1 }, (_, i) => +(i * step).toPrecision(6));
  };

  /* The scale of the metric, its ends in its own unit, and where the null lies on it. */
  const metricBar = (el, model) => {
    const { top, metric, numbers } = model;
    const ticks = ticksTo(top);
    const place = (value) => `${(value / top) * 100}%`;
    const segments = ticks.slice(1).map((tick, i) =>
      make("i", { style: `left:${place(ticks[i])};width:${place(tick - ticks[i])}` }));
    const labels = ticks.map((tick) => make("b", { style: `left:${place(tick)}` }, String(tick).replace(/^0\./, ".")));
    const nulls = (numbers.null ?? []).filter((value) => value != null);
    const mean = nulls.reduce((sum, value) => sum + value, 0) / nulls.length;
    const mark = nulls.length
      ? [make("span", { class: mean / top > 0.6 ? "null-mark left" : "null-mark", style: `left:${place(mean)}` },
        make("span", {}, `null ${atlas.decimal(mean)}`))]
      : [];
    el.replaceChildren(...segments, ...labels, ...mark);
    el.setAttribute("aria-label", `Scale from 0 to ${top} ${metric.unit}, even steps`);
  };

  class Page {
    constructor(island) {
      this.model = new Model(island);
      this.state = this.model.state;
      this.page = island.map?.url;
      this.grids = { metric: this.metricGrid(), roles: this.roleGrid() };
      this.profiles = Object.fromEntries($$("[data-profile]").map((el) => [el.dataset.profile, new atlas.Profile(el)]));
      this.gazetteer = this.table();
      this.register();
      this.listen();
    }

    link({ layer, head }) {
      const { kind } = this.model.kind;
      return `${atlas.root()}${this.page}#layer=${layer}&head=${head}&kind=${kind}`;
    }

    grid(name, given) {
      return new atlas.HeadGrid($(`[data-grid=${name}]`), {
        spec: name,
        onPick: (layer, head) => this.state.set({ layer, head }),
        onOpen: (layer, head) => this.page && location.assign(this.link({ layer, head })),
        ...given,
      });
    }

    metricGrid() {
      const { model } = this;
      const short = (value) => {
        if (value == null) return "";
        if (model.metric.unit !== "share") return value.toFixed(value < 99.95 ? 1 : 0);
        return value > 0.995 ? "1" : value.toFixed(2).slice(1);
      };
      return this.grid("metric", {
        words: (layer, head) => model.words(layer, head),
        size: (cell) => (cell < 34 ? 9.5 : 11),
        params: () => ({ top: model.top, on: atlas.theme().on }),
        cells: (printed) => model.numbers.values.flatMap((row, layer) =>
          row.map((value, head) => ({ layer, head, value: value ?? 0, label: printed ? short(value) : "" }))),
        rings: (cells, cell) => (cell < 14 ? [] : cells.filter(({ layer, head }) => this.within(layer, head))),
      });
    }

    /* Whether the null lies inside the interval of a head. */
    within(layer, head) {
      const { low, high, null: chance } = this.model.numbers;
      const [a, b, x] = [low?.[layer][head], high?.[layer][head], chance?.[layer]];
      return a != null && x != null && a <= x && x <= b;
    }

    roleGrid() {
      const { model } = this;
      const tint = (name) => {
        const el = make("span", { class: `g role-${name}`, hidden: true });
        document.body.append(el);
        const { backgroundColor, color } = getComputedStyle(el);
        const found = [plain(backgroundColor), plain(color)];
        el.remove();
        return found;
      };
      return this.grid("roles", {
        words: (layer, head) => model.roleWords(layer, head),
        size: (cell) => Math.min(14, Math.max(8, cell * 0.42)),
        params: () => {
          const pairs = model.island.roles.map(([name]) => tint(name));
          return { roles: pairs.map(([fill]) => fill), on: pairs.map(([, on]) => on) };
        },
        cells: () => model.kind.roles.map((place, at) => {
          const [role, letter] = model.island.roles[place];
          const { heads } = model.kind;
          return { layer: Math.floor(at / heads), head: at % heads, role, place, label: letter };
        }),
      });
    }

    table() {
      const { map } = this.model.island;
      const body = $("[data-gazetteer]");
      const maps = map ? atlas.headMap(map) : null;
      const paint = async (canvas, { kind, layer, head }) => {
        if (!map || kind !== map.kind) return canvas.remove();
        const { of } = await maps;
        return atlas.thumb(canvas, of(layer, head), map.rows, map.columns);
      };
      const gazetteer = new atlas.Gazetteer(body, { link: (row) => this.link(row), paint });
      gazetteer.after = ({ shown, found, role }) => {
        const more = $("[data-all-heads]");
        more.hidden = shown >= found;
        $("button", more).textContent = `Show more of the ${found} heads`;
        const which = role ? ` with the role ${role}` : "";
        const says = $("[data-gazetteer-says]");
        says.firstChild.textContent = shown < found
          ? `${shown} of ${found} heads${which}, the strongest of each role first; all of them are in `
          : `All ${found} heads${which}; the same in `;
      };
      $("[data-all-heads] button").addEventListener("click", () => gazetteer.more());
      return gazetteer;
    }

    roleFilter() {
      for (const item of $$("[data-roles] [data-role]")) {
        const { role } = item.dataset;
        const count = this.model.rows().filter((row) => row.role === role).length;
        $(".num", item).textContent = count;
        const name = $(".name", item);
        const button = make("button", { type: "button", class: "plain", "aria-pressed": "false", disabled: !count }, role);
        button.addEventListener("click", () => {
          const on = this.gazetteer.role === role ? "" : role;
          Object.assign(this.gazetteer, { role: on });
          this.gazetteer.draw();
          for (const other of $$("[data-roles] button")) other.setAttribute("aria-pressed", String(on === other.textContent));
          if (on) document.getElementById("gazetteer").scrollIntoView({ block: "start" });
          atlas.say(`${this.gazetteer.found} heads`);
        });
        name.replaceChildren(button);
      }
    }

    listen() {
      for (const button of $$("[data-metric]")) {
        button.addEventListener("click", () => this.state.set({ metric: button.dataset.metric }));
      }
      for (const button of $$("[data-kind]")) {
        button.addEventListener("click", () => this.state.set({ kind: button.dataset.kind }));
      }
      document.addEventListener("atlas:escape", () => this.state.set({ layer: null, head: null }));
      this.state.follow((now, before) => this.follow(now, before));
    }

    async follow(now, before) {
      const kind = now.kind !== before.kind;
      await this.draw(kind);
      if (now.head != null) atlas.say(this.model.words(now.layer, now.head));
      else if (now.metric !== before.metric || kind) atlas.say(`${this.title()}, ${this.model.kind.kind}`);
      atlas.refreshTwins();
    }

    title() {
      return this.model.metric.title;
    }

    async draw(whole = true) {
      const { kind, metric, layer, head } = this.state.get();
      const { layers, heads } = this.model.kind;
      pressed($$("[data-metric]"), "metric", metric);
      pressed($$("[data-kind]"), "kind", kind);
      for (const button of $$("[data-metric]")) button.disabled = !this.model.kind.metrics[button.dataset.metric];
      const at = head == null ? null : [layer, head];
      await this.grids.metric.show(layers, heads, at);
      await this.grids.roles.show(layers, heads, at);
      this.legend();
      this.chosen();
      if (!whole) return;
      for (const [name, profile] of Object.entries(this.profiles)) await this.profile(name, profile);
      this.gazetteer.show(this.model.rows());
      this.roleFilter();
    }

    async profile(name, profile) {
      const { kind, metrics } = this.model.kind;
      const series = this.model.island.series[`${name}.${kind}`];
      $(`[data-profile-of=${name}]`).hidden = !series || !metrics[name];
      const share = this.model.island.metrics.find((metric) => metric.name === name).unit === "share";
      if (series && metrics[name]) await profile.show(metrics[name], series, share ? 1 : undefined);
    }

    legend() {
      const { metric, numbers } = this.model;
      $("#map-metric h3").textContent = this.title();
      metricBar($("[data-metric-bar]"), this.model);
      $("[data-metric-unit]").textContent = metric.unit === "share" ? "share of attention, even steps" : `${metric.unit}, even steps`;
      $("[data-metric-says]").textContent = metric.says;
      const { layers, heads } = this.model.kind;
      const any = numbers.low && Array.from({ length: layers * heads }, (_, i) => this.within(Math.floor(i / heads), i % heads)).some(Boolean);
      $("[data-metric-rings]").hidden = !any;
    }

    chosen() {
      const { layer, head } = this.state.get();
      const holder = $("[data-chosen]");
      holder.hidden = head == null;
      if (head == null) return;
      const words = `${this.model.words(layer, head)}. ${this.model.roleWords(layer, head).replace(/^\S+ /, "Role ")}. `;
      holder.replaceChildren(words, this.page ? make("a", { href: this.link({ layer, head }) }, `Open ${code(layer, head)}`) : "");
    }

    /* What each plate offers to keep. */
    register() {
      const { model } = this;
      const flat = (value) => (value == null ? "" : value);
      const heads = () => model.rows().map(({ layer, head, label }) => {
        const { values, low, high, null: chance } = model.numbers;
        return [label, values[layer][head], low?.[layer][head], high?.[layer][head], chance?.[layer]];
      });
      atlas.plate($("[data-grid=metric]"), {
        file: () => `heads-${this.state.get().metric}-${model.kind.kind}`,
        columns: ["head", "value", "low", "high", "null"],
        rows: () => heads().map((row) => row.map(flat)),
        table: () => ({ caption: `${this.title()}: mean over plates, 95% interval, and uniform attention.`,
          columns: ["Head", this.title(), "Low", "High", "Null"],
          rows: heads().map(([label, ...rest]) => [label, ...rest.map((value) => atlas.decimal(value))]) }),
        spec: () => atlas.standalone("metric", this.grids.metric.inputs()),
        view: () => this.grids.metric.chart.view,
      });
      const roles = () => model.rows().map(({ label, role, measure, score, chance }) => [label, role, measure, score, chance]);
      atlas.plate($("[data-grid=roles]"), {
        file: () => `roles-${model.kind.kind}`,
        columns: ["head", "role", "measure", "score", "null"],
        rows: () => roles().map((row) => row.map(flat)),
        table: () => ({ caption: "The role of every head, and the measure it was told from.",
          columns: ["Head", "Role", "Told from", "Score", "Null"],
          rows: roles().map(([label, role, measure, ...rest]) => [label, role, measure, ...rest.map((value) => atlas.decimal(value))]) }),
        spec: () => atlas.standalone("roles", this.grids.roles.inputs()),
        view: () => this.grids.roles.chart.view,
      });
      for (const [name, profile] of Object.entries(this.profiles)) this.registerProfile(name, profile);
    }

    registerProfile(name, profile) {
      const rows = () => profile.inputs().data.layers.map(({ layer, mean, low, high, null: chance }) => [layer, mean, low, high, chance]);
      atlas.plate(profile.el, {
        file: () => `layers-${name}-${this.model.kind.kind}`,
        columns: ["layer", "mean", "low", "high", "null"],
        rows,
        table: () => ({ caption: "Mean over the heads of a layer and over plates, 95% interval, and uniform attention.",
          columns: ["Layer", "Mean", "Low", "High", "Null"],
          rows: rows().map(([layer, ...rest]) => [layer, ...rest.map((value) => atlas.decimal(value))]) }),
        spec: () => atlas.standalone("profile", profile.inputs()),
        view: () => profile.chart.view,
      });
    }
  }

  atlas.pages.push(async () => {
    const island = $("[data-grid=metric]") && atlas.island("atlas-data");
    if (island?.kinds?.length) await new Page(island).draw();
  });
})();
