/* Pictures with a pixel for each number. */

/* Make a canvas `columns` by `rows`; `colour(i)` is the 32-bit pixel at place i, 0 for none. */
atlas.paintPixels = (canvas, columns, rows, colour) => {
  Object.assign(canvas, { width: columns, height: rows });
  const context = canvas.getContext("2d");
  const image = context.createImageData(columns, rows);
  const pixels = new Uint32Array(image.data.buffer);
  for (let i = 0; i < pixels.length; i++) pixels[i] = colour(i);
  context.putImageData(image, 0, 0);
  return canvas;
};
