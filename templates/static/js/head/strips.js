/* Each metric of a head on an axis: the head with its interval, the others of its layer, and uniform
   attention. The numbers stand in the table; this is the picture beside them. */

const WIDTH = 220; // of the axis, in its own units

const shape = (tag, attributes, ...children) => {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
};

/* A metric comes as the place of the head, the ends of its interval, that of uniform attention and those
   of the others, all in tenths; and as what the axis ends at. */
const strip = ([places, top]) => {
  const tenths = atlas.numbers(places);
  const [dot, low, high, uniform, ...others] = tenths.map((place) => (place === null ? null : place / 10));
  const marks = [
    uniform !== null && shape("rect", { class: "band", x: uniform - 2.5, y: 1, width: 5, height: 14 }),
    shape("path", { class: "ax", d: `M0 8H${WIDTH}` }),
    shape("path", { class: "tick", d: others.map((at) => `M${at} 5v6`).join("") }),
    low !== null && shape("path", { class: "ci", d: `M${low} 8H${high}` }),
    shape("circle", { cx: dot, cy: 8, r: 3.5 }),
    shape("text", { x: WIDTH + 6, y: 11.5 }, String(top)),
  ];
  const box = { class: "strip", viewBox: `-5 0 ${WIDTH + 32} 16`, "aria-hidden": "true" };
  return shape("svg", box, ...marks.filter(Boolean));
};

/* Put a column of strips in front of the last one of the table of metrics. */
atlas.drawStrips = (table, strips) => {
  const [header, ...rows] = atlas.$$("tr", table);
  header.lastElementChild.before(atlas.make("th", { scope: "col", class: "hide-s" }, "In its layer"));
  rows.forEach((row, at) => {
    row.lastElementChild.before(atlas.make("td", { class: "hide-s" }, strip(strips[at])));
  });
  atlas.$("[data-strip-legend]").hidden = false;
};
