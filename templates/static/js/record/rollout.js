/* Rollout on a record page: every layer as a picture, and what is left of the chosen token. */

const { $, says } = atlas;

/* How much of a token would still be its own after `layer` if every layer mixed all it may see
   evenly: each layer keeps half and shares out the other half. Null where windows differ. */
const evenMixing = ({ causal, window }, query, count, layer) => {
  if (window?.some((size) => size != null)) return null;
  if (causal) return ((1 + 1 / (query + 1)) / 2) ** (layer + 1);
  return 1 / count + (1 - 1 / count) * 0.5 ** (layer + 1);
};

/* Where most of what a word to be written has taken from the source comes from. */
const taken = (share, map, layer, query) => {
  const most = map.seen.reduce((best, _, at) => (share(query, at) > share(query, best) ? at : best), 0);
  const [row, source] = [map.queries[query], map.seen[most]].map((one) => atlas.token(atlas.shown(one)));
  const reached = atlas.number(share(query, most));
  return says`After layer ${layer}, ${reached} of what ${row} has taken from the source is from ${source}.`;
};

class Rollout {
  /* `onPick(layer)` is called for a chosen layer. */
  constructor(page, el, onPick) {
    Object.assign(this, { page, el, onPick, kind: null });
    this.tip = atlas.pointed(el, (event) => this.sheet?.at(event) && this.#under(this.sheet.at(event)));
    atlas.onTheme(() => this.sheet?.redraw());
    atlas.saves(el, page.filed("rollout", this));
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
    this.given = { ...found, max, mask, onPick: this.onPick };
    this.sheet = atlas.rollout(this.el, this.given);
    this.el.append(this.tip);
    atlas.scaleBar($("[data-ramp-of=rollout]"), { max });
    $("[data-ramp-says=rollout]").textContent = `share of the input token, √ scale, full ink at ${max}`;
  }

  /* "layer 3: needed → phone 0.12" */
  #under({ layer, row, column, x, y }) {
    const { rows, columns, bytes } = this.given;
    const share = (bytes[(layer * rows + row) * columns + column] / 255) ** 2;
    const pair = atlas.pairWords(this.page.shown.map, this.given, { row, column });
    return { parts: says`layer ${layer}: ${pair} ${atlas.number(share)}`, x, y };
  }

  /* Shares of one layer: share(query, key). */
  async shares(map, layer) {
    const { bytes, start } = await this.page.data.bytes(map, `${map.kind}.rollout`, layer);
    const columns = map.seen.length;
    return (query, key) => (bytes[start + query * columns + key] / 255) ** 2;
  }

  async #sentence({ layer, query }, map) {
    if (query == null) return [];
    const share = await this.shares(map, layer);
    if (map.keys) return taken(share, map, layer, query);
    const own = atlas.number(share(query, query));
    const parts = says`After layer ${layer}, ${own} of ${atlas.token(atlas.shown(map.seen[query]))} is still its own`;
    const even = evenMixing(map, query, map.queries.length, layer);
    if (even == null) return says`${parts}.`;
    const all = map.causal ? " of all it may see" : "";
    return says`${parts}; even mixing${all} would leave ${atlas.number(even)}.`;
  }
}

atlas.Rollout = Rollout;
