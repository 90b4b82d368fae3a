/* Keys. One table says which key does what where; it drives what is done and the list that `?` opens. */

const { $, $$, make } = atlas;
const PRINTED = {
  ArrowLeft: "←",
  ArrowRight: "→",
  ArrowUp: "↑",
  ArrowDown: "↓",
  Escape: "Esc",
  " ": "Space",
};
const table = []; // {keys, says, act, where}

/* What the arrow keys do to [row, column]. */
atlas.ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

const press = (element) => {
  if (!element?.matches("input")) return element ? element.click() : false;
  element.focus();
  return element.select();
};

/* While the focus is in the element `where` (anywhere, if null), each of `keys` does `act(key, event)`,
   which returns false where it had nothing to do: the key is then free for others. */
atlas.keys = (keys, says, act, where = null) => table.push({ keys, says, act, where });

/* A key that presses what `selector` finds: the last, so that a page takes it over from the frame around. */
atlas.pressKey = (key, says, selector) =>
  table.push({ keys: [key], says, act: () => press($$(selector).at(-1)), where: null, selector });

atlas.pressKey("/", "search the texts", "[data-search]");
atlas.pressKey("d", "dark or light", "[data-theme-switch]");
atlas.pressKey("?", "this list", "[data-keys]");
atlas.keys(["Escape"], "close a menu or this list", () => {
  const open = Boolean($("details.menu[open]"));
  atlas.closeMenus();
  return open;
});

/* Letters belong to whoever types; only Esc leaves a field. */
const typing = (target) => target.isContentEditable || /^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName);

const within = ({ where }, { target, key }) =>
  where ? where.contains(target) : key === "Escape" || !typing(target);

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || $("dialog[open], .meaning"))
    return;
  const fitting = table.filter((row) => row.keys.includes(event.key) && within(row, event));
  fitting.sort((a, b) => Boolean(b.where) - Boolean(a.where)); // the nearest first
  if (fitting.some(({ act }) => act(event.key, event) !== false)) event.preventDefault();
});

/* What the list says: keys of the page before those of a figure; two rows that say the same are one, and
   what one key does by turns is said in one row. */
const told = () => {
  const here = table.filter(({ selector }) => !selector || $(selector));
  const rows = new Map(); // keys and, where they belong to a figure, words -> the row
  for (const row of here.toSorted((a, b) => Boolean(a.where) - Boolean(b.where))) {
    const name = [...row.keys, row.where ? row.says : ""].join();
    const before = rows.get(name)?.says ?? row.says;
    const says = before === row.says ? before : `${before}, then ${row.says}`;
    rows.set(name, { keys: row.keys, says });
  }
  return [...rows.values()];
};

/* The list itself, made when it is first asked for. */
const dialog = () => {
  const title = make("h2", { id: "keys-title" }, "Keys");
  const form = make("form", { method: "dialog" }, title, make("dl"), make("button", {}, "Close"));
  const made = make("dialog", { id: "keys", "aria-labelledby": title.id }, form);
  document.body.append(made);
  return made;
};

const list = () => {
  const items = told().map(({ keys, says }) => {
    const caps = keys.map((key) => make("kbd", {}, PRINTED[key] ?? key));
    return make("div", {}, make("dt", {}, ...caps), make("dd", {}, says));
  });
  const shown = $("#keys") ?? dialog();
  $("dl", shown).replaceChildren(...items);
  shown.showModal();
};

document.addEventListener("click", ({ target }) => target.closest("[data-keys]") && list());
