/* Sentences that say in words what a view shows. */

const { says, token, number } = atlas;
const NUMBERS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
const count = (number) => NUMBERS[number] ?? String(number);

const id = ({ layer, head }) => atlas.make("span", { class: "id" }, atlas.headName(layer, head));

const NAMES = { encoder: "encoder", decoder: "decoder", cross: "cross-attention" };

/* What is shown, as the title of its figure has it. `titles` are those of the analyses. */
atlas.viewName = (state, map, titles) => {
  const name = nameOf(state, map, titles);
  return state.vs ? says`${name}, less that of ${atlas.make("bdi", {}, state.vs)}` : name;
};

const nameOf = (state, map, titles) => {
  const of = NAMES[map.kind] ? ` of the ${NAMES[map.kind]}` : "";
  if (state.view === "head") return says`Head ${id(state)}${of}`;
  if (state.view === "mean") return [`Layer ${state.layer}${of}, mean of ${map.heads} heads`];
  if (state.view === "max") return [`Layer ${state.layer}${of}, largest of ${map.heads} heads`];
  const reach = state.view === "rollout" ? "to" : "in";
  const { heads, range } = map.packs[`${map.kind}.${state.view}`] ?? {};
  const title = titles[state.view] ?? state.view;
  if (heads) return says`${title}${of}, head ${id(state)}`;
  if (range) return [`${title}${of}, layer ${state.layer}`];
  return [`${title}${of} ${reach} layer ${state.layer}`];
};

/* How the view differs from the plain weights; `merged` says whether a word has several pieces. */
atlas.changes = (state, range, merged) => {
  const words = [];
  if (merged) words.push(range ? "words: means over their tokens" : "words: keys summed, queries averaged");
  if (state.special === "hide") words.push("special tokens hidden");
  if (state.special === "remove" && range) words.push("special tokens left out");
  else if (state.special === "remove") words.push("special tokens removed, rows renormalised");
  return words;
};

const listed = (shares) =>
  shares.flatMap(({ value, label }, at) => {
    if (!at) return says`${number(value)} of its attention on ${token(label)}`;
    return says`${at === shares.length - 1 ? " and " : ", "}${number(value)} on ${token(label)}`;
  });

const SUBJECTS = {
  head: (state) => says`head ${id(state)} puts `,
  mean: (state) => says`the mean of layer ${state.layer} puts `,
  max: (state) => says`the strongest head of layer ${state.layer} puts, token by token, `,
};

/* "After layer 8, 0.21 of what has reached she comes from nurse and 0.12 from doctor." */
const arrived = ({ layer }, query, [first, second]) => {
  const reached = says`After layer ${layer}, ${number(first.value)} of what has reached ${token(query)}`;
  const then = second ? says` and ${number(second.value)} from ${token(second.label)}` : [];
  return says`${reached} comes from ${token(first.label)}${then}.`;
};

const figure = (value) => atlas.make("span", { class: "num" }, atlas.amount(value));

/* "From she, scores, head L8H10: largest for nurse, 4.2, then for doctor, 3.1." */
const largest = (place, title, [first, second]) => {
  const then = second ? says`; then for ${token(second.label)}, ${figure(second.value)}` : [];
  return says`${place}${title}: largest for ${token(first.label)}, ${figure(first.value)}${then}.`;
};

/* "From she, head L8H10 puts 0.54 of its attention on nurse and 0.14 on doctor." */
atlas.rowSentence = (state, { query, shares, chosen, written, unspent, titled }) => {
  const place = written
    ? says`At ${token(query)}, writing ${token(written)}, `
    : says`From ${token(query)}, `;
  if (!shares.length) return says`${place}nothing is left to show in this row.`;
  if (titled) return largest(place, titled, shares);
  if (!SUBJECTS[state.view]) return arrived(state, query, shares);
  const aside = chosen ? says`; ${number(chosen.value)} goes to ${token(chosen.label)}` : [];
  const rest = unspent == null ? [] : says`; ${number(unspent)} rests on no token`;
  return says`${place}${SUBJECTS[state.view](state)}${listed(shares)}${aside}${rest}.`;
};

const capital = (text) => text[0].toUpperCase() + text.slice(1);

/* How special one head is: how many put as much on this token, and how many on the average one. */
atlas.otherHeadsSentence = ({ strong, heads, chance, key, among }) => {
  const some = strong ? capital(count(strong)) : "None";
  const put = strong === 1 ? "puts" : "put";
  const about = Math.round(chance);
  const usual = about ? `about ${count(about)}` : "fewer than one";
  const these = ` ${some} of ${heads} heads${among} ${put} more than a third on `;
  return says`${these}${token(key)}; for the average token it is ${usual}.`;
};
