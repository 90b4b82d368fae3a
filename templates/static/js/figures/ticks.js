/* The ticks of a scale, over a bar of segments from each to the next. */

const percent = (share) => `${(100 * share).toFixed(2)}%`;

/* `place(tick)` is where a tick lies, from 0 to 1, `say(tick)` how it is printed; `marks` go on top. */
atlas.drawTicks = (el, ticks, place, say, ...marks) => {
  const { make } = atlas;
  const left = (tick) => `left:${percent(place(tick))}`;
  const segments = ticks.slice(1).map((tick, i) => {
    const width = percent(place(tick) - place(ticks[i]));
    return make("i", { style: `${left(ticks[i])};width:${width}` });
  });
  const labels = ticks.map((tick) => make("b", { style: left(tick) }, say(tick)));
  el.replaceChildren(...segments, ...labels, ...marks);
};
