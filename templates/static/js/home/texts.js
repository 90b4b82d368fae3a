/* The texts of the home page: searched, filtered and paged, with thumbnails. */

const { $, $$, make } = atlas;
let given;
let list;
let rows;
let filter;
let unwatch;

const decode = (bytes) => JSON.parse(new TextDecoder().decode(bytes));
const RIGHT = ["no", "yes"];

const index = async () => {
  if (rows) return rows;
  const read = decode(await atlas.load("maps/index.js", "index"));
  rows = read.map(([number, url, text, second, tags, says, meta, searched, label, answers], at) => {
    const shown = { number, url, text, second, tags, says, meta, at, label };
    const all = answers.map(([model, predicted, right]) => ({
      model: given.models[model],
      predicted,
      right: RIGHT[right],
    }));
    return { ...shown, answers: all, folded: atlas.search.fold(searched) };
  });
  return rows;
};

const partOf = (at) => Math.floor(at / given.per_script);

const packs = new Map(); // part -> bytes, once they are there: from then on nothing has to wait

const packOf = async (part) => {
  const name = String(part).padStart(3, "0");
  packs.set(part, await atlas.load(`maps/thumbs-${name}.js`, `thumbs.${name}`));
  return packs.get(part);
};

const paint = async (canvas) => {
  const at = Number(canvas.dataset.thumb);
  const part = partOf(at);
  const bytes = packs.get(part) ?? (await packOf(part));
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

const made = new Map(); // place of a row -> its entry, for those that are shown

const entry = (row) => {
  if (!made.has(row.at)) made.set(row.at, newEntry(row));
  return made.get(row.at);
};

const newEntry = ({ number, url, text, second, tags, says, meta, at, answers }) => {
  const top = make("span", { class: "pn" }, make("span", {}, `Text ${number}`));
  if (tags.length) top.append(bdi(tags.join(" · ")));
  const words = make("span", { class: "tx" }, bdi(text));
  if (second) words.append(" ", make("span", { class: "to" }, "→ ", bdi(second)));
  const last = make("span", { class: "meta" });
  const wrong = answers.some(({ right }) => right === "no");
  if (says) last.append(make("span", wrong ? { class: "wrong" } : {}, bdi(says)), " · ");
  last.append(meta);
  const thumb = make("canvas", { class: "px", width: 1, height: 1, "data-thumb": at, "aria-hidden": "true" });
  return make("li", {}, make("a", { href: url }, thumb, make("span", { class: "entry" }, top, words, last)));
};

const button = (words, act) => {
  const element = make("button", { type: "button", class: "plain" }, words);
  element.addEventListener("click", act);
  return element;
};

const nothing = (all) => {
  const { tag, q } = filter.asked;
  const words = make("p", {}, "No text ");
  if (tag) words.append("tagged “", bdi(tag), "” ");
  words.append(...(q ? ["contains “", bdi(q), "”."] : ["is like that."]));
  const next = make("p", { class: "note" });
  const near = atlas.search.near(all, q ?? "");
  const search = (word) => button(word, () => filter.clear().then(() => filter.choose({ q: word })));
  near.forEach((word, i) => next.append(i ? ", " : "Near: ", search(word)));
  if (near.length) next.append(". ");
  const clear = button("Clear the search", () => filter.clear());
  next.append(clear, ` to see all ${all.length.toLocaleString("en")}.`);
  return [words, next];
};

/* Above the texts: that none has all words, if so, and the reports that may answer what is asked. */
const tell = (found) => {
  const q = filter.asked.q ?? "";
  const parts = found.partly ? ["No text has all of these words; these have some of them. "] : [];
  const pages = q ? atlas.search.reports(given.reports, q) : [];
  pages.forEach(({ label, url }, at) =>
    parts.push(at ? ", " : "See also: ", make("a", { href: url }, bdi(label))),
  );
  if (pages.length) parts.push(".");
  const el = $("[data-also]");
  el.hidden = !parts.length;
  el.replaceChildren(...parts);
};

/* Put the entries of these rows in the list; those that stay are not made anew. */
const show = (shown) => {
  const entries = shown.map(entry);
  if (entries.length === list.children.length && entries.every((el, at) => el === list.children[at])) return;
  list.replaceChildren(...entries);
  for (const at of made.keys()) if (!made.get(at).isConnected) made.delete(at);
};

const draw = (shown, found, all) => {
  const before = list.children.length;
  const more = filter.shown > 60 && before < shown.length;
  show(shown);
  tell(found);
  const none = $("[data-none]");
  none.hidden = found.length > 0;
  none.replaceChildren(...(found.length ? [] : nothing(all)));
  watch();
  if (more) $("a", list.children[before])?.focus({ preventScroll: true });
};

const start = async () => {
  list = $("[data-index]");
  if (!list) return;
  given = atlas.pageData("atlas-data");
  const tools = $("[data-tools]");
  if (tools) tools.hidden = false;
  filter = new atlas.Filter(index, draw);
  filter.offerMore(given.thumbs.length, list.children.length);
  watch();
  await filter.fromAddress();
  const parts = new Set($$("canvas[data-thumb]", list).map(({ dataset }) => partOf(Number(dataset.thumb))));
  await Promise.allSettled([...parts].map(packOf)); // so that paper has those that are shown at once
};

atlas.pages.push(start);
