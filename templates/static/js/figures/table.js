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

/* The figure the reader is at, of those in view: with the focus, else under the pointer, else the one of
   which most is seen, but for one that is always in view. */
const current = () => {
  const near = [document.activeElement?.closest(".figure"), $(".figure:hover")];
  const most = [...tables.keys()].sort((a, b) => inView(b) - inView(a));
  const moving = most.find((figure) => !figure.closest(".picker"));
  return [...near, moving].find((figure) => tables.has(figure) && inView(figure) > LEAST);
};

atlas.keys(["t"], "a figure as a table", () => {
  const figure = current();
  return figure ? atlas.switchTable(figure) : false;
});
