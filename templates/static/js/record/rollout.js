/* Rollout on a record page: every layer as a picture, and what is left of the chosen token. */

const { $ } = atlas;

class Rollout {
  constructor(el, data, onPick) {
    Object.assign(this, { el, data, onPick, kind: null });
    atlas.onTheme(() => this.sheet?.redraw());
  }

  canvas() {
    return this.sheet.canvas();
  }

  async draw(state, map) {
    const name = `${map.kind}.rollout`;
    this.el.closest(".plate").hidden = !map.packs[name];
    if (!map.packs[name]) return;
    if (this.kind !== map.kind) await this.#paint(map, name);
    this.sheet.move(state.layer);
    $("[data-rollout-says]").replaceChildren(...(await this.#sentence(state, map)));
  }

  async #paint(map, name) {
    this.kind = map.kind;
    const found = await atlas.thumbnails(this.data, map, name);
    const max = atlas.fullInk("rollout", (map.keys ?? map.queries).length);
    const mask = atlas.thumbnailMask(map, Infinity, found.rows, found.columns);
    this.sheet = atlas.rollout(this.el, { ...found, max, mask, onPick: this.onPick });
    atlas.scaleBar($("[data-ramp-of=rollout]"), { max });
    $("[data-ramp-says=rollout]").textContent = `share of the input token, √ scale, full ink at ${max}`;
  }

  /* Shares of one layer: share(query, key). */
  async shares(map, layer) {
    const { bytes, start } = await this.data.bytes(map, `${map.kind}.rollout`, layer);
    const columns = (map.keys ?? map.queries).length;
    return (query, key) => (bytes[start + query * columns + key] / 255) ** 2;
  }

  async #sentence({ layer, query }, map) {
    if (map.keys) return [];
    const share = await this.shares(map, layer);
    const even = atlas.evenMixing(map, query, map.queries.length, layer);
    const token = atlas.token(atlas.shown(map.queries[query]));
    const parts = [
      `After layer ${layer}, `,
      atlas.number(share(query, query)),
      " of ",
      token,
      " is still its own",
    ];
    if (even == null) return [...parts, "."];
    return [
      ...parts,
      `; even mixing${map.causal ? " of all it may see" : ""} would leave `,
      atlas.number(even),
      ".",
    ];
  }

  /* For each layer, what is left of the chosen token and where most of the rest came from. */
  async table({ query }, map) {
    const keys = map.keys ?? map.queries;
    const rows = [];
    for (let layer = 0; layer < map.layers; layer++) {
      const share = await this.shares(map, layer);
      const others = keys.map((_, k) => k).filter((k) => map.keys || k !== query);
      const most = others.reduce((best, k) => (share(query, k) > share(query, best) ? k : best), others[0]);
      rows.push([
        layer,
        map.keys ? "–" : atlas.weight(share(query, query)),
        most == null ? "–" : atlas.shown(keys[most]),
        most == null ? "–" : atlas.weight(share(query, most)),
      ]);
    }
    return {
      caption: `What “${atlas.shown(map.queries[query])}” holds after each layer.`,
      columns: ["Layer", "Still its own", "Most of the rest from", "Share"],
      rows,
    };
  }
}

atlas.Rollout = Rollout;
