/* Vega-Lite charts. A chart is built without data and without colours: rows, sizes and numbers
   come from the page, colours are signals, so that a theme or a print repaints it at once. */

const signals = () => {
  const { colours, fonts, seq, div } = atlas.theme();
  return { ...colours, colours, fonts, ramp: seq, diverging: div };
};

const config = (expr, ramps) => {
  const { fonts } = atlas.theme();
  const axis = {
    labelColor: expr("muted"),
    titleColor: expr("ink2"),
    domainColor: expr("rule"),
    tickColor: expr("hairline"),
    gridColor: expr("hairline"),
    labelFont: fonts.data,
    titleFont: fonts.sans,
    labelFontSize: 11,
    titleFontSize: 11,
    titleFontWeight: "normal",
  };
  return {
    background: "transparent",
    font: fonts.sans,
    view: { stroke: null, fill: null },
    axis,
    text: { color: expr("ink"), font: fonts.sans, fontSize: 12 },
    rule: { color: expr("rule") },
    range: { heatmap: ramps[0], ramp: ramps[0], diverging: ramps[1] },
  };
};

/* Colours that follow the theme, and those of the theme as it is. */
const live = () => config((name) => ({ expr: name }), [{ signal: "ramp" }, { signal: "diverging" }]);
const fixed = () => {
  const theme = atlas.theme();
  return config((name) => theme[name], [theme.seq, theme.div]);
};

/* The chart called `name`, as written at build time into a script that all pages share. */
const specOf = async (name) => {
  await atlas.script("assets/charts.js");
  return structuredClone(window.atlasCharts[name]);
};

const prepared = (spec, { params = {}, data = {}, width, height, padding }) => {
  const values = { ...signals(), ...params };
  const declared = (spec.params ?? []).filter(({ name }) => !(name in values));
  spec.params = [...declared, ...Object.entries(values).map(([name, value]) => ({ name, value }))];
  spec.datasets = { ...spec.datasets, ...data };
  if (width) spec.width = width;
  if (height) spec.height = height;
  if (padding != null) spec.padding = padding;
  return spec;
};

const OPTIONS = {
  ast: true,
  actions: false,
  hover: false,
  renderer: "canvas",
  defaultStyle: false,
  tooltip: false,
};

const embed = async (el, name, given) => {
  const [spec] = await Promise.all([specOf(name), atlas.script("assets/vega.js")]);
  const options = { ...OPTIONS, config: live() };
  if (given.patch) options.patch = given.patch;
  const { view } = await window.vegaEmbed(el, prepared(spec, given), options);
  return view;
};

/* The chart of that name as SVG, drawn anew out of the page. */
atlas.chartAsSvg = async (name, given) => {
  const view = await embed(atlas.make("div"), name, given);
  const text = await view.toSVG();
  view.finalize();
  return text;
};

/* Draw the chart of that name in `el`. Returns {view, set}: `set` takes new params, data, width, height or
   padding and repaints before it returns. `patch` may change the compiled Vega specification. Vega comes with
   the first chart. */
atlas.chart = async (el, name, given = {}) => {
  const view = await embed(el, name, given);
  atlas.drawings.set(el, { svg: () => view.toSVG(), rows: (name) => view.data(name) });
  const says = el.closest("[aria-label]")?.getAttribute("aria-label");
  if (says) el.querySelector("canvas")?.setAttribute("aria-label", says);
  const set = ({ params = {}, data = {}, width, height, padding }) => {
    for (const [name, value] of Object.entries(params)) view.signal(name, value);
    for (const [name, rows] of Object.entries(data)) view.data(name, rows);
    if (width) view.width(width);
    if (height) view.height(height);
    if (padding != null) view.padding(padding);
    view.run();
  };
  atlas.onTheme(() => set({ params: signals() }));
  // Vega paints what it has worked out a moment later; Firefox takes the page for paper before that.
  addEventListener("beforeprint", () => view._renderer.render(view.scenegraph().root));
  return { view, set };
};

/* A chart that stands on its own outside the page: its rows, colours and fonts go with it. */
atlas.standalone = async (name, given) => ({ ...prepared(await specOf(name), given), config: fixed() });
