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
    Object.assign(this, { page, el, onPick });
    this.tip = atlas.pointed(el, (event) => this.sheet?.at(event) && this.#under(this.sheet.at(event)));
    atlas.onTheme(() => this.sheet?.redraw());
    atlas.saves(el, page.filed("rollout", this));
  }

  async draw() {
    const { map } = this.page.shown;
    const state = this.page.state.get();
    const name = `${map.kind}.rollout`;
    const figure = this.el.closest(".figure");
    figure.hidden = !map.packs[name];
    if (!map.packs[name]) return;
    const turn = `${map.kind} ${state.vs}`;
    const found = !state.vs && this.page.found.get(name); // then it is drawn before anything can wait
    if (this.turn !== turn) {
      this.turn = turn;
      const given = found ? this.#own(map, found) : await this.#find(state, map, name);
      if (this.turn !== turn) return; // a later choice has overtaken this one
      this.#paint(figure, given);
    }
    this.sheet.move(state.layer);
    $("[data-rollout-says]").replaceChildren(...(await this.given.sentence(state)));
  }

  /* The rollout of this model, or what is left of it where that of another one is taken from it. */
  async #find(state, map, name) {
    if (state.vs) await atlas.script("assets/difference.js");
    const less = state.vs && (await atlas.rolloutDifference(this.page.data, state));
    return less || this.#own(map, await atlas.thumbnails(this.page.data, map, name));
  }

  #own(map, found) {
    const { rows, columns, bytes } = found;
    const max = atlas.fullInk("rollout", map.seen.length);
    const mask = atlas.thumbnailMask(map, Infinity, rows, columns);
    const [size, gain] = [rows * columns, 1 / Math.sqrt(max) / 255]; // bytes are square roots already
    return {
      ...found,
      ink: { max },
      says: `share of the input token, √ scale, full ink at ${max}`,
      place: (layer, i) => (mask?.[i] ? null : Math.min(1, bytes[layer * size + i] * gain)),
      lut: () => atlas.theme().lut,
      under: ({ layer, row, column }) => {
        const share = (bytes[layer * size + row * columns + column] / 255) ** 2;
        return says`${atlas.pairWords(map, found, { row, column })} ${atlas.number(share)}`;
      },
      sentence: (now) => this.#sentence(now, map),
    };
  }

  #paint(figure, given) {
    const { vs, ink } = (this.given = { ...given, onPick: this.onPick });
    this.sheet = atlas.rollout(this.el, this.given);
    this.el.append(this.tip);
    atlas.scaleBar($("[data-ramp-of=rollout]"), ink);
    $("[data-ramp-says=rollout]").textContent = given.says;
    figure.classList.toggle("less", Boolean(vs));
    $("h3 .vs", figure)?.remove();
    const less = vs ? says`, less that of ${atlas.make("bdi", {}, vs)}` : [];
    $("h3", figure).append(atlas.make("span", { class: "vs" }, ...less));
  }

  /* "layer 3: needed → phone 0.12" */
  #under({ x, y, ...cell }) {
    return { parts: says`layer ${cell.layer}: ${this.given.under(cell)}`, x, y };
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
