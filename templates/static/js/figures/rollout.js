/* Rollout by layer: one small canvas each, painted once; a click shows that layer large. */

const paint = (canvas, bytes, start, { rows, columns, max, mask }) => {
  const { lut, sunk } = atlas.theme();
  const gain = 1 / Math.sqrt(max); // bytes are square roots already
  const shade = atlas.pixel(sunk);
  atlas.paintPixels(canvas, columns, rows, (i) =>
    mask?.[i] ? shade : lut[Math.min(255, (bytes[start + i] * gain) | 0)],
  );
};

/* Draw {layers, rows, columns, bytes, max, mask?, onPick} in `el`; returns {move, redraw}. */
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
  const redraw = () =>
    items.forEach(({ canvas }, layer) =>
      paint(canvas, given.bytes, layer * given.rows * given.columns, given),
    );
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
