/* Keys. A shortcut is declared where it acts: data-shortcut on the link, button or field it presses,
   with data-says where the element's own words do not explain it. `?` lists them. */
const typing = (target) => /^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName) || target.isContentEditable;

/* The last one wins, so that a page can take over a key from the frame around it. */
const holder = (key) =>
  atlas
    .$$("[data-shortcut]")
    .filter((el) => el.dataset.shortcut.split(" ").includes(key))
    .at(-1);

const press = (element) => {
  if (element.matches("input")) {
    element.focus();
    element.select();
  } else element.click();
};

const words = (element) =>
  element.dataset.says || element.getAttribute("aria-label") || element.textContent.trim();

const list = () => {
  const rows = new Map();
  for (const el of atlas.$$("[data-shortcut]")) rows.set(el.dataset.shortcut, words(el));
  const items = [...rows].map(([keys, says]) =>
    atlas.make(
      "div",
      {},
      atlas.make("dt", {}, ...keys.split(" ").map((key) => atlas.make("kbd", {}, key))),
      atlas.make("dd", {}, says),
    ),
  );
  const dialog = document.getElementById("keys");
  atlas.$("dl", dialog).replaceChildren(...items);
  dialog.showModal();
};

const actions = { t: () => atlas.toggleTwin() };

const leave = () => {
  if (atlas.$("details.menu[open]")) atlas.closeMenus();
  else document.dispatchEvent(new Event("atlas:escape"));
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (event.key === "Escape") return leave();
  if (typing(event.target) || atlas.$("dialog[open]")) return;
  const element = holder(event.key);
  if (!element && !actions[event.key]) return;
  event.preventDefault();
  if (actions[event.key]) actions[event.key]();
  else press(element);
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-keys]")) list();
});
