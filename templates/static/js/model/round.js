/* Numbers of a scale: round ones at its end, and how they are printed. */

const ENDS = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10];

/* The least round number that is not below any of the values. */
atlas.roundUp = (values) => {
  const most = Math.max(1e-6, ...values.filter((value) => value != null));
  const scale = 10 ** Math.floor(Math.log10(most));
  return +(ENDS.find((end) => end * scale >= most * 0.9999) * scale).toPrecision(6);
};

/* A number without the zero before its point, with a true minus. */
atlas.tightNumber = (text) => text.replace("-", "−").replace(/^(−?)0\./, "$1.");
