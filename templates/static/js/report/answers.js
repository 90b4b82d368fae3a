/* The answers of a report: searched, filtered and paged. */

const { $, make } = atlas;
let rows;
let body;
let given;

const decode = (bytes) => JSON.parse(new TextDecoder().decode(bytes));
const percent = (value) => (value === null ? "–" : `${Math.round(100 * value)}%`);

const index = async () => {
  if (rows) return rows;
  const read = decode(await atlas.load(given.at, "answers"));
  rows = read.map(([url, text, model, label, predicted, score, right, words, against, tags]) => {
    const shown = { url, text, model, label, predicted, score, right, words, against, tags };
    const folded = atlas.search.fold([text, ...tags].join(" "));
    return { ...shown, folded, answers: [{ model, predicted, right }] };
  });
  return rows;
};

const cell = (text, attributes = {}) => make("td", attributes, make("bdi", {}, text));

const row = ({ url, text, model, label, predicted, score, right, words, against }) => {
  const link = make("a", { href: atlas.root() + url }, make("bdi", {}, text));
  const cells = [make("td", {}, link)];
  if (given.several) cells.push(cell(model));
  cells.push(cell(label || "–"), cell(predicted));
  if (right === "no") cells.at(-1).append(" ", make("span", { class: "wrong" }, "wrong"));
  cells.push(make("td", { class: "r" }, given.values ? (score?.toFixed(2) ?? "–") : percent(score)));
  cells.push(cell(words || "–"), cell(against || "–"));
  return make("tr", {}, ...cells);
};

atlas.pages.push(async () => {
  body = $("[data-answers]");
  given = atlas.pageData("atlas-data")?.answers;
  if (!body || !given) return;
  $("[data-tools]").hidden = false;
  const draw = (shown, found) => {
    body.replaceChildren(...shown.map(row));
    $("[data-none]").hidden = found.length > 0;
  };
  const filter = new atlas.Filter(index, draw);
  filter.offerMore(given.count, body.children.length);
  await filter.fromAddress();
  if (location.hash.includes("=")) $("#answers").scrollIntoView(); // a link to some of them
});
