/* The dependency tree of a text: its arcs follow the chosen word, and it is saved as it stands. */

const { $$ } = atlas;
const LOOKS = [
  "fill",
  "stroke",
  "stroke-width",
  "stroke-dasharray",
  "font-size",
  "font-family",
  "font-weight",
];
LOOKS.push("text-anchor", "paint-order", "text-decoration-line");

/* The drawing with its looks written into it, as it stands alone. */
const drawn = (svg) => {
  const copy = svg.cloneNode(true);
  const parts = $$("path, text", svg);
  $$("path, text", copy).forEach((part, at) => {
    const style = getComputedStyle(parts[at]);
    for (const look of LOOKS) part.setAttribute(look, style.getPropertyValue(look));
  });
  const { width, height } = svg.viewBox.baseVal;
  return { svg: new XMLSerializer().serializeToString(copy), width, height };
};

atlas.Tree = class {
  constructor(page, svg) {
    Object.assign(this, { page, svg, given: page.data.given.tree });
    const { columns, rows } = this.given;
    const caption =
      "Each word with the one it depends on, and what the best head of its relation joins it to.";
    atlas.saves(svg, {
      file: () => `${page.data.given.record.slug}-tree`,
      columns: () => columns,
      rows: () => rows,
      table: () => ({ caption, columns, rows }),
      drawn: () => drawn(svg),
    });
  }

  draw() {
    const { kind, query } = this.page.state.get();
    const chosen = kind === this.given.kind && query != null ? this.given.owners[query] : -1;
    for (const arc of $$("[data-words]", this.svg)) {
      arc.classList.toggle("on", arc.dataset.words.split(" ").includes(String(chosen)));
    }
    for (const word of $$("[data-word]", this.svg)) {
      word.classList.toggle("on", Number(word.dataset.word) === chosen);
    }
  }
};
