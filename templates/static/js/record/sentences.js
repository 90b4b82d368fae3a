/* Sentences that say in words what a view shows. Each is a list of texts and elements; tokens are
   always isolated, so that no script can turn the text around them. */

const NUMBERS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
atlas.count = (number) => NUMBERS[number] ?? String(number);

atlas.token = (label) => atlas.make("i", {}, atlas.make("bdi", {}, label));
const token = (label) => atlas.token(label);
atlas.number = (value) => atlas.make("span", { class: "num" }, atlas.weight(value));
const number = atlas.number;
const id = ({ layer, head }) => atlas.make("span", { class: "id" }, atlas.headName(layer, head));

const NAMES = { encoder: "encoder", decoder: "decoder", cross: "cross-attention" };

/* What is shown, as the title of its figure has it. `titles` are those of the analyses. */
atlas.viewName = (state, map, titles) => {
  const of = NAMES[map.kind] ? ` of the ${NAMES[map.kind]}` : "";
  if (state.view === "head") return ["Head ", id(state), of];
  if (state.view === "mean") return [`Layer ${state.layer}${of}, mean of ${map.heads} heads`];
  if (state.view === "max") return [`Layer ${state.layer}${of}, largest of ${map.heads} heads`];
  const reach = state.view === "rollout" ? "to" : "in";
  const { heads, range } = map.packs[`${map.kind}.${state.view}`] ?? {};
  const title = titles[state.view] ?? state.view;
  if (heads) return [`${title}${of}, head `, id(state)];
  if (range) return [`${title}${of}, layer ${state.layer}`];
  return [`${title}${of} ${reach} layer ${state.layer}`];
};

/* How the view differs from the plain weights. */
atlas.changes = (state, range) => {
  const words = [];
  if (state.units === "words")
    words.push(range ? "words: means over their tokens" : "words: keys summed, queries averaged");
  if (state.special === "hide") words.push("special tokens hidden");
  if (state.special === "remove" && range) words.push("special tokens left out");
  else if (state.special === "remove") words.push("special tokens removed, rows renormalised");
  return words;
};

const listed = (shares) =>
  shares.flatMap(({ value, label }, at) => [
    at ? (at === shares.length - 1 ? " and " : ", ") : "",
    number(value),
    at ? " on " : " of its attention on ",
    token(label),
  ]);

const SUBJECTS = {
  head: (state) => ["head ", id(state), " puts "],
  mean: (state) => [`the mean of layer ${state.layer} puts `],
  max: (state) => [`the strongest head of layer ${state.layer} puts, token by token, `],
};

/* "After layer 8, 0.21 of what has reached she comes from nurse and 0.12 from doctor." */
const arrived = ({ layer }, query, [first, second]) => [
  `After layer ${layer}, `,
  number(first.value),
  " of what has reached ",
  token(query),
  " comes from ",
  token(first.label),
  ...(second ? [" and ", number(second.value), " from ", token(second.label)] : []),
  ".",
];

const figure = (value) => atlas.make("span", { class: "num" }, atlas.amount(value));

/* "From she, scores, head L8H10: largest for nurse, 4.2, then for doctor, 3.1." */
const largest = (place, title, [first, second]) => [
  ...place,
  ...title,
  ": largest for ",
  token(first.label),
  ", ",
  figure(first.value),
  ...(second ? ["; then for ", token(second.label), ", ", figure(second.value)] : []),
  ".",
];

/* "From she, head L8H10 puts 0.54 of its attention on nurse and 0.14 on doctor." */
atlas.rowSentence = (state, { query, shares, chosen, written, unspent, titled }) => {
  const place = written
    ? ["At ", token(query), ", writing ", token(written), ", "]
    : ["From ", token(query), ", "];
  if (!shares.length) return [...place, "nothing is left to show in this row."];
  if (titled) return largest(place, titled, shares);
  if (!SUBJECTS[state.view]) return arrived(state, query, shares);
  const aside = chosen ? ["; ", number(chosen.value), " goes to ", token(chosen.label)] : [];
  if (unspent != null) aside.push("; ", number(unspent), " rests on no token");
  return [...place, ...SUBJECTS[state.view](state), ...listed(shares), ...aside, "."];
};

const capital = (text) => text[0].toUpperCase() + text.slice(1);

/* How special one head is: how many put as much on this token, and how many on the average one. */
atlas.otherHeadsSentence = ({ count, heads, chance, key, among }) => {
  const some = count ? capital(atlas.count(count)) : "None";
  const put = count === 1 ? "puts" : "put";
  const about = Math.round(chance);
  const usual = about ? `about ${atlas.count(about)} ${about === 1 ? "does" : "do"}` : "fewer than one does";
  const parts = [` ${some} of ${heads} heads${among} ${put} more than a third on `, token(key)];
  return [...parts, `; on the average token, ${usual}.`];
};
