/* The model page: one kind, metric and head, and the maps, profiles and table that follow them. */

const { $, $$, make } = atlas;

class Page {
  constructor(given) {
    this.model = new atlas.HeadModel(given);
    this.state = this.model.state;
    this.textPage = given.map?.url;
    this.figures();
    this.table = this.headTable();
    this.listen();
  }

  figures() {
    const given = {
      model: this.model,
      onPick: (layer, head) => this.state.set({ layer, head }),
      onOpen: (layer, head) => this.textPage && location.assign(this.link({ layer, head })),
    };
    const grid = (name) => $(`[data-grid=${name}]`);
    this.grids = {
      metric: atlas.metricGrid(grid("metric"), given),
      roles: atlas.roleGrid(grid("roles"), given),
    };
    const profiles = $$("[data-profile]").map((el) => [el.dataset.profile, new atlas.LayerProfile(el)]);
    this.profiles = Object.fromEntries(profiles);
    for (const map of Object.values(this.grids)) map.reserve();
    atlas.saveHeadMaps(this.model, this.grids, this.profiles);
    const tint = () => atlas.roleColours(this.model.given.roles).roles;
    this.similarity = [
      ...$$("[data-alike]").map((el) => new atlas.SimilarityMap(el, "alike", { ...given, tint })),
      ...$$("[data-pairwise]").map((el) => new atlas.SimilarityMatrix(el, "pairwise", given)),
    ];
    for (const figure of this.similarity) {
      if (figure.known) figure.reserve();
      figure.save();
    }
  }

  /* The page of a head; a text, where it has none. */
  link({ layer, head }) {
    const { kind, heads, pages } = this.model.kind;
    const own = !pages || pages[layer * heads + head];
    if (!own) return `${atlas.root()}${this.textPage}#layer=${layer}&head=${head}&kind=${kind}`;
    return `${atlas.root()}${this.model.given.heads_at}${kind}-${atlas.headName(layer, head)}.html`;
  }

  headTable() {
    const { map } = this.model.given;
    const maps = map ? atlas.headMap(map) : null;
    const paint = async (canvas, { kind, layer, head }) => {
      if (!map || kind !== map.kind) return canvas.remove();
      const { of } = await maps;
      return atlas.thumbnail(canvas, of(layer, head), map.rows, map.columns);
    };
    const table = new atlas.HeadTable($("[data-head-table]"), { link: (row) => this.link(row), paint });
    table.after = ({ shown, found, role }) => this.sayListed(shown, found, role);
    $("[data-all-heads] button").addEventListener("click", () => table.more());
    return table;
  }

  sayListed(shown, found, role) {
    const more = $("[data-all-heads]");
    more.hidden = shown >= found;
    $("button", more).textContent = `Show more of the ${found} heads`;
    const which = role ? ` with the role ${role}` : "";
    const some = `${shown} of ${found} heads${which}, the strongest of each role first; all of them are in `;
    $("[data-head-table-says]").firstChild.textContent =
      shown < found ? some : `All ${found} heads${which}; the same in `;
  }

  roleFilter() {
    for (const item of $$("[data-roles] [data-role]")) {
      const { role } = item.dataset;
      const count = this.model.rows().filter((row) => row.role === role).length;
      $(".num", item).textContent = count;
      const look = { type: "button", class: "plain", "aria-pressed": "false", disabled: !count };
      const button = make("button", { ...look, "data-only": role }, role);
      button.addEventListener("click", () => this.onlyRole(role));
      $(".name", item).replaceChildren(button);
    }
  }

  /* List the heads of one role, or all of them again. */
  onlyRole(role) {
    const only = this.table.role === role ? "" : role;
    this.table.role = only;
    this.table.draw();
    atlas.press("[data-only]", "only", only);
    if (only) $("[data-head-table]").closest("table").scrollIntoView({ block: "nearest" });
    atlas.say(`${this.table.found} heads`);
  }

  listen() {
    for (const name of ["metric", "kind"]) {
      for (const button of $$(`[data-${name}]`)) {
        button.addEventListener("click", () => this.state.set({ [name]: button.dataset[name] }));
      }
    }
    atlas.keys(["Escape"], "choose no head", () => {
      if (this.state.get().head == null) return false;
      return this.state.set({ layer: null, head: null });
    });
    this.state.follow((now, before) => this.follow(now, before));
  }

  async follow(now, before) {
    const kind = now.kind !== before.kind;
    await this.draw(kind);
    if (now.head != null) atlas.say(this.model.words(now.layer, now.head));
    else if (now.metric !== before.metric || kind) {
      atlas.say(`${this.model.metric.title}, ${this.model.kind.kind}`);
    }
    atlas.refreshTables();
  }

  get head() {
    const { layer, head } = this.state.get();
    return head == null ? null : [layer, head];
  }

  async draw(whole = true) {
    const { kind, metric } = this.state.get();
    atlas.press("[data-metric]", "metric", metric);
    atlas.press("[data-kind]", "kind", kind);
    for (const button of $$("[data-metric]")) {
      button.disabled = !this.model.kind.metrics[button.dataset.metric];
    }
    await this.grids.metric.show(this.head);
    await this.grids.roles.show(this.head);
    this.legend();
    this.chosen();
    if (this.drawn) await this.heads();
    if (whole) await this.drawKind();
  }

  /* What changes with the kind of attention, and not with the head. */
  async drawKind() {
    this.table.show(this.model.rows());
    this.roleFilter();
    this.stress();
    if (this.drawn) await this.layers();
    else atlas.inIdleTime([() => this.below()]);
    this.drawn = true;
  }

  /* What lies below the first screen. */
  async below() {
    await this.layers();
    await this.heads();
    atlas.refreshTables();
  }

  /* Which heads are alike is drawn once its part of the page is open. */
  async heads() {
    const [first] = this.similarity;
    const fold = first?.el.closest("details");
    if (fold && !fold.open) {
      fold.addEventListener("toggle", () => this.heads(), { once: true });
      return;
    }
    for (const figure of this.similarity) await figure.show(this.head);
  }

  stress() {
    const { similarity } = this.model.given;
    const says = atlas.decimal(similarity[this.model.kind.kind]?.stress);
    for (const el of $$("[data-stress]")) el.textContent = says;
  }

  async layers() {
    for (const [name, profile] of Object.entries(this.profiles)) await this.profile(name, profile);
  }

  async profile(name, profile) {
    const { kind, metrics } = this.model.kind;
    const series = this.model.given.series[`${name}.${kind}`];
    const known = Boolean(series && metrics[name]);
    $(`[data-profile-of=${name}]`).hidden = !known;
    const { unit } = this.model.given.metrics.find((metric) => metric.name === name);
    if (known) await profile.show(metrics[name], series, unit === "share" ? 1 : undefined);
  }

  legend() {
    const { metric, numbers, kind } = this.model;
    $("#map-metric h3").textContent = metric.title;
    atlas.metricScale($("[data-metric-bar]"), this.model);
    const unit = metric.unit === "share" ? "share of attention" : metric.unit;
    $("[data-metric-unit]").textContent = `${unit}, even steps`;
    $("[data-metric-says]").textContent = metric.says;
    const { layers, heads } = kind;
    const within = (_, at) => this.model.within(Math.floor(at / heads), at % heads);
    const any = numbers.low && Array.from({ length: layers * heads }, within).some(Boolean);
    $("[data-metric-rings]").hidden = !any;
  }

  chosen() {
    const { layer, head } = this.state.get();
    const holder = $("[data-chosen]");
    holder.hidden = head == null;
    if (head == null) return;
    const role = this.model.roleWords(layer, head).replace(/^\S+ /, "Role ");
    const words = `${this.model.words(layer, head)}. ${role}. `;
    const open = `Open ${atlas.headName(layer, head)}`;
    const link = this.textPage ? make("a", { href: this.link({ layer, head }) }, open) : "";
    holder.replaceChildren(words, link);
  }
}

atlas.pages.push(async () => {
  const given = $("[data-grid=metric]") && atlas.pageData("atlas-data");
  if (given?.kinds?.length) await new Page(given).draw();
});
