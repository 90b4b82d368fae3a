/* The scale of a metric: ink in even steps up to a round number, and where the null lies. */

const { make } = atlas;

/* Even steps that end at the top of the scale. */
const STEPS = { 1: 0.25, 1.5: 0.5, 2: 0.5, 2.5: 0.5, 3: 1, 4: 1, 5: 1, 6: 2, 8: 2, 10: 2.5 };
const ticksTo = (top) => {
  const scale = 10 ** Math.floor(Math.log10(top * 1.0001));
  const step = STEPS[+(top / scale).toPrecision(3)] * scale;
  return Array.from({ length: Math.round(top / step) + 1 }, (_, i) => +(i * step).toPrecision(6));
};

/* The scale of the metric, its ends in its own unit, and where the null lies on it. */
atlas.metricScale = (el, model) => {
  const { low, top, metric, numbers } = model;
  const ticks = low < 0 ? [low, low / 2, 0, top / 2, top] : ticksTo(top);
  const place = (value) => `${((value - low) / (top - low)) * 100}%`;
  const width = (value) => `${(value / (top - low)) * 100}%`;
  const text = (tick) =>
    String(tick)
      .replace("-", "−")
      .replace(/^(−?)0\./, "$1.");
  const segments = ticks
    .slice(1)
    .map((tick, i) => make("i", { style: `left:${place(ticks[i])};width:${width(tick - ticks[i])}` }));
  const labels = ticks.map((tick) => make("b", { style: `left:${place(tick)}` }, text(tick)));
  const nulls = (metric.signed ? [] : (numbers.null ?? [])).filter((value) => value != null);
  const mean = nulls.reduce((sum, value) => sum + value, 0) / nulls.length;
  const mark = nulls.length
    ? [
        make(
          "span",
          { class: mean / top > 0.6 ? "null-mark left" : "null-mark", style: `left:${place(mean)}` },
          make("span", {}, `by chance ${atlas.decimal(mean)}`),
        ),
      ]
    : [];
  el.replaceChildren(...segments, ...labels, ...mark);
  el.classList.toggle("div", low < 0);
  el.setAttribute("aria-label", `Scale from ${low} to ${top} ${metric.unit}, even steps`);
};
