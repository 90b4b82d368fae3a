/* The model page: one kind, metric and head, and the maps, profiles and table that follow them. */
const { $, $$, make } = atlas;

const code = (layer, head) => `L${layer}H${head}`;
/* What lies below the first screen waits until the page has nothing better to do. */
const later = (act) => (window.requestIdleCallback ?? setTimeout)(act, { timeout: 1000 });
const pressed = (buttons, name, value) =>
  buttons.forEach((button) => button.setAttribute("aria-pressed", String(button.dataset[name] === value)));

class Page {
  constructor(island) {
    this.model = new atlas.HeadModel(island);
    this.state = this.model.state;
    this.page = island.map?.url;
    this.grids = { metric: this.metricGrid(), roles: this.roleGrid() };
    this.profiles = Object.fromEntries(
      $$("[data-profile]").map((el) => [el.dataset.profile, new atlas.Profile(el)]),
    );
    this.gazetteer = this.table();
    this.alike = this.likeness();
    atlas.modelFigures(this.model, this.grids, this.profiles);
    atlas.alikeFigures(this.model, this.alike);
    this.listen();
  }

  /* The page of a head; a plate, where it has none. */
  link({ layer, head }) {
    const { kind, heads, pages } = this.model.kind;
    if (!pages || pages[layer * heads + head])
      return `${atlas.root()}${this.model.island.heads_at}${kind}-${code(layer, head)}.html`;
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
      if (model.metric.signed) {
        const shown = value.toFixed(model.top < 1 ? 2 : model.top < 10 ? 1 : 0);
        return +shown ? shown.replace("-", "−").replace("0.", ".") : "0";
      }
      if (model.metric.unit !== "share") return value.toFixed(value < 99.95 ? 1 : 0);
      return value > 0.995 ? "1" : value.toFixed(2).slice(1);
    };
    return this.grid("metric", {
      words: (layer, head) => model.words(layer, head),
      size: (cell) => (cell < 34 ? 9.5 : 11),
      params: () => ({ low: model.low, top: model.top, ...model.inks }),
      cells: (printed) =>
        model.numbers.values.flatMap((row, layer) =>
          row.map((value, head) => ({ layer, head, value: value ?? 0, label: printed ? short(value) : "" })),
        ),
      rings: (cells, cell) => (cell < 14 ? [] : cells.filter(({ layer, head }) => model.within(layer, head))),
    });
  }

  /* The figures of heads that are alike: their map, and their distances. */
  likeness() {
    const given = {
      model: this.model,
      tint: () => atlas.roleColours(this.model.island.roles).roles,
      onPick: (layer, head) => this.state.set({ layer, head }),
      onOpen: (layer, head) => location.assign(this.link({ layer, head })),
    };
    const [map, pairs] = [$("[data-alike]"), $("[data-pairwise]")];
    return map ? [new atlas.Alike(map, given), ...(pairs ? [new atlas.Pairwise(pairs, given)] : [])] : [];
  }

  roleGrid() {
    const { model } = this;
    return this.grid("roles", {
      words: (layer, head) => model.roleWords(layer, head),
      size: (cell) => Math.min(14, Math.max(8, cell * 0.42)),
      params: () => atlas.roleColours(model.island.roles),
      cells: () =>
        model.kind.roles.map((place, at) => {
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
      says.firstChild.textContent =
        shown < found
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
      const button = make(
        "button",
        { type: "button", class: "plain", "aria-pressed": "false", disabled: !count },
        role,
      );
      button.addEventListener("click", () => {
        const on = this.gazetteer.role === role ? "" : role;
        Object.assign(this.gazetteer, { role: on });
        this.gazetteer.draw();
        for (const other of $$("[data-roles] button"))
          other.setAttribute("aria-pressed", String(on === other.textContent));
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
    for (const button of $$("[data-metric]"))
      button.disabled = !this.model.kind.metrics[button.dataset.metric];
    const at = head == null ? null : [layer, head];
    await this.grids.metric.show(layers, heads, at);
    await this.grids.roles.show(layers, heads, at);
    this.legend();
    this.chosen();
    for (const figure of this.drawn ? this.alike : []) await figure.show(at);
    if (!whole) return;
    this.gazetteer.show(this.model.rows());
    this.roleFilter();
    this.stress();
    if (this.drawn) await this.layers();
    else later(() => this.below());
    this.drawn = true;
  }

  /* What lies below the first screen. */
  async below() {
    await this.layers();
    const { layer, head } = this.state.get();
    for (const figure of this.alike) await figure.show(head == null ? null : [layer, head]);
    this.stress();
    atlas.refreshTwins();
  }

  stress() {
    for (const el of $$("[data-stress]"))
      el.textContent = atlas.decimal(this.model.island.similarity[this.model.kind.kind]?.stress);
  }

  async layers() {
    for (const [name, profile] of Object.entries(this.profiles)) await this.profile(name, profile);
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
    atlas.metricBar($("[data-metric-bar]"), this.model);
    $("[data-metric-unit]").textContent =
      metric.unit === "share" ? "share of attention, even steps" : `${metric.unit}, even steps`;
    $("[data-metric-says]").textContent = metric.says;
    const { layers, heads } = this.model.kind;
    const any =
      numbers.low &&
      Array.from({ length: layers * heads }, (_, i) =>
        this.model.within(Math.floor(i / heads), i % heads),
      ).some(Boolean);
    $("[data-metric-rings]").hidden = !any;
  }

  chosen() {
    const { layer, head } = this.state.get();
    const holder = $("[data-chosen]");
    holder.hidden = head == null;
    if (head == null) return;
    const words = `${this.model.words(layer, head)}. ${this.model.roleWords(layer, head).replace(/^\S+ /, "Role ")}. `;
    holder.replaceChildren(
      words,
      this.page ? make("a", { href: this.link({ layer, head }) }, `Open ${code(layer, head)}`) : "",
    );
  }
}

atlas.pages.push(async () => {
  const island = $("[data-grid=metric]") && atlas.island("atlas-data");
  if (island?.kinds?.length) await new Page(island).draw();
});
