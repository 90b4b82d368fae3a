/* Search over texts and what models answered: every word must be there, else most of them; where nothing
   matches, near words.
   Pure. A row is {folded, tags, label, answers: [{model, predicted, right}]}. */

const lower = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
const wordsOf = (text) => text.match(/[\p{L}\p{N}]+/gu) ?? [];

/* The words of a text with a space around each, so that one of them is found by ` word `. */
const fold = (text) => ` ${wordsOf(lower(text)).join(" ")} `;

/* Scripts that put no space between words: a piece of such a run is as good as a word. */
const UNSPACED =
  /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}\p{sc=Tibetan}]/u;

const answered = ({ answers }, { model, predicted, right }) =>
  (!model && !predicted && !right) ||
  answers.some(
    (one) =>
      (!model || one.model === model) &&
      (!predicted || one.predicted === predicted) &&
      (!right || one.right === right),
  );

const kept = (row, asked) =>
  (!asked.tag || row.tags.includes(asked.tag)) &&
  (!asked.label || row.label === asked.label) &&
  answered(row, asked);

/* Rows that hold every word that is asked for: whole words, and where no row has all of them, words that
   begin so. "happy" is no part of "unhappy". */
const matches = (rows, asked) => {
  const wanted = wordsOf(lower(asked.q ?? ""));
  const left = rows.filter((row) => kept(row, asked));
  if (asked.q && !wanted.length) return [];
  const hold = (word, end) => (UNSPACED.test(word) ? word : ` ${word}${end}`);
  const having = (end) =>
    left.filter(({ folded }) => wanted.every((word) => folded.includes(hold(word, end))));
  const whole = having(" ");
  const found = whole.length ? whole : having("");
  return found.length || wanted.length < 2 ? found : withMost(left, wanted);
};

const LEAST = 4; // letters of a word that is likely to say something by itself
const telling = (words) => words.filter((word) => word.length >= LEAST || UNSPACED.test(word));

/* Where no row holds all words: those that hold most of them, at least one. `partly` says so. */
const withMost = (rows, words) => {
  const asked = telling(words);
  const held = rows.map(({ folded }) => asked.filter((word) => folded.includes(` ${word}`)).length);
  const most = Math.max(0, ...held);
  const found = most ? rows.filter((_, at) => held[at] === most) : [];
  return Object.assign(found, { partly: found.length > 0 });
};

/* The reports, [title, address, words], that hold most of the words of a query. */
const reports = (all, query) => {
  const rows = all.map(([label, url, words]) => ({ label, url, folded: fold(words) }));
  return withMost(rows, wordsOf(lower(query)));
};

/* Levenshtein distance, given up on beyond `most`. */
const distance = (a, b, most) => {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(swap, row[j] + 1, next[j - 1] + 1));
    }
    row = next;
  }
  return row[b.length];
};

/* Up to three words of the index that are written much like the last word of the query. */
const near = (rows, query) => {
  const word = wordsOf(lower(query)).at(-1) ?? "";
  if (!word) return [];
  const most = word.length < 5 ? 1 : 2;
  const found = new Map();
  for (const { folded } of rows) {
    for (const other of new Set(wordsOf(folded))) {
      const far = other.startsWith(word.slice(0, 4)) && word.length > 3 ? 1 : distance(word, other, most);
      if (far > most || other.length < 3) continue;
      const seen = found.get(other) ?? { far, count: 0 };
      found.set(other, { far, count: seen.count + 1 });
    }
  }
  const ordered = [...found].sort(([, a], [, b]) => a.far - b.far || b.count - a.count);
  return ordered.slice(0, 3).map(([other]) => other);
};

atlas.search = { fold, matches, near, reports };
