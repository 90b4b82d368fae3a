/* What a reader sets on a record page: the bar of controls, and the keys of the whole page. */

const { $, $$ } = atlas;
const FURTHER = ".further [data-set=view][aria-pressed=true], .further [aria-pressed=true]:not(:first-child)";

atlas.Controls = class {
  constructor(page) {
    Object.assign(this, { page, state: page.state });
    this.settings = new Set($$("[data-set]").map((button) => button.dataset.set));
    this.numbers = $$("[data-number]");
    this.other = $("[data-vs]");
    this.#offer();
    this.#listen();
  }

  /* Layer and head have choices where the bar shows them: a page has few elements. */
  #offer() {
    const narrow = matchMedia("(max-width: 46rem)");
    const offer = () => {
      for (const select of narrow.matches ? this.numbers : []) {
        while (select.length < select.dataset.count) select.add(new Option(select.length));
        select.selectedIndex = this.state.get()[select.dataset.number];
      }
    };
    narrow.addEventListener("change", offer);
    offer();
  }

  /* Buttons that set one thing: data-set="units" data-value="words". */
  #listen() {
    document.addEventListener("click", ({ target }) => {
      const button = target.closest("[data-set]");
      if (button) this.state.set({ [button.dataset.set]: button.dataset.value });
    });
    for (const select of this.numbers) {
      const { number } = select.dataset;
      select.addEventListener("change", () => this.page.showHead({ [number]: select.selectedIndex }));
    }
    atlas.keys(["Escape"], "choose no word", () => this.#clear());
    atlas.pressKey("[", "previous text", "a[rel=prev]");
    atlas.pressKey("]", "next text", "a[rel=next]");
    this.other?.addEventListener("change", ({ target }) => this.state.set({ vs: target.value }));
    for (const link of document.querySelectorAll("[data-sibling]")) {
      link.addEventListener("click", () => {
        // heads and tokens are another model's
        const { kind, view, units, special, scale, method = "", seen = "" } = this.state.get();
        link.hash = new URLSearchParams({ kind, view, units, special, scale, method, seen });
      });
    }
  }

  #clear() {
    const { query, key } = this.state.get();
    if (query == null && key == null) return false;
    this.state.set({ query: null, key: null });
    return true;
  }

  /* Show what is set; what is behind "More" is said there. */
  mark(state) {
    for (const name of this.settings) atlas.press(`[data-set=${name}]`, "value", state[name]);
    for (const select of this.numbers) select.selectedIndex = state[select.dataset.number];
    if (this.other) this.other.value = state.vs;
    const further = $$(FURTHER).map((button) => button.textContent.toLowerCase());
    if (state.vs) further.push(`less ${state.vs}`);
    $("[data-further]").textContent = further.length ? `: ${further.join(", ")}` : "";
  }
};
