/* Figures further down are drawn when they come near the view, and then kept up to date. */

const NEAR = "300px";
const CALM = 2500; // milliseconds after which a reader is not waiting for anything

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
    for (const element of this.draws.keys()) observer.observe(element);
    const all = () => this.draws.forEach((_, element) => this.#freshen(element));
    setTimeout(() => requestIdleCallback(all), CALM); // what is drawn once can be printed at once
    addEventListener("beforeprint", all);
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
    if (this.drawn.get(element) === this.shown) return;
    this.drawn.set(element, this.shown);
    this.draws.get(element)();
  }
};
