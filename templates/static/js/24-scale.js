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

  /* Round numbers from 0 to `max` that stand far enough from each other. */
  const ticksTo = (scale, max) => {
    const { to } = atlas.scales[scale];
    const kept = [max];
    for (const tick of TICKS[scale]) {
      const place = to(tick / max);
      const next = to(kept.at(-1) / max);
      if (tick < max && next - place >= (kept.length > 1 ? APART : APART * 1.4) && place >= APART) kept.push(tick);
    }
    return [scale === "log" ? max * LEAST : 0, ...kept.reverse()];
  };

  const text = (value) => (value === 0 || value === 1 ? String(value) : value.toFixed(6).replace(/0+$/, "").slice(1));

  /* Draw the ticks of a ramp from 0 to `max` at their true places, over a segmented bar. */
  atlas.scaleBar = (el, { scale = "sqrt", max = 1 } = {}) => {
    const { to } = atlas.scales[scale];
    const ticks = ticksTo(scale, max);
    const places = ticks.map((tick) => to(tick / max) * 100);
    const percent = (value) => `${value.toFixed(2)}%`;
    const segments = ticks.slice(1).map((_, i) => {
      const width = percent(places[i + 1] - places[i]);
      return atlas.make("i", { style: `left:${percent(places[i])};width:${width}` });
    });
    const labels = ticks.map((tick, i) => atlas.make("b", { style: `left:${percent(places[i])}` }, text(tick)));
    el.replaceChildren(...segments, ...labels);
    el.setAttribute("aria-label", `Scale from 0, paper, to ${text(max)}, full ink; ${atlas.scales[scale].words}`);
  };

  atlas.pages.push(() => {
    for (const el of atlas.$$("[data-ramp]")) {
      atlas.scaleBar(el, { scale: el.dataset.scale, max: Number(el.dataset.max || 1) });
    }
  });
})();
