/* Whole numbers out of a text: digits of five bits, the lowest first, a minus before, and "_" for none. */

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

const number = (text) => {
  if (text === "_") return null;
  if (text[0] === "-") return -number(text.slice(1));
  return [...text].reduceRight((sum, digit) => 32 * sum + (DIGITS.indexOf(digit) & 31), 0);
};

/* The numbers of a text that holds many, one after another. */
atlas.numbers = (text) => text.match(/_|-?[g-z0-9+/]*[A-Za-f]/g).map(number);
