/* What a record page says in words: its opening sentence, the numbers of the chosen head, and what
   was changed in the view. */

const { $, $$ } = atlas;
const THIRD = 1 / 3;
const TRACE = 0.005; // of full ink: a second token with less is not worth a word

const copies = (parts) => parts.map((part) => part.cloneNode?.(true) ?? part);

/* The two tokens with the most weight in the chosen row, and the chosen one if it is neither. */
const strongest = ({ axes, values, ink, row, column }) => {
  if (row < 0) return { shares: [] };
  const columns = axes.keys.length;
  const entries = axes.keys.map(({ name: label }, at) => ({ at, label, value: values[row * columns + at] }));
  const top = entries.toSorted((a, b) => b.value - a.value).slice(0, 2);
  const shares = top.filter(({ value }, at) => !at || value > TRACE * (ink.range ? ink.max : 1));
  const chosen = column >= 0 && !shares.some(({ at }) => at === column) ? entries[column] : null;
  return { shares, chosen };
};

/* How many heads put more than a third of the row on the chosen key, and how many do on
   the average key. */
const crowd = ({ map, axes, bytes, row, column }) => {
  const columns = map.seen.length;
  const size = columns * map.queries.length;
  const heads = bytes.length / size;
  const { members } = axes.queries[row];
  const share = (start, group) => {
    let sum = 0;
    for (const q of members) {
      for (const k of group.members) sum += (bytes[start + q * columns + k] / 255) ** 2;
    }
    return sum / members.length;
  };
  let [strong, all] = [0, 0];
  for (let head = 0; head < heads; head++) {
    axes.keys.forEach((group, at) => {
      if (share(head * size, group) <= THIRD) return;
      all += 1;
      if (at === column) strong += 1;
    });
  }
  return {
    strong,
    heads,
    chance: all / axes.keys.length,
    key: axes.keys[column].name,
    among: heads === map.heads && map.layers > 1 ? " of this layer" : "",
  };
};

/* What a head that may attend to nothing does not give to any token. */
const unspent = ({ view, special }, { map, axes, values, row }) => {
  if (!map.sink || view !== "head" || special !== "show" || row < 0) return null;
  const columns = axes.keys.length;
  let sum = 0;
  for (let at = row * columns; at < (row + 1) * columns; at++) sum += values[at];
  return Math.max(0, 1 - sum);
};

const opening = (state, shown, views) => {
  const { map, axes, row, column, stack, alone } = shown;
  if (state.query == null) return ["Choose a word to see where it looks."];
  const query = axes.queries[row]?.says ?? atlas.shown(map.queries[state.query]);
  const written = map.predicted && atlas.label(map.predicted[state.query] ?? "");
  const parts = atlas.rowSentence(state, {
    query,
    written,
    ...strongest(shown),
    unspent: unspent(state, shown),
    titled: shown.ink.range ? lower(atlas.viewName(state, map, views)) : null,
  });
  const counted = stack === map.kind && !alone && state.special !== "remove" && row >= 0 && column >= 0;
  return counted ? [...parts, ...atlas.otherHeadsSentence(crowd(shown))] : parts;
};

const lower = ([first, ...rest]) => [first[0].toLowerCase() + first.slice(1), ...rest];

/* What the two inks of a difference mean. */
atlas.sidesOfDifference = (vs) => `right of zero more here, left of it more in ${vs}`;

/* Say what is shown, everywhere on the page where it is said. */
atlas.captions = (state, shown, views) => {
  const { map, ink, masked, axes } = shown;
  const name = atlas.viewName(state, map, views);
  const changed = atlas.changes(state, ink.range && !state.vs, axes.merged);
  const { words } = atlas.scales[state.scale];
  const full = `full ink at ${ink.signed ? "±" : ""}${ink.range ? atlas.amount(ink.max) : ink.max}`;
  const shares = shown.stack === map.kind ? "attention weight" : `share, ${full}`;
  const range = ink.range ? `${(views[state.view] ?? state.view).toLowerCase()}, ${full}` : shares;
  const what = state.vs ? `${atlas.sidesOfDifference(state.vs)}, ${full}` : range;
  $("[data-sentence]").replaceChildren(...opening(state, shown, views));
  for (const el of $$("[data-of-kind]")) el.hidden = !el.dataset.ofKind.split(" ").includes(map.kind);
  for (const el of $$("[data-of-shares]")) el.hidden = ink.range;
  for (const el of $$("[data-of-range]")) el.hidden = !ink.range;
  for (const el of $$("[data-view-name]")) el.replaceChildren(...copies(name));
  for (const el of $$("[data-code]")) el.textContent = atlas.headName(state.layer, state.head);
  for (const el of $$("[data-masked-key]")) el.hidden = !masked;
  for (const el of $$("[data-ramp-says=heat]")) el.textContent = [what, words, ...changed].join(", ");
  const from = state.query == null ? [] : [`from “${atlas.shown(map.queries[state.query])}”`];
  $("[data-state-words]").textContent =
    `Shown: ${[atlas.plain(name), ...from, words, ...changed].join("; ")}.`;
};

/* The numbers of the chosen head, or of the mean over its layer. `role` is a word or undefined,
   `page` the address of the head's own page or null. */
atlas.headCard = (state, { kind, packs, metrics, nulls, heads }, role, page) => {
  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const one = state.view === "head" || Boolean(packs[`${kind}.${state.view}`]?.heads);
  const name = one ? atlas.headName(state.layer, state.head) : `L${state.layer}, mean of ${heads}`;
  $("[data-card-head]").replaceChildren(
    one && page ? atlas.make("a", { href: page, title: "This head over all texts" }, name) : name,
  );
  for (const el of $$("[data-metric]")) {
    const row = metrics[el.dataset.metric]?.[state.layer];
    el.parentElement.hidden = !row;
    if (!row) continue;
    el.textContent = atlas.decimal(one ? row[state.head] : row.includes(null) ? null : mean(row));
    const chance = nulls[el.dataset.metric] ?? []; // once, where it is the same in all layers
    const even = chance[chance.length > 1 ? state.layer : 0];
    el.nextElementSibling.textContent = even == null ? "" : `uniform ${atlas.decimal(even)}`;
  }
  $("[data-role]").parentElement.hidden = role === null || !one;
  if (role) $("[data-role]").textContent = role === "none" ? "no single habit" : role;
};
