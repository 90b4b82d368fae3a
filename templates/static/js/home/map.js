/* One whole model as a map: all heads of one plate, and a few of them named beside it. */
const ROOM = 150; // pixels beside the map for the names
const NARROW = 560;
const APART = 40;

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

const annotate = (holder, map, { x, y, cell, columns, width, height }, beside) => {
  holder.classList.toggle("below", !beside);
  const links = atlas.$$("a", holder);
  const levels = map.places.map(([layer]) => y + (layer + 0.5) * cell);
  const at = spread(levels, height);
  const drawing = svg("svg", { class: "named", "aria-hidden": "true", width, height });
  const edge = x + columns * cell;
  map.places.forEach(([layer, head], i) => {
    const left = x + head * cell;
    const path = `M${left + cell} ${levels[i]}H${edge + 9}L${edge + 18} ${at[i]}H${edge + 22}`;
    if (beside) {
      drawing.append(svg("path", { class: "halo", d: path }), svg("path", { class: "to", d: path }));
    }
    drawing.append(
      svg("rect", {
        class: "box",
        x: left + 0.5,
        y: y + layer * cell + 0.5,
        width: cell - 1,
        height: cell - 1,
      }),
    );
    links[i].style.cssText = beside ? `left:${edge + 27}px;top:${at[i] - 14}px` : "";
  });
  return drawing;
};

const draw = async (el, map) => {
  const { bytes } = await atlas.headMap(map);
  const names = atlas.$("[data-places]");
  const beside = () => el.clientWidth >= NARROW;
  const given = {
    layers: map.layers,
    heads: map.heads,
    rows: map.rows,
    columns: map.columns,
    bytes,
    masked: mask(map),
    right: beside() ? ROOM : 10,
    onPick: (layer, head) => location.assign(`${atlas.root()}${map.url}#layer=${layer}&head=${head}`),
  };
  const figure = atlas.glance(el, given);
  let drawing;
  const name = () => {
    if (!names) return;
    drawing?.remove();
    drawing = annotate(names, map, figure.box(), beside());
    (beside() ? names : el).append(drawing);
  };
  name();
  let width = el.clientWidth;
  new ResizeObserver(() => {
    if (el.clientWidth === width || !el.clientWidth) return;
    width = el.clientWidth;
    figure.update({ right: beside() ? ROOM : 10 });
    name();
  }).observe(el);
};

atlas.pages.push(async () => {
  const el = atlas.$("[data-hero]");
  const map = el && atlas.island("atlas-data")?.hero;
  if (map) await draw(el, map);
});
