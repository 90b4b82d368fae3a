/* Numbers and tokens as they are printed. */

/* A weight with two significant digits and no exponent: 0.54, 0.054, 0.0054. */
atlas.weight = (value) => {
  if (value == null || Number.isNaN(value)) return "–";
  if (value === 0) return "0";
  if (value < 0.0005) return "< 0.001";
  const places = Math.max(1, 1 - Math.floor(Math.log10(value)));
  return value.toFixed(Math.min(places, 4));
};

/* A weight that was stored at 8 bits, the last digit off by one at most: 0.54, 0.05, 0.005. */
atlas.stored = (value) => (value >= 0.0005 ? value.toFixed(value > 0.016 ? 2 : 3) : atlas.weight(value));

/* A number of any sign and size, with three significant digits. */
atlas.amount = (value) => {
  if (value === -Infinity) return "masked";
  return value == null || Number.isNaN(value) ? "–" : String(Number(value.toPrecision(3))).replace("-", "−");
};

/* A number of a view, as a share or as an amount. */
atlas.figure = (value, { range }) => (range ? atlas.amount(value) : atlas.stored(value));

atlas.decimal = (value, places = 2) =>
  value == null || Number.isNaN(value) ? "–" : value.toFixed(places).replace("-", "−");

/* How a token is printed on its own: without outer space, and never invisible or able to turn
   the direction of what stands around it. */
atlas.label = (text) => {
  const shown = text
    .replace(/[\u202a-\u202e\u2066-\u2069\u200e\u200f]/g, "")
    .trim()
    .replace(/\n/g, "⏎")
    .replace(/[\u0000-\u001f\u007f]/g, "·");
  if (shown) return shown;
  return /\n/.test(text) ? "⏎" : text ? "␣" : "∅";
};

/* How a head is called. */
atlas.headName = (layer, head) => `L${layer}H${head}`;

/* How a token of a page is printed: its piece, or its name where it has no piece of its own. */
atlas.shown = ({ t, n }) => atlas.label(t || n || "");
