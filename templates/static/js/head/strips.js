/* Each metric of a head on an axis: the head with its interval, the others of its layer, and uniform
   attention. The numbers stand in the table; this is the picture beside them. */

const WIDTH = 220; // of the axis, in its own units

const shape = (tag, attributes, ...children) => {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
};

/* The places of one head among the others of its layer, in tenths, and what the axis ends at. */
const placesOf = ([tops, ...texts], heads, layer, head) => {
  const [values, lows, highs, nulls] = texts.map(atlas.numbers);
  const place = (tenths) => (tenths === null ? null : tenths / 10);
  const [start, at] = [layer * heads, layer * heads + head];
  const others = values
    .slice(start, start + heads)
    .filter((value, other) => other !== head && value !== null);
  return {
    dot: place(values[at]),
    ends: [place(lows[at]), place(highs[at])],
    uniform: place(nulls[layer]),
    others: others.map(place),
    top: tops[layer],
  };
};

const strip = ({ dot, ends: [low, high], uniform, others, top }) => {
  const marks = [
    uniform !== null && shape("rect", { class: "band", x: uniform - 2.5, y: 1, width: 5, height: 14 }),
    shape("path", { class: "ax", d: `M0 8H${WIDTH}` }),
    shape("path", { class: "tick", d: others.map((at) => `M${at} 5v6`).join("") }),
    low !== null && shape("path", { class: "ci", d: `M${low} 8H${high}` }),
    shape("circle", { cx: dot, cy: 8, r: 3.5 }),
    shape("text", { x: WIDTH + 6, y: 11.5 }, String(top)),
  ];
  return marks.filter(Boolean);
};

/* Put a column of strips in front of the last one of the table of metrics: empty at once, so that nothing
   moves when the numbers have come. A metric that this head has not got has no row. */
atlas.drawStrips = async (table, layer, head, address) => {
  const [header, ...rows] = atlas.$$("tr", table);
  header.lastElementChild.before(atlas.make("th", { scope: "col", class: "strips hide-s" }, "In its layer"));
  const box = { class: "strip", viewBox: `-5 0 ${WIDTH + 32} 16`, "aria-hidden": "true" };
  const drawings = rows.map((row) => {
    const drawing = shape("svg", box);
    row.lastElementChild.before(atlas.make("td", { class: "hide-s" }, drawing));
    return drawing;
  });
  const { heads, metrics } = JSON.parse(new TextDecoder().decode(await atlas.load(address, "strips")));
  const found = Object.values(metrics).map((metric) => placesOf(metric, heads, layer, head));
  const own = found.filter(({ dot }) => dot !== null);
  drawings.forEach((drawing, at) => drawing.append(...strip(own[at])));
  atlas.$("[data-strip-legend]").hidden = false;
};
