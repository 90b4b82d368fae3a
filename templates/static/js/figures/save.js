/* What the menu of a figure saves: its picture, numbers, chart and address. `atlas.saves(element, given)`
   says how, where given has
     file()   the start of a file name                    columns(), rows()   every number, for CSV
     table()  {caption, columns, rows}, shown instead     spec()              Vega-Lite with its rows
     view()   a Vega view, or  canvas()  what it painted  (svg and png come from either)
   rows and spec may be promises. */

const saved = new Map(); // figure -> given

atlas.saves = (element, given) => {
  const figure = element.closest(".figure");
  saved.set(figure, given);
  if (given.table) atlas.asTable(figure, given.table);
};

const failed = ({ message }) => atlas.say(`This cannot be saved: ${message}`);

/* What saves is loaded when a reader asks for it. */
const save = async (what, given, figure) => {
  if (what === "table") return atlas.switchTable(figure);
  await atlas.script("assets/saving.js");
  return atlas.save(what, given, figure);
};

document.addEventListener("click", ({ target }) => {
  const item = target.closest("[data-save]");
  if (!item) return;
  const figure = item.dataset.of ? document.getElementById(item.dataset.of) : item.closest(".figure");
  atlas.closeMenus();
  if (saved.has(figure)) save(item.dataset.save, saved.get(figure), figure).catch(failed);
});
