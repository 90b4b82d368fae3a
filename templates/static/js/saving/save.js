/* What the menu of a figure does. */

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

const savers = {
  async svg(given, name, figure) {
    download(`${name}.svg`, "image/svg+xml", [(await atlas.finished(figure, given)).text]);
  },
  async png(given, name, figure) {
    const picture = await atlas.finished(figure, given);
    download(`${name}.png`, "image/png", [await atlas.finishedPixels(picture)]);
  },
  async csv({ columns, rows }, name) {
    download(`${name}.csv`, "text/csv", csv(columns(), await rows()));
  },
  async json(given, name, figure) {
    const spec = await atlas.finishedSpec(figure, given);
    download(`${name}.vl.json`, "application/json", [JSON.stringify(spec)]);
  },
  link: () => copy(location.href),
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

/* Save a figure as `what`: svg, png, csv or json; or copy the address of the view. */
atlas.save = (what, given, figure) => savers[what](given, given.file(), figure);
