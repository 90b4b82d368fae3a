/* How much of the answer's attention comes from each token in the end, when all paths are added up; of a
   translation, in the stack that is shown, between the stacks in the last. */

atlas.flow = (page, el) => {
  const { flow } = page.data.given.bars;
  const whole = ([kind, given]) => {
    const { seen } = page.data.kinds[kind];
    const places = given.places ?? [...seen.keys()];
    const sides = Object.entries(given.sides).map(([name, values]) => [name, given.sides[values] ?? values]);
    const tokens = places.map((place) => seen[place].t);
    return [kind, { ...given, places, tokens, sides: Object.fromEntries(sides) }];
  };
  const read = Object.fromEntries(Object.entries(flow).map(whole));
  const now = () => read[page.state.get().kind] ?? Object.values(read).at(-1);
  const names = Object.keys(now().sides);
  const bars = new atlas.Bars(el, () => {
    const { tokens, sides } = now();
    const top = atlas.largestOf(Object.values(sides).flat());
    const column = (says) =>
      atlas.barColumn({ says, values: sides[says] }, says === "flow" ? "ink" : "muted", top);
    return { tokens, washed: new Set(), sides: names.map(column) };
  });
  const { slug } = page.data.given.record;
  atlas.saveTokenBars(bars, {
    file: () => (Object.keys(flow).length > 1 ? `${slug}-${page.state.get().kind}-flow` : `${slug}-flow`),
    caption: () => `Flow from “${atlas.label(now().from)}”, token by token.`,
    columns: ["place", "token", ...names],
    rows: () => {
      const { tokens, places, sides } = now();
      return tokens.map((token, row) => [places[row], token, ...names.map((name) => sides[name][row])]);
    },
  });
  return bars;
};
