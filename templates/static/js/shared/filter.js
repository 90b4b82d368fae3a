/* A search field and filters over a list. What is asked lies in the address (#q=bank&right=no), so that a
   view can be sent to somebody; what is found is drawn a page at a time. */

const { $, $$ } = atlas;
const PAGE = 60;
const PAUSE = 400; // milliseconds without a key, after which the address follows what is typed
const NAMES = ["q", "tag", "model", "label", "predicted", "right"];

const said = (count) => count.toLocaleString("en");

class Filter {
  /* `index()` gives all rows, `draw(rows, found, all)` shows some of those that were found. */
  constructor(index, draw) {
    Object.assign(this, { index, draw, asked: {}, shown: PAGE });
    this.input = document.getElementById("search");
    this.listen();
  }

  async show() {
    const all = await this.index();
    const found = atlas.search.matches(all, this.asked);
    await this.draw(found.slice(0, this.shown), found, all);
    this.controls(found, all.length);
    clearTimeout(this.keeping);
    if (this.typing)
      this.keeping = setTimeout(() => this.keep(), PAUSE); // a new address is work for a browser
    else this.keep();
  }

  choose(changes, typing = false) {
    this.shown = PAGE;
    this.typing = typing;
    this.asked = { ...this.asked, ...changes };
    return this.show();
  }

  clear() {
    return this.choose(Object.fromEntries(NAMES.map((name) => [name, ""])));
  }

  async more() {
    this.shown += PAGE;
    await this.show();
  }

  offerMore(count, shown = this.shown) {
    const more = $("[data-more]");
    if (!more) return;
    more.hidden = count <= shown;
    $("button", more).textContent = `Show ${Math.min(PAGE, count - shown)} more of ${said(count)}`;
  }

  controls(found, all) {
    const count = found.length;
    if (this.input && this.input.value.trim() !== (this.asked.q ?? "")) this.input.value = this.asked.q ?? "";
    atlas.press("[data-tag]", "tag", this.asked.tag ?? "");
    for (const select of $$("[data-filter]")) select.value = this.asked[select.dataset.filter] ?? "";
    this.offerMore(count);
    const what = $("[data-what]")?.dataset.what ?? "texts";
    const words =
      count === all
        ? `All ${said(all)} ${what}`
        : `${said(count)} of ${said(all)} ${what}${found.partly ? ", with some of the words" : ""}`;
    for (const el of $$("[data-found]")) el.textContent = words;
    atlas.say(words);
  }

  keep() {
    this.typing = false;
    const pairs = NAMES.filter((name) => this.asked[name]).map((name) => [name, this.asked[name]]);
    const hash = new URLSearchParams(pairs).toString();
    history.replaceState(null, "", hash ? `#${hash}` : location.pathname + location.search);
  }

  async fromAddress() {
    const state = new URLSearchParams(location.hash.slice(1));
    if (state.has("search")) this.input?.focus();
    const asked = Object.fromEntries(NAMES.map((name) => [name, state.get(name) ?? ""]));
    if (NAMES.some((name) => asked[name] !== (this.asked[name] ?? ""))) await this.choose(asked);
  }

  escape() {
    if (this.input.value) this.choose({ q: "" });
    else this.input.blur();
  }

  listen() {
    const { input } = this;
    let timer = 0;
    input?.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(() => this.choose({ q: input.value.trim() }, true), 80);
    });
    input?.addEventListener("blur", () => this.typing && this.keep()); // a link may come next
    input?.addEventListener("focus", () => this.index()); // so that it is there when the first key is pressed
    if (input) atlas.keys(["Escape"], "in the search: clear it", () => this.escape(), input);
    for (const el of $$("[data-tag]"))
      el.addEventListener("click", () => this.choose({ tag: el.dataset.tag }));
    for (const el of $$("[data-filter]")) {
      el.addEventListener("change", () => this.choose({ [el.dataset.filter]: el.value }));
    }
    $("[data-more] button")?.addEventListener("click", () => this.more());
    addEventListener("hashchange", () => this.fromAddress());
  }
}

atlas.Filter = Filter;
