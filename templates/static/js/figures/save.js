/* What every plate offers: its picture, numbers, chart and address to keep, and its table twin.
   A page registers each plate with `atlas.plate(element, figure)`, where figure has
     file()   the start of a file name                      columns, rows()   every number, for CSV
     table()  {caption, columns, rows} of the table twin    spec()            Vega-Lite with its rows
     view()   a Vega view, or  canvas()  what it painted    (svg and png come from either)
   rows and spec may be promises. */
const figures = new Map(); // plate -> figure

atlas.plate = (element, figure) => figures.set(element.closest(".plate"), figure);

const download = (name, type, parts) => {
  const address = URL.createObjectURL(new Blob(parts, { type }));
  atlas.make("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
  atlas.say(`${name} saved`);
};

/* A spreadsheet must never take a cell of text for a formula. */
const cell = (value) => {
  if (typeof value === "number") return String(value);
  const text = /^[=+\-@\t\r]/.test(value) && Number.isNaN(Number(value)) ? `'${value}` : `${value ?? ""}`;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};
const csv = (columns, rows) => [columns, ...rows].map((row) => `${row.map(cell).join(",")}\r\n`);

const svgOfCanvas = (canvas) => {
  const [width, height] = [canvas.width, canvas.height];
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}">` +
    `<image width="${width}" height="${height}" href="${canvas.toDataURL()}"/></svg>`
  );
};

const savers = {
  async svg(figure, name) {
    const text = figure.view ? await figure.view().toSVG() : svgOfCanvas(figure.canvas());
    download(`${name}.svg`, "image/svg+xml", [text]);
  },
  async png(figure, name) {
    const canvas = figure.view ? await figure.view().toCanvas(2) : figure.canvas();
    canvas.toBlob((blob) => download(`${name}.png`, "image/png", [blob]));
  },
  async csv(figure, name) {
    download(`${name}.csv`, "text/csv", csv(figure.columns, await figure.rows()));
  },
  async json(figure, name) {
    download(`${name}.vl.json`, "application/json", [JSON.stringify(await figure.spec())]);
  },
  link: () => copy(location.href),
  table: (_figure, _name, plate) => twin(plate),
};

const copy = async (text) => {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // not allowed here: the old way works on file:// too
    const field = atlas.make("textarea", { class: "vh" });
    field.value = text;
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
  }
  atlas.say("Link copied");
};

const tableOf = ({ caption, columns, rows }) => {
  const numeric = columns.map((_, at) =>
    rows.every((row) => typeof row[at] !== "string" || /^[−<–\d. ]*$/.test(row[at])),
  );
  const line = (tag, cells) =>
    atlas.make(
      "tr",
      {},
      ...cells.map((value, at) =>
        atlas.make(
          tag,
          { class: numeric[at] ? "r" : false, scope: tag === "th" ? "col" : false },
          atlas.make("bdi", {}, String(value ?? "–")),
        ),
      ),
    );
  return atlas.make(
    "table",
    {},
    atlas.make("caption", {}, caption),
    atlas.make("thead", {}, line("th", columns)),
    atlas.make("tbody", {}, ...rows.map((row) => line("td", row))),
  );
};

const fill = async (plate) => {
  const holder = atlas.$(".twin", plate);
  if (holder && !holder.hidden) holder.replaceChildren(tableOf(await figures.get(plate).table()));
};

const twin = (plate) => {
  if (!figures.get(plate)?.table) return;
  const open = plate.classList.toggle("as-table");
  const holder =
    atlas.$(".twin", plate) ??
    plate.insertBefore(
      atlas.make("div", { class: "twin scroll", tabindex: 0, role: "region", "aria-label": "Table" }),
      atlas.$(":scope > header", plate).nextSibling,
    );
  holder.hidden = !open;
  const item = atlas.$("[data-save=table]", plate);
  if (item) item.textContent = open ? "Show as picture" : "Show as table";
  fill(plate);
  atlas.say(open ? "Shown as a table" : "Shown as a picture");
};

/* Fill the table twins that are open again, after the figures have changed. */
atlas.refreshTwins = () => figures.forEach((_, plate) => fill(plate));

/* The plate the reader is at: with the focus, else under the pointer, else the first in view. */
const current = () => {
  const at = document.activeElement?.closest(".plate") ?? atlas.$(".plate:hover");
  return at ?? [...figures.keys()].find((plate) => plate.getBoundingClientRect().bottom > 80);
};
atlas.toggleTwin = () => {
  const plate = current();
  if (plate) twin(plate);
};

document.addEventListener("click", (event) => {
  const item = event.target.closest("[data-save]");
  if (!item) return;
  const plate = item.dataset.of ? document.getElementById(item.dataset.of) : item.closest(".plate");
  const figure = figures.get(plate);
  atlas.closeMenus();
  if (figure) savers[item.dataset.save](figure, figure.file?.() ?? "figure", plate);
});
