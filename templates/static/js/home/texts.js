/* The texts of the home page: searched, filtered and paged, with thumbnails. What is chosen lies in the
   address (#q=bank&tag=polysemy). */

const { $, $$, make } = atlas;
const PAGE = 60;
const asked = { query: "", tag: "", shown: PAGE };
let given;
let list;
let rows;
let unwatch;

const said = (count) => count.toLocaleString("en");
const decode = (bytes) => JSON.parse(new TextDecoder().decode(bytes));

const index = async () => {
  if (rows) return rows;
  const read = decode(await atlas.load("maps/index.js", "index"));
  rows = read.map(([number, url, text, second, tags, says, meta, searched], at) => {
    const shown = { number, url, text, second, tags, says, meta, at };
    return { ...shown, folded: atlas.search.fold(searched) };
  });
  return rows;
};

const paint = async (canvas) => {
  const at = Number(canvas.dataset.thumb);
  const part = Math.floor(at / given.per_script);
  const name = String(part).padStart(3, "0");
  const bytes = await atlas.load(`maps/thumbs-${name}.js`, `thumbs.${name}`);
  const shapes = given.thumbs.slice(part * given.per_script, at + 1);
  const [height, width] = shapes.at(-1);
  const start = shapes.slice(0, -1).reduce((sum, [a, b]) => sum + a * b, 0);
  atlas.thumbnail(canvas, bytes.subarray(start, start + height * width), height, width);
};

const watch = () => {
  unwatch?.();
  unwatch = atlas.lazily($$("canvas[data-thumb]:not([data-painted])", list), paint);
};

const bdi = (text) => make("bdi", {}, text);

const entry = ({ number, url, text, second, tags, says, meta, at }) => {
  const top = make("span", { class: "pn" }, make("span", {}, `Text ${number}`));
  if (tags.length) top.append(bdi(tags.join(" · ")));
  const words = make("span", { class: "tx" }, bdi(text));
  if (second) words.append(" ", make("span", { class: "to" }, "→ ", bdi(second)));
  const last = make("span", { class: "meta" });
  if (says) last.append(bdi(says), " · ");
  last.append(meta);
  const thumb = make("canvas", { class: "px", width: 1, height: 1, "data-thumb": at, "aria-hidden": "true" });
  return make("li", {}, make("a", { href: url }, thumb, make("span", { class: "entry" }, top, words, last)));
};

const button = (words, act) => {
  const element = make("button", { type: "button", class: "plain" }, words);
  element.addEventListener("click", act);
  return element;
};

const choose = (changes) => {
  Object.assign(asked, { shown: PAGE }, changes);
  return show();
};

const nothing = (all) => {
  const words = make("p", {}, "No text ");
  if (asked.tag) words.append("tagged “", bdi(asked.tag), "” ");
  words.append(...(asked.query ? ["contains “", bdi(asked.query), "”."] : ["is here."]));
  const next = make("p", { class: "note" });
  const near = atlas.search.near(all, asked.query);
  const search = (word) => button(word, () => choose({ query: word, tag: "" }));
  near.forEach((word, i) => next.append(i ? ", " : "Near: ", search(word)));
  if (near.length) next.append(". ");
  const clear = button("Clear the search", () => choose({ query: "", tag: "" }));
  next.append(clear, ` to see all ${said(all.length)}.`);
  return [words, next];
};

const keep = () => {
  const state = new URLSearchParams();
  if (asked.query) state.set("q", asked.query);
  if (asked.tag) state.set("tag", asked.tag);
  const hash = state.toString();
  history.replaceState(null, "", hash ? `#${hash}` : location.pathname + location.search);
};

const offerMore = (count, shown) => {
  const more = $("[data-more]");
  more.hidden = count <= shown;
  $("button", more).textContent = `Show ${Math.min(PAGE, count - shown)} more of ${said(count)}`;
};

const controls = (count, all) => {
  const input = document.getElementById("search");
  if (input && input.value !== asked.query) input.value = asked.query;
  atlas.press("[data-tag]", "tag", asked.tag);
  offerMore(count, asked.shown);
  atlas.say(count === all ? `All ${said(all)} texts` : `${said(count)} of ${said(all)} texts`);
};

const show = async () => {
  const all = await index();
  const found = atlas.search.matches(all, asked.query, asked.tag);
  list.replaceChildren(...found.slice(0, asked.shown).map(entry));
  const none = $("[data-none]");
  none.hidden = found.length > 0;
  none.replaceChildren(...(found.length ? [] : nothing(all)));
  controls(found.length, all.length);
  keep();
  watch();
};

const more = async () => {
  const at = asked.shown;
  asked.shown += PAGE;
  await show();
  $("a", list.children[at])?.focus({ preventScroll: true });
};

const fromAddress = async () => {
  const state = new URLSearchParams(location.hash.slice(1));
  if (state.has("search")) document.getElementById("search")?.focus();
  const [query, tag] = [state.get("q") ?? "", state.get("tag") ?? ""];
  if (query !== asked.query || tag !== asked.tag) await choose({ query, tag });
};

const clear = (input) => {
  if (input.value) choose({ query: "" });
  else input.blur();
};

const listen = () => {
  const input = document.getElementById("search");
  let timer = 0;
  input?.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => choose({ query: input.value.trim() }), 80);
  });
  if (input) atlas.keys(["Escape"], "in the search: clear it", () => clear(input), input);
  for (const tag of $$("[data-tag]")) {
    tag.addEventListener("click", () => choose({ tag: tag.dataset.tag }));
  }
  $("[data-more] button").addEventListener("click", more);
  addEventListener("hashchange", fromAddress);
};

const start = async () => {
  list = $("[data-index]");
  if (!list) return;
  given = atlas.pageData("atlas-data");
  const tools = $("[data-tools]");
  if (tools) tools.hidden = false;
  offerMore(given.thumbs.length, list.children.length);
  listen();
  watch();
  await fromAddress();
};

atlas.pages.push(start);
