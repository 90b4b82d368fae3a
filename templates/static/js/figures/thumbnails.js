/* Thumbnails: small matrices, painted when they come into view and again when the theme changes. */

const painted = new Map(); // canvas -> {bytes, rows, columns}

const paint = (canvas, { bytes, rows, columns }) => {
  const { lut } = atlas.theme();
  atlas.paintPixels(canvas, columns, rows, (i) => lut[bytes[i]]);
};

/* Paint `bytes` [rows, columns] on a canvas and keep it in step with the theme. */
atlas.thumbnail = (canvas, bytes, rows, columns) => {
  const figure = { bytes, rows, columns };
  painted.set(canvas, figure);
  paint(canvas, figure);
  canvas.dataset.painted = "1";
};

atlas.onTheme(() => {
  for (const [canvas, figure] of painted) {
    if (canvas.isConnected) paint(canvas, figure);
    else painted.delete(canvas);
  }
});

/* Call `arrive` for each canvas once it is near the screen, or there is time; returns what ends that. */
atlas.lazily = (canvases, arrive) => {
  const waiting = new Set(canvases);
  const come = async (canvas) => waiting.delete(canvas) && arrive(canvas);
  const observer = new IntersectionObserver(
    (entries) => entries.forEach(({ isIntersecting, target }) => isIntersecting && come(target)),
    { rootMargin: "400px" },
  );
  for (const canvas of waiting) observer.observe(canvas);
  const drop = atlas.inIdleTime([...waiting].map((canvas) => () => come(canvas)));
  return () => {
    observer.disconnect();
    drop();
  };
};
