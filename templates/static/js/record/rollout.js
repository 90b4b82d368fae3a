/* Rollout on a record page: every layer as a picture, and what is left of the chosen token. */

const { $, says } = atlas;

/* How much of a token would still be its own after `layer` if every layer mixed all it may see
   evenly: each layer keeps half and shares out the other half. Null where windows differ. */
const evenMixing = ({ causal, window }, query, count, layer) => {
  if (window?.some((size) => size != null)) return null;
  if (causal) return ((1 + 1 / (query + 1)) / 2) ** (layer + 1);
  return 1 / count + (1 - 1 / count) * 0.5 ** (layer + 1);
};

class Rollout {
  /* `onPick(layer)` is called for a chosen layer. */
  constructor(page, el, onPick) {
    Object.assign(this, { page, el, onPick, kind: null });
    atlas.onTheme(() => this.sheet?.redraw());
    atlas.saves(el, {
      file: () => `${page.data.given.record.slug}-${page.state.get().kind}-rollout`,
      columns: () => ["layer", "query", "key", "share"],
      rows: () => this.#rows(),
      canvas: () => this.sheet.canvas(),
      spec: () => this.#spec(),
      table: () => this.#table(page.state.get(), page.shown.map),
    });
  }

  async draw() {
    const { map } = this.page.shown;
    const state = this.page.state.get();
    const name = `${map.kind}.rollout`;
    this.el.closest(".figure").hidden = !map.packs[name];
    if (!map.packs[name]) return;
    if (this.kind !== map.kind) await this.#paint(map, name);
    this.sheet.move(state.layer);
    this.#sentence(state, map).then((parts) => $("[data-rollout-says]").replaceChildren(...parts));
  }

  async #paint(map, name) {
    this.kind = map.kind;
    const found = await atlas.thumbnails(this.page.data, map, name);
    const max = atlas.fullInk("rollout", map.seen.length);
    const mask = atlas.thumbnailMask(map, Infinity, found.rows, found.columns);
    this.sheet = atlas.rollout(this.el, { ...found, max, mask, onPick: this.onPick });
    atlas.scaleBar($("[data-ramp-of=rollout]"), { max });
    $("[data-ramp-says=rollout]").textContent = `share of the input token, √ scale, full ink at ${max}`;
  }

  /* Shares of one layer: share(query, key). */
  async #shares(map, layer) {
    const { bytes, start } = await this.page.data.bytes(map, `${map.kind}.rollout`, layer);
    const columns = map.seen.length;
    return (query, key) => (bytes[start + query * columns + key] / 255) ** 2;
  }

  async #sentence({ layer, query }, map) {
    if (map.keys || query == null) return [];
    const share = await this.#shares(map, layer);
    const own = atlas.number(share(query, query));
    const parts = says`After layer ${layer}, ${own} of ${atlas.token(atlas.shown(map.seen[query]))} is still its own`;
    const even = evenMixing(map, query, map.queries.length, layer);
    if (even == null) return says`${parts}.`;
    const all = map.causal ? " of all it may see" : "";
    return says`${parts}; even mixing${all} would leave ${atlas.number(even)}.`;
  }

  async #rows() {
    const { map } = this.page.shown;
    const layers = Array.from({ length: map.layers }, (_, layer) => this.#shares(map, layer));
    return (await Promise.all(layers)).flatMap((share, layer) =>
      map.queries.flatMap((_, q) =>
        map.seen.map((_, k) => [layer, q, k, Number(share(q, k).toPrecision(4))]),
      ),
    );
  }

  async #spec() {
    const cell = ([layer, query, key, weight]) => ({ layer, head: 0, query, key, weight });
    return atlas.standalone("panels", { data: { rows: (await this.#rows()).map(cell) } });
  }

  /* For each layer, what is left of the chosen token and where most of the rest came from. */
  async #table({ query }, map) {
    const columns = ["Layer", "Still its own", "Most of the rest from", "Share"];
    if (query == null) return { caption: "No token is chosen.", columns, rows: [] };
    const caption = `What “${atlas.shown(map.queries[query])}” holds after each layer.`;
    const others = map.seen.map((_, key) => key).filter((key) => map.keys || key !== query);
    const rows = [];
    for (let layer = 0; layer < map.layers; layer++) {
      const share = await this.#shares(map, layer);
      const most = others.reduce(
        (best, key) => (share(query, key) > share(query, best) ? key : best),
        others[0],
      );
      const own = map.keys ? "–" : atlas.stored(share(query, query));
      rows.push([
        layer,
        own,
        ...(most == null ? ["–", "–"] : [atlas.shown(map.seen[most]), atlas.stored(share(query, most))]),
      ]);
    }
    return { caption, columns, rows };
  }
}

atlas.Rollout = Rollout;
