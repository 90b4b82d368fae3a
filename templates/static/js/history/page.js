/* All heads of every site behind one slider; a cell keeps its place and changes its ink. */

const { $, make } = atlas;

const STOPS = 10;
const PAUSE = 900; // ms between two sites

const spelt = (value) => value.toFixed(2).replace("-", "−");
const flat = (grids) => grids.flat(2).filter((value) => value != null);

const table = (kind, grid, cells) =>
  make(
    "table",
    { class: "history-map" },
    ...(kind ? [make("caption", {}, kind)] : []),
    make(
      "thead",
      {},
      make("tr", {}, make("td", {}), ...grid[0].map((_, head) => make("th", { scope: "col" }, `H${head}`))),
    ),
    make(
      "tbody",
      {},
      ...grid.map((row, layer) =>
        make(
          "tr",
          {},
          make("th", { scope: "row" }, `L${layer}`),
          ...row.map(() => {
            const cell = make("td", {});
            cells.push(cell);
            return cell;
          }),
        ),
      ),
    ),
  );

atlas.pages.push(() => {
  const { names, kinds } = atlas.pageData("atlas-data");
  const [maps, measure, time, play] = ["maps", "measure", "time", "play"].map((name) =>
    $(name === "maps" ? "[data-history-maps]" : `[data-${name}]`),
  );
  const cells = [];
  for (const [kind, measures] of Object.entries(kinds)) {
    const own = [];
    maps.append(table(Object.keys(kinds).length > 1 ? kind : "", Object.values(measures)[0][0], own));
    cells.push([measures, own]);
  }

  const draw = () => {
    const [name, at] = [measure.value, Number(time.value)];
    const all = cells.flatMap(([measures]) => flat(measures[name] ?? []));
    const [least, most] = [Math.min(...all), Math.max(...all)];
    for (const [measures, own] of cells) {
      const values = (measures[name]?.[at] ?? []).flat();
      own.forEach((cell, place) => {
        const value = values[place];
        const stop = value == null ? 0 : Math.round((STOPS * (value - least)) / (most - least || 1));
        cell.textContent = value == null ? "–" : spelt(value);
        cell.style.background = `var(--seq-${stop})`;
        cell.style.color = `var(--on-seq-${stop})`;
      });
    }
    $("[data-time-name]").textContent = names[at];
    $("[data-least]").textContent = spelt(least);
    $("[data-most]").textContent = spelt(most);
    time.setAttribute("aria-valuetext", names[at]);
  };

  let timer = 0;
  const stop = () => {
    clearInterval(timer);
    timer = 0;
    play.textContent = "Play";
    play.setAttribute("aria-pressed", "false");
  };
  const step = () => {
    time.value = (Number(time.value) + 1) % names.length;
    draw();
    if (Number(time.value) === names.length - 1) stop();
  };
  play.addEventListener("click", () => {
    if (timer) return stop();
    timer = setInterval(step, PAUSE);
    play.textContent = "Stop";
    play.setAttribute("aria-pressed", "true");
    step();
  });
  time.addEventListener("input", () => {
    stop();
    draw();
  });
  measure.addEventListener("change", draw);
  draw();
});
