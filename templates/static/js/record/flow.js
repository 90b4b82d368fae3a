/* How much of the answer's attention comes from each token in the end, when all paths are added up. */

atlas.flow = (page, el) => {
  const { sides, tokens, places, from } = page.data.given.bars.flow;
  const names = Object.keys(sides);
  const top = atlas.largestOf(Object.values(sides).flat());
  const column = (says) =>
    atlas.barColumn({ says, values: sides[says] }, says === "flow" ? "yes" : "muted", top);
  const bars = new atlas.Bars(el, () => ({ tokens, washed: new Set(), sides: names.map(column) }));
  atlas.saveTokenBars(bars, {
    file: `${page.data.given.record.slug}-flow`,
    caption: `Flow from “${atlas.label(from)}”, token by token.`,
    columns: ["place", "token", ...names],
    rows: () => tokens.map((token, row) => [places[row], token, ...names.map((name) => sides[name][row])]),
  });
  return bars;
};
