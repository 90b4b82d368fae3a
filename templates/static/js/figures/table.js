/* Figures as tables: `t`, or the menu, shows the numbers in place of the picture. */

const { $, make } = atlas;
const tables = new Map(); // figure -> function that returns {caption, columns, rows}

atlas.asTable = (figure, table) => tables.set(figure, table);

const NUMERIC = /^[−<–\d. ]*$/;

const tableOf = ({ caption, columns, rows }) => {
  const numeric = columns.map((_, at) =>
    rows.every((row) => typeof row[at] !== "string" || NUMERIC.test(row[at])),
  );
  const cell = (tag, value, at) => {
    const look = { class: numeric[at] ? "r" : false, scope: tag === "th" ? "col" : false };
    return make(tag, look, make("bdi", {}, String(value ?? "–")));
  };
  const line = (tag, cells) => make("tr", {}, ...cells.map((value, at) => cell(tag, value, at)));
  const head = make("thead", {}, line("th", columns));
  const body = make("tbody", {}, ...rows.map((row) => line("td", row)));
  return make("table", {}, make("caption", {}, caption), head, body);
};

const fill = async (figure) => {
  const holder = $(".twin", figure);
  if (holder && !holder.hidden) holder.replaceChildren(tableOf(await tables.get(figure)()));
};

const holderIn = (figure) => {
  const look = { class: "twin scroll", tabindex: 0, role: "region", "aria-label": "Table" };
  const header = $(":scope > header", figure);
  return $(".twin", figure) ?? figure.insertBefore(make("div", look), header.nextSibling);
};

atlas.switchTable = (figure) => {
  if (!tables.has(figure)) return;
  const open = figure.classList.toggle("as-table");
  holderIn(figure).hidden = !open;
  const item = $("[data-save=table]", figure);
  if (item) item.textContent = open ? "Show as picture" : "Show as table";
  fill(figure);
  atlas.say(open ? "Shown as a table" : "Shown as a picture");
};

/* Fill the tables that are open again, after the figures have changed. */
atlas.refreshTables = () => {
  for (const figure of tables.keys()) fill(figure);
};

const LEAST = 60; // pixels of a figure that count as being in view

const inView = (figure) => {
  const { top, bottom } = figure.getBoundingClientRect();
  return Math.min(bottom, innerHeight) - Math.max(top, 0);
};

/* How much of what could be seen of a figure is seen, in percent: 100 where it is whole, or fills the view. */
const shareInView = (figure) => {
  const { height } = figure.getBoundingClientRect();
  return Math.round((100 * inView(figure)) / Math.min(height, innerHeight));
};

/* The figure the reader is at, of those in view: with the focus, else under the pointer, else the one that is
   seen best, the upper of two that are whole, but for one that is always in view. */
const current = () => {
  const near = [document.activeElement?.closest(".figure"), $(".figure:hover")];
  const top = (figure) => figure.getBoundingClientRect().top;
  const shown = [...tables.keys()].filter((figure) => inView(figure) > LEAST);
  const [best] = shown
    .filter((figure) => !figure.closest(".picker"))
    .sort((a, b) => shareInView(b) - shareInView(a) || top(a) - top(b));
  return [...near, best].find((figure) => shown.includes(figure));
};

atlas.keys(["t"], "a figure as a table", () => {
  const figure = current();
  return figure ? atlas.switchTable(figure) : false;
});
