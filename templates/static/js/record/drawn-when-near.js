/* Figures further down are drawn when they come near the view or there is time, and then kept up to date. */

const NEAR = "300px";

atlas.DrawnWhenNear = class {
  constructor() {
    this.draws = new Map(); // element -> draws it
    this.drawn = new Map(); // element -> what it was drawn for
    this.near = new Set();
  }

  add(element, draw) {
    this.draws.set(element, draw);
  }

  /* Start; `shown` is what there is to draw now. */
  watch(shown) {
    this.shown = shown;
    const observer = new IntersectionObserver((entries) => this.#moved(entries), { rootMargin: NEAR });
    const elements = [...this.draws.keys()];
    for (const element of elements) observer.observe(element);
    const acts = elements.map((element) => () => this.#freshen(element));
    atlas.inIdleTime(acts, atlas.FIRST);
    addEventListener("beforeprint", () => elements.forEach((element) => this.#freshen(element)));
  }

  update(shown) {
    this.shown = shown;
    for (const element of this.near) this.#freshen(element);
  }

  #moved(entries) {
    for (const { target, isIntersecting } of entries) {
      if (!isIntersecting) this.near.delete(target);
      else this.#freshen(this.near.add(target) && target);
    }
  }

  #freshen(element) {
    if (this.drawn.get(element) === this.shown) return undefined;
    this.drawn.set(element, this.shown);
    return Promise.resolve(this.draws.get(element)()).catch((error) => atlas.missing(element, error));
  }
};
