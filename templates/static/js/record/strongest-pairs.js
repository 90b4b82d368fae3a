/* The strongest pairs of words of what is shown, as a list: the quickest way into a map. */

const MOST = 8;
const LEAST = 0.005; // of full ink, where rows are no shares

/* The largest weights between two different tokens that are words, largest first. */
const strongest = ({ values, axes, map, ink }) => {
  const least = LEAST * (ink.range ? ink.max : 1);
  const columns = axes.keys.length;
  const word = ({ special, text }) => !special && /[\p{L}\p{N}]/u.test(text);
  const [rows, keys] = [axes.queries.map(word), axes.keys.map(word)];
  const found = []; // at most MOST, largest first
  for (let i = 0; i < values.length; i++) {
    if (found.length === MOST && values[i] <= found.at(-1).value) continue;
    const [row, column] = [(i / columns) | 0, i % columns];
    if (!rows[row] || !keys[column] || (map.kind !== "cross" && row === column) || !(values[i] >= least))
      continue;
    found.push({ value: values[i], row, column });
    found.sort((a, b) => b.value - a.value);
    found.length = Math.min(MOST, found.length);
  }
  return found;
};

const item = (shown, { value, row, column }, onPick) => {
  const { make } = atlas;
  const chosen = row === shown.row && column === shown.column;
  const button = make(
    "button",
    { type: "button", "aria-pressed": String(chosen) },
    make("bdi", {}, shown.axes.queries[row].says),
    make("span", {}, "→"),
    make("bdi", {}, shown.axes.keys[column].name),
    make("span", { class: "num" }, atlas.figure(value, shown.ink)),
  );
  button.addEventListener("click", () => onPick(row, column));
  return make("li", {}, button);
};

/* The pair that a link to a head left open: its strongest, else the one that the page opens with. */
atlas.settlePair = (state, shown, start) => {
  if (state.query !== undefined) return;
  const { queries, keys, row, column } = shown.axes;
  const [pair] = strongest(shown);
  const first = (group) => group.members[0];
  state.query = pair ? first(queries[pair.row]) : start.query;
  state.key = pair ? first(keys[pair.column]) : start.key;
  Object.assign(shown, { row: row[state.query] ?? -1, column: column[state.key] ?? -1 });
};

atlas.strongestPairs = (el, shown, onPick) => {
  const items = strongest(shown).map((pair) => item(shown, pair, onPick));
  const none = "No weight of 0.005 or more between two different words.";
  el.replaceChildren(...(items.length ? items : [atlas.make("li", {}, none)]));
};
