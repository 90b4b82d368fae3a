/* The scale of a metric: ink in even steps up to a round number, and where chance lies. */

const { make } = atlas;

/* Even steps that end at the top of the scale. */
const STEPS = { 1: 0.25, 1.5: 0.5, 2: 0.5, 2.5: 0.5, 3: 1, 4: 1, 5: 1, 6: 2, 8: 2, 10: 2.5 };
const ticksTo = (top) => {
  const scale = 10 ** Math.floor(Math.log10(top * 1.0001));
  const step = STEPS[+(top / scale).toPrecision(3)] * scale;
  return Array.from({ length: Math.round(top / step) + 1 }, (_, i) => +(i * step).toPrecision(6));
};

const say = (tick) => atlas.tightNumber(String(tick));

/* Where chance lies: its words stand on the side with room. */
const chanceMark = (values, place) => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const look = {
    class: place(mean) > 0.6 ? "null-mark left" : "null-mark",
    style: `left:${100 * place(mean)}%`,
  };
  return make("span", look, make("span", {}, `by chance ${atlas.decimal(mean)}`));
};

/* The scale of the metric, its ends in its own unit, and where chance lies on it. */
atlas.metricScale = (el, { low, top, metric, numbers }) => {
  const ticks = low < 0 ? [low, low / 2, 0, top / 2, top] : ticksTo(top);
  const place = (value) => (value - low) / (top - low);
  const chance = (metric.signed ? [] : (numbers.null ?? [])).filter((value) => value != null);
  atlas.drawTicks(el, ticks, place, say, ...(chance.length ? [chanceMark(chance, place)] : []));
  el.classList.toggle("div", low < 0);
  el.setAttribute("aria-label", `Scale from ${low} to ${top} ${metric.unit}, even steps`);
};
