/* Rollout by layer: one small canvas each, painted once; a click shows that layer large. */

const paint = (canvas, layer, { rows, columns, place, lut }) => {
  const [colours, shade] = [lut(), atlas.pixel(atlas.theme().sunk)];
  atlas.paintPixels(canvas, columns, rows, (i) => {
    const ink = place(layer, i);
    return ink == null ? shade : colours[Math.round(ink * 255)];
  });
};

/* Draw {layers, rows, columns, place, lut, onPick} in `el`; returns {at, move, redraw}. `place(layer, i)` is where
   a cell lies on the ramp `lut()`, from 0 to 1; null for what may not be seen. */
atlas.rollout = (el, given) => {
  const items = Array.from({ length: given.layers }, (_, layer) => {
    const canvas = atlas.make("canvas", { class: "px", "aria-hidden": "true" });
    canvas.style.aspectRatio = `${given.columns} / ${given.rows}`;
    const button = atlas.make(
      "button",
      { type: "button", "aria-label": `Show the rollout to layer ${layer}` },
      canvas,
      atlas.make("span", { class: "cap" }, `layer ${layer}`),
    );
    button.addEventListener("click", () => given.onPick(layer));
    return { button, canvas };
  });
  el.style.setProperty("--columns", Math.max(4, Math.min(6, given.layers)));
  el.replaceChildren(...items.map(({ button }) => button));
  const redraw = () => items.forEach(({ canvas }, layer) => paint(canvas, layer, given));
  redraw();
  /* Which cell of which layer lies under the pointer, and where in `el`. */
  const at = ({ target, offsetX, offsetY, clientX, clientY }) => {
    const layer = items.findIndex(({ canvas }) => canvas === target);
    if (layer < 0) return null;
    const within = (offset, size, count) => Math.min(count - 1, Math.max(0, ((offset / size) * count) | 0));
    const { left, top } = el.getBoundingClientRect();
    return {
      layer,
      row: within(offsetY, target.clientHeight, given.rows),
      column: within(offsetX, target.clientWidth, given.columns),
      x: clientX - left,
      y: clientY - top,
    };
  };
  return {
    at,
    redraw,
    move: (layer) => items.forEach(({ button }, at) => button.classList.toggle("on", at === layer)),
  };
};
