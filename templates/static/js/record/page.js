/* The record page: one selection, and every figure that follows it. */

const { $, $$, make } = atlas;
const LONG_TEXT = 1000; // characters
const LONG = 128; // tokens: beyond, part of the heatmap is shown large, too

class Page {
  constructor(data) {
    this.data = data;
    this.state = data.state;
    this.turn = 0;
    this.found = new Map(); // stacks that are there from the start, by name
    this.lower = new atlas.DrawnWhenNear();
  }

  async open() {
    const state = this.state.get();
    this.heatmap = new atlas.Heatmap($("[data-heat]"), {
      onPick: ({ row, column }) => this.pickCell(row, column),
      words: (row, column) => this.tip(row, column),
    });
    this.figures();
    this.controls = new atlas.Controls(this);
    this.texts();
    this.controls.mark(state);
    this.reserve(state);
    this.shown = await this.fetch(state);
    if (!state.vs) this.settle(state);
    await Promise.all([this.drawHeads(state.kind), this.heatmap.open(this.shown)]);
    this.follow(state);
    this.state.follow((now, before) => this.update(now, before).catch((error) => this.fail(error)));
    this.lower.watch(this.shown);
    this.loadRoles().catch(console.error);
    if (state.vs) await this.update(state, state);
    if (this.shown.alone) atlas.inIdleTime([() => this.otherHeads().catch(console.error)], atlas.FIRST);
  }

  /* Say of the other heads of a long layer what could not be said before they were read. */
  async otherHeads() {
    this.data.wholeLayers = true;
    const [state, shown] = [this.state.get(), this.shown];
    const whole = await this.data.show(state);
    if (this.shown !== shown) return; // a later choice says it
    this.shown = whole;
    atlas.captions(state, whole, this.data.views);
  }

  settle(state) {
    atlas.settlePair(state, this.shown, this.data.given.start);
  }

  /* What the selection shows, once all that is drawn first, or printed at once, is there: then it is drawn
     in one go, since every frame has its price. */
  async fetch(state) {
    const map = this.data.kinds[state.kind];
    const small = [state.kind, `${state.kind}.rollout`].filter((name) => map.packs[name]);
    const keep = (name) => (found) => this.found.set(name, found);
    const others = Promise.allSettled(
      small.map((name) => atlas.thumbnails(this.data, map, name).then(keep(name))),
    );
    try {
      return await this.data.show(state);
    } finally {
      await others;
    }
  }

  /* Keep the room of what is drawn later. */
  reserve(state) {
    const axes = this.data.axes(state);
    for (const figure of [this.heatmap, this.lines]) figure.room; // read before anything is written
    this.heatmap.reserve(axes);
    this.lines.reserve(axes);
    this.lines.bar.querySelector("input").value = state.least; // set from the start, if drawn later
    const closeup = $("#closeup");
    if (closeup) closeup.hidden = !this.#long(axes);
    atlas.roomForHeads($("[data-overview]"), this.data.kinds[state.kind]);
    this.card(state);
  }

  /* Say in place of the heatmap what is missing; the rest of the page stays as it was. */
  fail(error) {
    const el = $("[data-heat]");
    el.classList.remove("wait");
    el.removeAttribute("data-waits");
    const words = "This map could not be loaded. The numbers of this text are in its file, below.";
    const reason = make("p", { class: "note" }, make("code", {}, error.message));
    const note = make("div", { class: "state err" }, make("p", {}, words), reason);
    $("#heat .state")?.remove();
    el.before(note);
    atlas.say(words);
    console.error(error);
  }

  /* What a selection shows; a wait that can be noticed is said in the figure. */
  async load(state) {
    const el = $("[data-heat]");
    const timer = setTimeout(() => (el.dataset.waits = `loading layer ${state.layer}`), 150);
    try {
      return await (state.vs ? this.compare(state) : this.data.show(state));
    } finally {
      clearTimeout(timer);
      delete el.dataset.waits;
    }
  }

  /* The difference to another model is worked out by a script of its own. */
  async compare(state) {
    await atlas.script("assets/difference.js");
    return atlas.difference(this, state);
  }

  async update(state, before) {
    const turn = ++this.turn;
    this.controls.mark(state);
    const shown = await this.load(state);
    if (turn !== this.turn) return; // a later choice has overtaken this one
    $("#heat .state")?.remove();
    const last = this.shown;
    this.shown = shown;
    this.settle(state);
    this.heatmap.draw(shown, last);
    if (before.kind !== state.kind) await this.drawHeads(state.kind);
    this.follow(state);
    this.announce(state, before);
  }

  /* Everything beside the heatmap. */
  follow(state) {
    if (!state.vs) $("[data-vs-says]")?.toggleAttribute("hidden", !this.refused);
    this.refused &&= !state.vs;
    this.shade(state);
    atlas.captions(state, this.shown, this.data.views);
    if (this.inkShown !== this.shown.ink) {
      this.inkShown = this.shown.ink;
      for (const el of $$("[data-ramp-of=heat]")) atlas.scaleBar(el, this.shown.ink);
    }
    this.card(state);
    this.heads.move(state.layer, this.data.ofHead(state) ? state.head : null);
    this.lower.update(this.shown);
    atlas.refreshTables();
  }

  card(state) {
    const { kind, layer, head } = state;
    const { roles, pages } = this.roles?.[kind] ?? {};
    const role = roles?.[layer]?.[head];
    const paged = role && (!pages || pages[layer * roles[layer].length + head]);
    const { heads_at: folder } = this.data.given.model;
    const address = `${atlas.root()}${folder}${kind}-${atlas.headName(layer, head)}.html`;
    atlas.headCard(state, this.data.kinds[kind], role, paged ? address : null);
  }

  async drawHeads(kind) {
    const given = await atlas.headThumbnails(this.data, this.data.kinds[kind]);
    if (this.heads) return this.heads.update(given);
    given.onPick = (layer, head) => this.showHead({ layer, head });
    this.heads = new atlas.AllHeads($("[data-overview]"), given);
  }

  showHead(changes) {
    const now = this.state.get();
    this.state.set({ ...changes, view: this.data.ofHead(now) ? now.view : "head" });
  }

  /* What the model's page has found each head to do over all records. */
  async loadRoles() {
    const bytes = await atlas.load(this.data.given.model.roles_at, "roles");
    this.roles = JSON.parse(new TextDecoder().decode(bytes));
    this.card(this.state.get());
  }

  figures() {
    const pick = (row, column) => this.pickCell(row, column);
    const [lines, pairs, address] = ["lines", "links", "address"].map((name) => $(`[data-${name}]`));
    this.lines = new atlas.Lines(lines, {
      onPick: (row) => pick(row, null),
      onLeast: (least) => this.state.set({ least: String(least) }),
    });
    this.lower.add(lines, () => this.lines.draw(this.shown));
    this.lower.add(pairs, () => atlas.strongestPairs(pairs, this.shown, pick));
    const here = location.protocol.startsWith("http") && location.href.split("#")[0]; // on a disk it would help nobody
    const full = address.dataset.address.startsWith("http") || !here ? address.dataset.address : here;
    const shown = () => `${full}${this.state.address()}`;
    this.lower.add(address, () => (address.textContent = shown()));
    const closeup = $("[data-closeup]");
    if (closeup) this.lower.add(closeup, () => this.closer(closeup));
    this.heatmap.saves(this.filed("heatmap"));
    this.lines.saves(this.filed("lines"));
    atlas.saves($("#heads"), this.filed("heads"));
    this.analyses();
  }

  #long({ queries, keys }) {
    return Math.max(queries.length, keys.length) > LONG;
  }

  /* Part of a long map, large. */
  async closer(el) {
    el.closest(".figure").hidden = !this.#long(this.shown.axes);
    await atlas.script("assets/closeup.js");
    this.closeup ??= new atlas.Closeup(this, el);
    if (this.#long(this.shown.axes)) await this.closeup.draw();
  }

  /* A figure that has a script of its own, for pages that have it: `make` is called once that is there. */
  later(el, script, make) {
    let figure;
    this.lower.add(el, async () => {
      await script();
      figure ??= make();
      await figure.draw();
    });
  }

  /* What can be saved of a figure is loaded when a reader asks for it. */
  filed(name, figure) {
    return async () => {
      await atlas.script("assets/filing.js");
      return atlas.recordFiles(this)[name](figure);
    };
  }

  /* Figures of analyses, for those that the page has. */
  analyses() {
    const add = (selector, make) => {
      for (const el of $$(selector)) {
        const figure = make(el);
        figure.reserve?.();
        this.lower.add(el, () => figure.draw());
      }
    };
    add("[data-rollout]", (el) => new atlas.Rollout(this, el, (layer) => this.showRollout(layer)));
    add("[data-bars=saliency]", (el) => atlas.saliency(this, el));
    add("[data-bars=flow]", (el) => atlas.flow(this, el));
    add("[data-tree]", (el) => new atlas.Tree(this, el));
    for (const el of $$("[data-curve]")) {
      let curve; // its room is that of the style sheet
      this.lower.add(el, () => (curve ??= atlas.faithfulness(this, el)).draw());
    }
    const inside = $("#inside"); // its table follows, too
    const rows = () => atlas.script("assets/inside.js");
    if (inside) this.later(inside, rows, () => new atlas.Inside(this, $("[data-bars=inside]")));
  }

  showRollout(layer) {
    this.state.set({ layer, view: "rollout" });
    $("#heat").scrollIntoView({ block: "nearest" });
  }

  /* Choose a row, a column or both; a token that is already chosen stays within its word. */
  pickCell(row, column) {
    const { axes } = this.shown;
    const state = this.state.get();
    const first = ({ members }, kept) => (members.includes(kept) ? kept : members[0]);
    const changes = {};
    if (row != null) changes.query = first(axes.queries[row], state.query);
    if (column != null) changes.key = first(axes.keys[column], state.key);
    this.state.set(changes);
  }

  /* "she → nurse 0.54" */
  tip(row, column) {
    const { axes, masked, values, ink } = this.shown;
    const at = row * axes.keys.length + column;
    const { fed, says, label } = axes.queries[row];
    const names = [fed ? says : label, axes.keys[column].label];
    const [query, key] = names.map((name) => make("bdi", {}, name));
    const weight = masked?.[at] ? "masked" : atlas.figure(values[at], ink);
    return atlas.says`${query} → ${key} ${make("span", { class: "num" }, weight)}`;
  }

  announce(state, before) {
    const { row, column, map } = this.shown;
    const words = row < 0 || column < 0 ? "" : atlas.plain(this.tip(row, column));
    const moved = ["kind", "layer", "head", "view", "vs"].some((name) => before[name] !== state[name]);
    atlas.say(moved ? `${atlas.plain(atlas.viewName(state, map, this.data.views))}: ${words}` : words);
  }

  /* The text stands here once, or twice: by the words for and against the answer, and by attention. */
  texts() {
    // words of a long text, which has many, are chosen where attention is shown
    const offers = (el) => !("painted" in el.dataset) || el.textContent.length <= LONG_TEXT;
    this.passages = $$("[data-passage]")
      .filter(offers)
      .map((el) => {
        const side = el.dataset.passage;
        const painted = "painted" in el.dataset;
        const chosen = {
          onPick: (token) => this.pickToken(side, token),
          onPoint: (token) => this.pointAt(side, token),
        };
        const marks = painted && side === "source" ? this.data.given.painted : [];
        return { side, painted, text: new atlas.ShadedText(el, this.data.tokensOf(side), chosen, marks) };
      });
  }

  pickToken(side, token) {
    const { kind } = this.state.get();
    const row = token - this.data.ahead(kind);
    if (side === this.data.sideOf(kind, "queries")) this.state.set({ query: row });
    else if (side === this.data.sideOf(kind, "keys")) this.state.set({ key: token });
    else this.state.set({ kind: side === "source" ? "encoder" : "decoder", query: token });
  }

  /* Pointing at a word of the text points at its cell in the chosen row. */
  pointAt(side, token) {
    if (!this.heatmap.chart) return;
    const { axes, row } = this.shown;
    const looked = token != null && side === this.data.sideOf(this.state.get().kind, "keys");
    const column = looked ? axes.column[token] : -1;
    this.heatmap.point(column >= 0 && row >= 0 ? { row, column } : null);
  }

  shade(state) {
    const { axes, row, ink, map, values } = this.shown;
    const place = atlas.inkOf({ ...ink, signed: false });
    const start = row * axes.keys.length;
    const share = (column) => (column < 0 ? 0 : place(values[start + column]));
    const shares = row < 0 ? null : map.seen.map((_, token) => share(axes.column[token]));
    const hidden = state.query == null ? [] : [state.query]; // chosen, but left out of the figures
    const ahead = this.data.ahead(state.kind);
    const members = row < 0 ? hidden : axes.queries[row].members;
    for (const { side, painted, text } of this.passages) {
      const looked = !painted && side === this.data.sideOf(state.kind, "keys");
      const looks = side === this.data.sideOf(state.kind, "queries");
      text.shade(looked ? shares : null, looks ? members.map((at) => at + ahead) : []);
    }
  }
}

atlas.pages.push(async () => {
  const given = atlas.pageData("atlas-data");
  if (!given?.maps || !$("#heat")) return;
  const page = new Page(new atlas.RecordData(given));
  await page.open().catch((error) => page.fail(error));
});
