/* What the maps of heads have in common: a tip at the pointer, and keys that choose a head and open it.
   A map of one kind says where things lie: `find(x, y)` returns the place at a point of the chart, or null,
   `spot(place)` the point of its tip, `words(place)` what the tip says, and `placeOf(head)` the place of
   [layer, head]. */

atlas.HeadFigure = class extends atlas.Figure {
  /* `given` has model, onPick and onOpen(layer, head), and whatever a kind of map needs besides. */
  constructor(el, name, given) {
    super(el, name);
    Object.assign(this, given);
    this.tip = atlas.make("div", { class: "tip", hidden: true });
    el.append(this.tip);
    this.#listen();
  }

  /* Draw with [layer, head] chosen, or none. */
  async show(head) {
    this.head = head;
    await this.draw();
  }

  /* The place in the list of all heads of the one that is chosen, and the name of the one at a place. */
  get at() {
    return this.head ? this.head[0] * this.model.kind.heads + this.head[1] : null;
  }

  split(at) {
    const { heads } = this.model.kind;
    return [Math.floor(at / heads), at % heads];
  }

  label(at) {
    return atlas.headName(...this.split(at));
  }

  /* Where a step from the chosen head leads, or null. */
  stepped([down, across]) {
    const { layers, heads } = this.model.kind;
    const [layer, head] = this.head ? [this.head[0] + down, this.head[1] + across] : [0, 0];
    return layer >= 0 && layer < layers && head >= 0 && head < heads ? [layer, head] : null;
  }

  click(place) {
    this.onOpen(...place);
  }

  hint(place) {
    this.tip.hidden = place == null;
    if (place == null) return;
    this.tip.textContent = this.words(place);
    const [x, y] = this.spot(place);
    const right = this.room - this.tip.offsetWidth - 2;
    this.tip.style.cssText = `left:${Math.max(0, Math.min(x, right))}px;top:${y}px`;
  }

  #listen() {
    const { el } = this;
    const place = ({ clientX, clientY }) => {
      const { left, top } = this.holder.getBoundingClientRect();
      return this.chart ? this.find(clientX - left, clientY - top) : null;
    };
    el.addEventListener("pointermove", (event) => this.hint(place(event)));
    el.addEventListener("pointerleave", () => this.hint(null));
    el.addEventListener("blur", () => this.hint(null));
    el.addEventListener("click", (event) => {
      const at = place(event);
      if (at != null) this.click(at);
    });
    const step = (key) => {
      const head = this.chart && this.stepped(atlas.ARROWS[key]);
      if (!head) return;
      this.onPick(...head);
      this.hint(this.placeOf(head));
    };
    atlas.keys(Object.keys(atlas.ARROWS), "on a map of heads: layer, head", step, el);
    const open = () => (this.head ? this.onOpen(...this.head) : false);
    atlas.keys(["Enter"], "on a map of heads: open the head", open, el);
  }
};
