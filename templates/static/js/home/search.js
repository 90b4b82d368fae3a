/* Search over the texts: every word must be there; where nothing matches, near words. Pure. */

const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
const wordsOf = (text) => text.match(/[\p{L}\p{N}]+/gu) ?? [];

/* Rows that hold every word of the query and the tag. A row is {tags, folded, ...}. */
const matches = (rows, query, tag) => {
  const wanted = fold(query).split(/\s+/).filter(Boolean);
  return rows.filter(
    ({ folded, tags }) => (!tag || tags.includes(tag)) && wanted.every((word) => folded.includes(word)),
  );
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
  const word = wordsOf(fold(query)).at(-1) ?? "";
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

atlas.search = { fold, matches, near };
