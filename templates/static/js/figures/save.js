/* What the menu of a figure saves: its picture, numbers, chart and address. `atlas.saves(element, given)`
   says how, where given, or what it returns, has
     file()   the start of a file name                    columns(), rows()   every number, for CSV
     table()  {caption, columns, rows}, shown instead     spec()              Vega-Lite with its rows
     drawn()  {svg, width, height} where it is no chart, or {under} what lies beneath its charts
   Each may be a promise. */

const WORDS = {
  svg: "Picture (SVG)",
  png: "Picture (PNG, 2×)",
  csv: "Numbers (CSV)",
  json: "Chart (Vega-Lite)",
  link: "Link to this view",
  table: "Show as table",
};

/* Put into each menu what it offers. */
atlas.pages.push(() => {
  for (const menu of atlas.$$("[data-menu]")) {
    const offered = menu.dataset.menu.split(" ");
    const buttons = offered.map((what) =>
      atlas.make("button", { type: "button", "data-save": what }, WORDS[what]),
    );
    menu.append(atlas.make("div", { class: "list" }, ...buttons));
  }
});

const saved = new Map(); // figure -> given
const whole = (given) => (typeof given === "function" ? given() : given);

atlas.saves = (element, given) => {
  const figure = element.closest(".figure");
  saved.set(figure, given);
  atlas.asTable(figure, async () => (await whole(given)).table());
};

const failed = ({ message }) => atlas.say(`This cannot be saved: ${message}`);

/* The charts that are drawn in a figure, in order: [element, {svg(), rows(name)}]. */
const chartsIn = (figure) => {
  const charts = atlas.$$(".chart", figure).map((el) => [el, atlas.drawings.get(el)]);
  return charts.filter(([, chart]) => chart);
};

/* What saves is loaded when a reader asks for it. */
const save = async (what, given, figure) => {
  if (what === "table") return atlas.switchTable(figure);
  await atlas.script("assets/saving.js");
  return atlas.save(what, { ...(await whole(given)), charts: chartsIn(figure) }, figure);
};

document.addEventListener("click", ({ target }) => {
  const item = target.closest("[data-save]");
  if (!item) return;
  const figure = item.dataset.of ? document.getElementById(item.dataset.of) : item.closest(".figure");
  atlas.closeMenus();
  if (saved.has(figure)) save(item.dataset.save, saved.get(figure), figure).catch(failed);
});
