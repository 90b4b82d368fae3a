/* What the figures with a bar for each token have in common: their columns, and what can be saved. */

const most = (values) => Math.max(1e-9, ...values.map(Math.abs));

/* A column of bars; the longest stands for the largest of its own values, or for `top`. */
atlas.barColumn = ({ says, values }, tone, top = most(values)) => ({ says, values, tone, most: top });
atlas.largestOf = most;

const printed = (cell, column) => {
  if (["place", "anchor"].includes(column)) return cell;
  if (column === "token") return atlas.label(cell);
  return `${cell < 0 ? "−" : ""}${atlas.weight(Math.abs(cell))}`;
};

/* Offer to save `bars` as numbers, too: rows of `columns`, the token and its place in front. */
atlas.saveTokenBars = (bars, { file, caption, columns, rows }) =>
  bars.saves({
    file,
    columns: () => columns,
    rows,
    table: () => ({
      caption: caption(),
      columns,
      rows: rows().map((row) => row.map((cell, at) => printed(cell, columns[at]))),
    }),
  });
