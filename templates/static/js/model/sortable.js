/* A table whose columns sort its rows: by the number or the text of their cells. */

const { $$, make } = atlas;

const cellOf = (row, at) => row.cells[at].dataset.value ?? row.cells[at].textContent.trim();
const numberOf = (text) => (text ? Number(text.replaceAll(",", "").replace("−", "-")) : -Infinity);

/* Rows by a column; large numbers first, and texts from A. A second press turns it round. */
const sortBy = (table, th, at) => {
  const numbers = th.dataset.by === "number" && at > 0;
  const down = th.ariaSort ? th.ariaSort !== "descending" : numbers;
  for (const other of $$("th", table.tHead)) other.removeAttribute("aria-sort");
  th.setAttribute("aria-sort", down ? "descending" : "ascending");
  const key = (row) => (th.dataset.by === "number" ? numberOf(cellOf(row, at)) : cellOf(row, at));
  const rows = [...table.tBodies[0].rows].map((row) => [key(row), row]);
  rows.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0) * (down ? -1 : 1));
  table.tBodies[0].append(...rows.map(([, row]) => row));
};

atlas.pages.push(() => {
  for (const table of $$("table[data-sortable]")) {
    $$("th", table.tHead).forEach((th, at) => {
      if (!th.dataset.by) return;
      const button = make("button", { type: "button" }, th.textContent);
      button.addEventListener("click", () => sortBy(table, th, at));
      th.replaceChildren(button);
    });
  }
});
