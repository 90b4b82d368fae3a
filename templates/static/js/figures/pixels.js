/* Pictures with a pixel for each number. */

/* Make a canvas `columns` by `rows`; `fill(pixels)` writes its 32-bit pixels, row after row. */
atlas.fillPixels = (canvas, columns, rows, fill) => {
  Object.assign(canvas, { width: columns, height: rows });
  const context = canvas.getContext("2d");
  const image = context.createImageData(columns, rows);
  fill(new Uint32Array(image.data.buffer));
  context.putImageData(image, 0, 0);
  return canvas;
};

/* The same, where `colour(i)` is the pixel at place i, 0 for none. */
atlas.paintPixels = (canvas, columns, rows, colour) =>
  atlas.fillPixels(canvas, columns, rows, (pixels) => {
    for (let i = 0; i < pixels.length; i++) pixels[i] = colour(i);
  });
