/* From a weight to a place on the ramp and back, and the scale bar that says so. */
(() => {
  "use strict";
  const { atlas } = window;
  const LEAST = 0.0001, DECADES = 4; // where the logarithmic scale starts

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
  const APART = 0.085; // of the width of the bar, so that the numbers do not touch

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

  /* Round numbers from 0 to `max` that stand far enough from each other. */
  const ticksTo = (scale, max, range, wide = range ? 1.8 : 1) => {
    const { to } = atlas.scales[scale];
    const kept = [max];
    for (const tick of range ? roundBelow(max) : TICKS[scale]) {
      const place = to(tick / max);
      const next = to(kept.at(-1) / max);
      const apart = APART * wide;
      if (tick < max && next - place >= (kept.length > 1 ? apart : apart * 1.4) && place >= apart) kept.push(tick);
    }
    return [scale === "log" && !range ? max * LEAST : 0, ...kept.reverse()];
  };

  const signedTicks = (scale, max) => {
    const above = ticksTo(scale, max, true, 3.4).slice(1).slice(-2);
    return [...above.toReversed().map((tick) => -tick), 0, ...above];
  };

  const text = (value) => (value === 0 || value === 1 ? String(value) : value.toFixed(6).replace(/0+$/, "").slice(1));

  /* Draw the ticks of a ramp from 0 to `max` at their true places, over a segmented bar; from
     −max where numbers are signed. `range` says that they are no shares. */
  atlas.scaleBar = (el, { scale = "sqrt", max = 1, range = false, signed = false } = {}) => {
    const ink = atlas.inkOf({ scale, max, signed });
    const ticks = signed ? signedTicks(scale, max) : ticksTo(scale, max, range);
    const places = ticks.map((tick) => ink(tick) * 100);
    const say = range ? atlas.amount : text;
    const percent = (value) => `${value.toFixed(2)}%`;
    const segments = ticks.slice(1).map((_, i) => {
      const width = percent(places[i + 1] - places[i]);
      return atlas.make("i", { style: `left:${percent(places[i])};width:${width}` });
    });
    const labels = ticks.map((tick, i) => atlas.make("b", { style: `left:${percent(places[i])}` }, say(tick)));
    el.classList.toggle("div", signed);
    el.replaceChildren(...segments, ...labels);
    const from = signed ? `${say(-max)}, over 0, paper,` : "0, paper,";
    el.setAttribute("aria-label", `Scale from ${from} to ${say(max)}, full ink; ${atlas.scales[scale].words}`);
  };

  atlas.pages.push(() => {
    for (const el of atlas.$$("[data-ramp]")) {
      atlas.scaleBar(el, { scale: el.dataset.scale, max: Number(el.dataset.max || 1) });
    }
  });
})();
