/* From a weight to a place on the ramp and back, and the scale bar that says so. */

const LEAST = 0.0001;
const DECADES = 4; // where the logarithmic scale starts

/* `to` maps a share of the largest weight (0 to 1) to a place on the ramp (0 to 1). */
atlas.scales = {
  sqrt: { to: Math.sqrt, words: "√ scale" },
  linear: { to: (x) => x, words: "linear scale" },
  log: {
    to: (x) => (x > 0 ? Math.max(0, 1 + Math.log10(x) / DECADES) : 0),
    words: "log scale, four decades",
  },
};

const TICKS = {
  sqrt: [0.5, 0.25, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001, 0.0005],
  linear: [0.75, 0.5, 0.25, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002],
  log: [0.1, 0.01, 0.001],
};
const CHARACTER = 0.029;
const GAP = 0.025; // of the width of the bar: what is printed, and what is left free

/* Where a value lies on the ramp, from 0 to 1; below the middle of it where it is negative. */
atlas.inkOf = ({ scale, max, signed }) => {
  const { to } = atlas.scales[scale];
  if (!signed) return (value) => to(Math.max(0, Math.min(1, value / max)));
  return (value) => 0.5 + 0.5 * Math.sign(value) * to(Math.min(1, Math.abs(value) / max));
};

/* 1, 2 and 5 times powers of ten below `max`, over four decades. */
const roundBelow = (max) => {
  const top = Math.floor(Math.log10(max));
  return [0, 1, 2, 3].flatMap((down) => [5, 2, 1].map((times) => Number(`${times}e${top - down}`)));
};

/* The largest number, and round ones below it whose labels, centred on their places but the first,
   touch neither each other nor the label that ends at `from`; the largest first. */
const ticksTo = (max, round, { ink, say, from }) => {
  const kept = [max];
  let free = 1 - say(max).length * CHARACTER;
  for (const tick of round.filter((value) => value < max)) {
    const place = ink(tick);
    const half = (say(tick).length * CHARACTER) / 2;
    if (place + half + GAP > free || place - half - GAP < from) continue;
    kept.push(tick);
    free = place - half;
  }
  return kept;
};

const ticksOf = ({ scale, max, range, signed }, ink, say) => {
  const round = range ? roundBelow(max) : TICKS[scale];
  if (signed) {
    const above = ticksTo(max, round, { ink, say: (tick) => say(-tick), from: 0.5 + CHARACTER / 2 });
    return [...above.map((tick) => -tick), 0, ...above.toReversed()];
  }
  const least = scale === "log" && !range ? max * LEAST : 0;
  return [least, ...ticksTo(max, round, { ink, say, from: say(least).length * CHARACTER }).reverse()];
};

const text = (value) =>
  value === 0 || value === 1 ? String(value) : value.toFixed(6).replace(/0+$/, "").slice(1);

/* Draw the ticks of a ramp from 0 to `max` at their true places, over a segmented bar; from
   −max where numbers are signed. `range` says that they are no shares. */
atlas.scaleBar = (el, { scale = "sqrt", max = 1, range = false, signed = false } = {}) => {
  const ink = atlas.inkOf({ scale, max, signed });
  const say = range ? atlas.amount : text;
  const ticks = ticksOf({ scale, max, range, signed }, ink, say);
  el.classList.toggle("div", signed);
  atlas.drawTicks(el, ticks, ink, say);
  const from = signed ? `${say(-max)}, over 0, paper,` : "0, paper,";
  el.setAttribute("aria-label", `Scale from ${from} to ${say(max)}, full ink; ${atlas.scales[scale].words}`);
};
