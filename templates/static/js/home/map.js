/* One whole model as a map: all heads of one text, and a few of them named beside it. */

const ROOM = 150; // pixels beside the map for the names
const EDGE = 10; // pixels there where the names stand below
const NARROW = 440; // a map with less room has its names below
const APART = 40; // pixels from name to name

const mask = ({ causal, rows, columns }) => {
  if (!causal) return undefined;
  const bytes = Uint8Array.from({ length: rows * columns }, (_, i) =>
    i % columns > Math.floor(i / columns) ? 1 : 0,
  );
  return () => bytes;
};

const svg = (tag, attributes) => {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
};

/* Where each name stands: level with its head, and no nearer to the next one than APART. */
const spread = (levels, height) => {
  const placed = [];
  for (const level of levels) placed.push(Math.max(level, (placed.at(-1) ?? -APART) + APART));
  const over = Math.max(0, (placed.at(-1) ?? 0) + 20 - height);
  return placed.map((level) => level - over);
};

/* At which height each line leaves its head: those of one layer go side by side, so that none hides another. */
const leaving = (places, { y, cell }) =>
  places.map(([layer], at) => {
    const same = places.flatMap(([other], i) => (other === layer ? [i] : []));
    return y + (layer + (same.indexOf(at) + 1) / (same.length + 1)) * cell;
  });

const drawName = (drawing, box, [layer, head], [middle, level], beside) => {
  const { x, y, cell, columns } = box;
  const edge = x + columns * cell;
  const left = x + head * cell;
  const path = `M${left + cell} ${middle}H${edge + 9}L${edge + 18} ${level}H${edge + 22}`;
  if (beside) drawing.append(svg("path", { class: "halo", d: path }), svg("path", { class: "to", d: path }));
  const side = { width: cell - 1, height: cell - 1 };
  drawing.append(svg("rect", { class: "box", x: left + 0.5, y: y + layer * cell + 0.5, ...side }));
};

/* Names of a few heads, each with a line to its head where there is room beside the map. */
const annotate = (holder, { places }, box, beside) => {
  const { x, y, cell, columns, width, height } = box;
  holder.classList.toggle("below", !beside);
  const levels = spread(
    places.map(([layer]) => y + (layer + 0.5) * cell),
    height,
  );
  const starts = leaving(places, box);
  const drawing = svg("svg", {
    class: "named",
    "aria-hidden": "true",
    width,
    height,
    viewBox: `0 0 ${width} ${height}`,
  });
  atlas.$$("a", holder).forEach((link, i) => {
    drawName(drawing, box, places[i], [starts[i], levels[i]], beside);
    const left = x + columns * cell + 27;
    link.style.cssText = beside ? `left:${left}px;top:${levels[i] - 14}px` : "";
  });
  return drawing;
};

/* The map with its tokens as a record page has them. */
const named = ({ queries, seen, ...map }) => {
  const [looks, looked] = [queries, seen].map((tokens) => tokens.map((t) => ({ t })));
  return { ...map, queries: looks, seen: looked };
};

const draw = async (el, map) => {
  const { layers, heads, rows, columns } = map;
  atlas.roomForHeads(el, { layers, heads, right: el.clientWidth >= NARROW ? ROOM : EDGE });
  const { bytes } = await atlas.headMap(map);
  const names = atlas.$("[data-places]");
  const beside = () => el.clientWidth >= NARROW;
  const room = () => (beside() ? ROOM : EDGE);
  const onPick = (layer, head) => location.assign(`${atlas.root()}${map.url}#layer=${layer}&head=${head}`);
  const given = { layers, heads, rows, columns, bytes, masked: mask(map) };
  const words = map.queries.length ? atlas.weightWords(named(map), given) : null;
  const figure = new atlas.AllHeads(el, { ...given, words, right: room(), onPick });
  atlas.saves(el, atlas.allHeadsFiles(map, given));
  let drawing;
  const name = () => {
    if (!names) return;
    drawing?.remove();
    drawing = annotate(names, map, figure.box, beside());
    (beside() ? names : el).append(drawing);
  };
  name();
  atlas.onWidth(el, () => {
    figure.update({ right: room() });
    name();
  });
};

atlas.pages.push(async () => {
  const el = atlas.$("[data-home-map]");
  const map = el && atlas.pageData("atlas-data")?.home_map;
  if (map) await draw(el, map).catch((error) => atlas.missing(el, error));
});
