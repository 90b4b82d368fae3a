/* The record page: one selection, and every figure that follows it. */
(() => {
  "use strict";
  const { atlas } = window;
  const { $, $$, make } = atlas;
  const THIRD = 1 / 3;

  class Record {
    constructor(island) {
      this.island = island;
      this.kinds = Object.fromEntries(island.maps.map((map) => [map.kind, map]));
      this.views = island.views; // name -> title, of analyses that give a matrix
      this.axesKept = new Map();
      this.state = atlas.selection(
        { ...island.start, view: "head", units: "subwords", special: "show", scale: "sqrt" }, (state) => this.fit(state));
    }

    get map() {
      return this.kinds[this.state.get().kind];
    }

    /* The nearest selection that exists: links may be old or typed by hand. */
    fit(state) {
      const kind = this.kinds[state.kind] ? state.kind : this.island.start.kind;
      const map = this.kinds[kind];
      const within = (value, count) => Math.max(0, Math.min(count - 1, Number.isInteger(value) ? value : 0));
      const one = (value, known) => (known.includes(value) ? value : known[0]);
      const extra = Object.keys(this.views).filter((name) => map.packs[`${kind}.${name}`]);
      return {
        kind,
        layer: within(state.layer, map.layers),
        head: within(state.head, map.heads),
        query: within(state.query, map.queries.length),
        key: within(state.key, (map.keys ?? map.queries).length),
        view: one(state.view, ["head", "mean", "max", ...extra]),
        units: one(state.units, ["subwords", "words"]),
        special: one(state.special, ["show", "hide", "remove"]),
        scale: one(state.scale, Object.keys(atlas.scales)),
      };
    }

    /* The bytes of one layer of a stack, and where in them that layer starts. */
    async bytes(map, name, layer) {
      const pack = map.packs[name];
      const at = `${this.island.maps_at}.${name}`;
      const number = String(layer).padStart(2, "0");
      if (pack.layered) return { bytes: await atlas.load(`${at}.L${number}.js`, `${name}.L${number}`), start: 0 };
      const bytes = await atlas.load(`${at}.js`, name);
      return { bytes, start: (bytes.length / map.layers) * layer };
    }

    axes(map, state) {
      const key = `${map.kind} ${state.units} ${state.special}`;
      if (!this.axesKept.has(key)) this.axesKept.set(key, atlas.axes(map, state));
      return this.axesKept.get(key);
    }

    /* What the figures show for a selection: {map, axes, values, masked, ink, row, column}. */
    async show(state) {
      const map = this.kinds[state.kind];
      const stack = ["head", "mean", "max"].includes(state.view) ? map.kind : `${map.kind}.${state.view}`;
      const { bytes, start } = await this.bytes(map, stack, state.layer);
      const view = stack !== map.kind && map.packs[stack].heads ? "head" : state.view;
      const axes = this.axes(map, state);
      const values = this.kept(`${stack} ${view} ${state.kind} ${state.layer} ${view === "head" ? state.head : ""} ${state.units} ${state.special}`,
        () => atlas.gather(atlas.weights(bytes, { map, view, head: state.head, start }), map, axes));
      return { map, axes, values, bytes, start, stack,
        masked: this.masks(map, axes, state), ink: this.ink(state, axes),
        row: axes.row[state.query], column: axes.column[state.key] };
    }

    /* The last matrix, so that moving about in it costs nothing. */
    kept(key, make) {
      if (this.keptKey !== key) {
        this.keptKey = key;
        this.keptValues = make();
      }
      return this.keptValues;
    }

    masks(map, axes, { layer }) {
      this.maskKept ??= new Map();
      const key = [map.kind, axes.queries.length, axes.keys.length, map.window?.[layer]].join();
      if (!this.maskKept.has(key)) this.maskKept.set(key, atlas.masked(map, axes, layer));
      return this.maskKept.get(key);
    }

    ink({ view, scale }, axes) {
      const max = atlas.fullInk(view, axes.keys.length);
      if (this.inkKept?.scale !== scale || this.inkKept?.max !== max) this.inkKept = { scale, max };
      return this.inkKept;
    }
  }

  /* Tokens of the row with the most weight, as labels and values, and the chosen one if not among them. */
  const strongest = ({ axes, values, row, column }) => {
    if (row < 0) return { shares: [] };
    const columns = axes.keys.length;
    const entries = axes.keys.map(({ label }, at) => ({ at, label, value: values[row * columns + at] }));
    const shares = [...entries].sort((a, b) => b.value - a.value).slice(0, 2).filter(({ value }, at) => !at || value > 0.005);
    const chosen = column >= 0 && !shares.some(({ at }) => at === column) ? entries[column] : null;
    return { shares, chosen };
  };

  /* How many heads put more than a third of the row on the chosen key, and on any one at random. */
  const crowd = ({ map, axes, bytes, row, column }, layered) => {
    if (row < 0 || column < 0) return null;
    const columns = (map.keys ?? map.queries).length, size = columns * map.queries.length;
    const heads = layered ? map.heads : map.heads * map.layers;
    let [count, all] = [0, 0];
    const { members } = axes.queries[row];
    for (let head = 0; head < heads; head++) {
      axes.keys.forEach((group, at) => {
        let sum = 0;
        for (const q of members) for (const k of group.members) sum += (bytes[head * size + q * columns + k] / 255) ** 2;
        if (sum / members.length <= THIRD) return;
        all += 1;
        if (at === column) count += 1;
      });
    }
    return { count, heads, chance: all / axes.keys.length };
  };

  const start = async () => {
    const island = atlas.island("atlas-data");
    if (!island?.maps || !$("#heat")) return;
    const record = new Record(island);
    const page = new Page(record);
    await page.open();
  };

  class Page {
    constructor(record) {
      this.record = record;
      this.state = record.state;
      this.turn = 0;
      this.lazy = new Map(); // element -> draws it, once it has come near the view
      this.drawn = new Map(); // element -> what it was drawn for
    }

    async open() {
      this.heatmap = new atlas.Heatmap($("[data-heat]"), {
        onPick: ({ row, column }) => this.pickCell(row, column),
        words: (row, column) => this.tip(row, column),
      });
      this.lines = new atlas.Lines($("[data-lines]"), { onPick: (row) => this.pickCell(row, null) });
      this.controls();
      this.passages();
      this.plates();
      const state = this.state.get();
      const glance = this.glance(state.kind);
      this.shown = await this.record.show(state);
      await this.heatmap.start(this.shown);
      await glance;
      this.follow(state, {});
      this.state.follow((now, before) => this.update(now, before));
      this.observe();
    }

    async update(state, before) {
      const turn = ++this.turn;
      this.mark(state);
      const shown = await this.record.show(state);
      if (turn !== this.turn) return; // a later choice has overtaken this one
      const last = this.shown;
      this.shown = shown;
      this.heatmap.draw(shown, last);
      if (before.kind !== state.kind) await this.glance(state.kind);
      this.follow(state, before);
    }

    /* Everything beside the heatmap. */
    follow(state, before) {
      this.mark(state);
      this.shade();
      this.sentences(state);
      this.headCard(state);
      this.heads?.move(state.layer, state.view === "head" ? state.head : null);
      for (const element of this.lazy.keys()) this.freshen(element);
      if (this.rollouts) this.rollouts.move(state.layer);
      atlas.refreshTwins();
      this.announce(state, before);
    }

    /* Figures below are drawn when they come near the view, and then kept up to date. */
    observe() {
      this.seen = new Set();
      const observer = new IntersectionObserver((entries) => {
        for (const { target, isIntersecting } of entries) {
          if (isIntersecting) this.seen.add(target);
          else this.seen.delete(target);
          this.freshen(target);
        }
      }, { rootMargin: "300px" });
      for (const element of this.lazy.keys()) observer.observe(element);
      addEventListener("beforeprint", () => {
        for (const draw of this.lazy.values()) draw();
      });
    }

    freshen(element) {
      if (!this.seen?.has(element) || this.drawn.get(element) === this.shown) return;
      this.drawn.set(element, this.shown);
      this.lazy.get(element)();
    }

    pickCell(row, column) {
      const { axes } = this.shown;
      const state = this.state.get();
      const first = (group, kept) => (group.members.includes(kept) ? kept : group.members[0]);
      const changes = {};
      if (row != null) changes.query = first(axes.queries[row], state.query);
      if (column != null) changes.key = first(axes.keys[column], state.key);
      this.state.set(changes);
    }

    weightAt(row, column) {
      const { values, axes } = this.shown;
      return values[row * axes.keys.length + column];
    }

    tip(row, column) {
      const { axes, masked } = this.shown;
      const hidden = masked?.[row * axes.keys.length + column];
      const value = hidden ? "masked" : atlas.weight(this.weightAt(row, column));
      return [make("bdi", {}, axes.queries[row].label), " → ", make("bdi", {}, axes.keys[column].label), " ",
        make("span", { class: "num" }, value)];
    }

    announce(state, before) {
      const { row, column } = this.shown;
      if (!before.kind || row < 0 || column < 0) return;
      const moved = before.head !== state.head || before.layer !== state.layer || before.view !== state.view;
      const words = this.tip(row, column).map((part) => part.textContent ?? part).join("");
      const name = atlas.viewName(state, this.shown.map, this.record.views).map((part) => part.textContent ?? part).join("");
      atlas.say(moved ? `${name}: ${words}` : words);
    }

    /* Buttons that set one thing: data-set="units" data-value="words". */
    controls() {
      document.addEventListener("click", (event) => {
        const button = event.target.closest("[data-set]");
        if (button) this.state.set({ [button.dataset.set]: button.dataset.value });
      });
      document.addEventListener("atlas:escape", () => this.heatmap.point(null));
      $("[data-model]")?.addEventListener("change", ({ target }) => {
        const { kind, query, units, special, scale } = this.state.get();
        const kept = new URLSearchParams({ kind, query, units, special, scale });
        location.href = `${atlas.root()}${target.value}#${kept}`;
      });
    }

    mark(state) {
      for (const button of $$("[data-set]")) {
        button.setAttribute("aria-pressed", state[button.dataset.set] === button.dataset.value);
      }
    }

    passages() {
      const onPoint = (side) => (token) => {
        if (!this.shown || !this.heatmap.chart) return;
        const column = side === this.sideOf("keys") && token != null ? this.shown.axes.column[token] : -1;
        this.heatmap.point(column >= 0 && this.shown.row >= 0 ? { row: this.shown.row, column } : null);
      };
      const onPick = (side) => (token) => {
        const changes = side === this.sideOf("queries") ? { query: token } : side === this.sideOf("keys") ? { key: token } : null;
        if (changes) this.state.set(changes);
        else this.state.set({ kind: side === "source" ? "encoder" : "decoder", query: token });
      };
      this.chips = {};
      for (const el of $$("[data-passage]")) {
        const side = el.dataset.passage;
        this.chips[side] = new atlas.Passage(el, this.tokensOf(side), { onPick: onPick(side), onPoint: onPoint(side) });
      }
    }

    /* Which passage holds the queries or keys of the map that is shown. */
    sideOf(axis) {
      const { kind } = this.state.get();
      return kind === "decoder" || (kind === "cross" && axis === "queries") ? "target" : "source";
    }

    tokensOf(side) {
      const { kinds } = this.record;
      const map = side === "target" ? (kinds.decoder ?? kinds.cross) : (kinds.self ?? kinds.encoder);
      return map ? map.queries : kinds.cross.keys;
    }

    shade() {
      const { axes, row, ink, map } = this.shown;
      const state = this.state.get();
      const { to } = atlas.scales[ink.scale];
      const keys = map.keys ?? map.queries;
      const shares = row < 0 ? null : keys.map((_, token) => {
        const column = axes.column[token];
        return column < 0 ? 0 : to(Math.min(1, this.weightAt(row, column) / ink.max));
      });
      const members = row < 0 ? [state.query] : axes.queries[row].members;
      for (const [side, passage] of Object.entries(this.chips)) {
        passage.shade(side === this.sideOf("keys") ? shares : null, side === this.sideOf("queries") ? members : []);
      }
    }

    sentences(state) {
      const { map, axes, row, stack } = this.shown;
      const { views } = this.record;
      const query = axes.queries[row]?.label ?? atlas.label(map.queries[state.query].t);
      const written = map.predicted?.[state.query] && atlas.label(map.predicted[state.query].t);
      const parts = atlas.rowSentence(state, { query, written, ...strongest(this.shown) });
      const layered = map.packs[map.kind].layered;
      const found = stack === map.kind && state.special !== "remove" ? crowd(this.shown, layered) : null;
      if (found) parts.push(...atlas.crowdSentence({ ...found, among: layered ? " of this layer" : "" }));
      $("[data-sentence]").replaceChildren(...parts);
      const name = atlas.viewName(state, map, views);
      for (const el of $$("[data-view-name]")) el.replaceChildren(...name.map((part) => part.cloneNode?.(true) ?? part));
      for (const el of $$("[data-code]")) el.textContent = atlas.code(state);
      const changed = atlas.changes(state);
      const { words } = atlas.scales[state.scale];
      const what = stack === map.kind ? "attention weight" : `share, full ink at ${this.shown.ink.max}`;
      $("[data-ramp-says=heat]").textContent = [what, words, ...changed].join(", ");
      atlas.scaleBar($("[data-ramp-of=heat]"), this.shown.ink);
      for (const el of $$("[data-masked-key]")) el.hidden = !this.shown.masked;
      const state_words = [name.map((part) => part.textContent ?? part).join(""), `from “${query}”`, words, ...changed];
      $("[data-state-words]").textContent = `Shown: ${state_words.join("; ")}.`;
      $("[data-address]").textContent = `${location.href.split("#")[0].split("/").slice(-3).join("/")}${this.state.address()}`;
    }

    headCard(state) {
      const { metrics, nulls, heads } = this.shown.map;
      const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
      const one = state.view === "head";
      $("[data-card-head]").textContent = one ? atlas.code(state) : `L${state.layer}, mean of ${heads}`;
      for (const el of $$("[data-metric]")) {
        const rows = metrics[el.dataset.metric];
        el.parentElement.hidden = !rows;
        if (!rows) continue;
        const row = rows[state.layer];
        el.textContent = atlas.decimal(one ? row[state.head] : row.includes(null) ? null : mean(row));
        const even = nulls?.[el.dataset.metric]?.[state.layer];
        el.nextElementSibling.textContent = even == null ? "" : `uniform ${atlas.decimal(even)}`;
      }
      const role = this.roles?.[this.shown.map.kind]?.[state.layer]?.[state.head];
      $("[data-role]").parentElement.hidden = !role || !one;
      if (role) $("[data-role]").textContent = role;
    }

    async glance(kind) {
      const map = this.record.kinds[kind];
      const pack = map.packs[kind];
      const name = pack.glance ? `${kind}.glance` : kind;
      const bytes = await atlas.load(`${this.record.island.maps_at}.${name}.js`, name);
      const rows = pack.glance ? pack.glance[0] : map.queries.length;
      const columns = pack.glance ? pack.glance[1] : (map.keys ?? map.queries).length;
      const given = { layers: map.layers, heads: map.heads, rows, columns, bytes,
        masked: (layer) => glanceMask(map, layer, rows, columns) };
      if (this.heads) return this.heads.update(given);
      given.onPick = (layer, head) => this.state.set({ layer, head, view: "head" });
      this.heads = atlas.glance($("[data-glance]"), given);
      this.loadRoles();
    }

    /* What the model's page has found each head to do over all records. */
    async loadRoles() {
      const { facts } = this.record.island.model;
      if (!facts) return;
      const bytes = await atlas.load(facts, "heads");
      this.roles = JSON.parse(new TextDecoder().decode(bytes));
      this.headCard(this.state.get());
    }

    async drawRollout() {
      const { map } = this.shown;
      const state = this.state.get();
      const name = `${map.kind}.rollout`;
      const pack = map.packs[name];
      const el = $("[data-rollout]");
      el.closest(".plate").hidden = !pack;
      if (!pack) return;
      if (this.rolloutOf !== map.kind) {
        this.rolloutOf = map.kind;
        const at = `${this.record.island.maps_at}.${name}`;
        const key = pack.glance ? `${name}.glance` : name;
        const bytes = await atlas.load(pack.glance ? `${at}.glance.js` : `${at}.js`, key);
        const [rows, columns] = pack.glance ?? [map.queries.length, (map.keys ?? map.queries).length];
        const max = atlas.fullInk("rollout", (map.keys ?? map.queries).length);
        this.rollouts = atlas.rollout(el, { layers: map.layers, rows, columns, bytes, max,
          onPick: (layer) => {
            this.state.set({ layer, view: "rollout" });
            $("#heat").scrollIntoView({ block: "nearest" });
          } });
        atlas.scaleBar($("[data-ramp-of=rollout]"), { max });
        $("[data-ramp-says=rollout]").textContent = `share of the input token, √ scale, full ink at ${max}`;
      }
      this.rollouts.move(state.layer);
      await this.rolloutSentence(state, map, name);
    }

    async rolloutSentence(state, map, name) {
      const el = $("[data-rollout-says]");
      if (map.keys) return el.replaceChildren();
      const { bytes, start } = await this.record.bytes(map, name, state.layer);
      const count = map.queries.length;
      const own = (bytes[start + state.query * count + state.query] / 255) ** 2;
      const even = atlas.evenMixing(map, state.query, count, state.layer);
      const parts = [`After layer ${state.layer}, `, atlas.number(own), " of ", atlas.token(atlas.label(map.queries[state.query].t)), " is still its own"];
      if (even != null) parts.push(`; even mixing${map.causal ? " of all it may see" : ""} would leave `, atlas.number(even));
      el.replaceChildren(...parts, ".");
    }

    plates() {
      this.lazy.set($("[data-lines]"), () => this.lines.draw(this.shown));
      const links = $("[data-links]");
      this.lazy.set(links, () => atlas.drawLinks(links, this.shown, (row, column) => this.pickCell(row, column)));
      if ($("[data-rollout]")) this.lazy.set($("[data-rollout]"), () => this.drawRollout());
      atlas.onTheme(() => this.rollouts?.redraw());
      atlas.recordPlates?.(this);
    }
  }

  /* Which cells of a thumbnail stand only for pairs that may not look. */
  const glanceMask = (map, layer, rows, columns) => {
    const window = map.window?.[layer] ?? Infinity;
    if (map.kind === "cross" || (!map.causal && window === Infinity)) return null;
    const [down, across] = [map.queries.length / rows, map.queries.length / columns];
    const mask = new Uint8Array(rows * columns);
    for (let r = 0; r < rows; r++) {
      for (let c = 0; c < columns; c++) {
        const [top, bottom] = [Math.floor(r * down), Math.floor((r + 1) * down) - 1];
        const [left, right] = [Math.floor(c * across), Math.floor((c + 1) * across) - 1];
        mask[r * columns + c] = (map.causal && left > bottom) || left - bottom >= window || top - right >= window;
      }
    }
    return mask;
  };

  atlas.pages.push(start);
})();
