/* Light and dark: colours come from the style sheet, once per theme, and everything that paints
   asks here. Paper is always light: figures are repainted on `beforeprint`. */

const root = document.documentElement;
const system = matchMedia("(prefers-color-scheme: dark)");
const listeners = new Set();
let cached = null;

const NAMES =
  "ink ink-2 muted hairline rule ground paper sunk accent accent-wash masked null-band yes no mixed".split(
    " ",
  );

const rgb = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));

const mix = (stops, x) => {
  const low = Math.min(stops.length - 2, Math.floor(x));
  return stops[low].map((c, k) => Math.round(c + (stops[low + 1][k] - c) * (x - low)));
};

/* A colour as one 32-bit pixel (ABGR, as ImageData wants them). */
const pixelOf = ([r, g, b]) => ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
atlas.pixel = (hex) => pixelOf(rgb(hex));

/* 256 colours of a ramp as pixels. */
const table = (stops) => {
  const colours = stops.map(rgb);
  return Uint32Array.from({ length: 256 }, (_, i) => pixelOf(mix(colours, (i / 255) * (stops.length - 1))));
};

const read = () => {
  const style = getComputedStyle(root);
  const get = (name) => style.getPropertyValue(`--${name}`).trim();
  const ramp = (name) => Array.from({ length: 11 }, (_, i) => get(`${name}-${i}`));
  const colours = Object.fromEntries(
    NAMES.map((name) => [name.replace(/-(\w)/, (_, c) => c.toUpperCase()), get(name)]),
  );
  const [seq, div] = [ramp("seq"), ramp("div")];
  const fonts = { serif: get("serif"), sans: get("sans"), data: get("data") };
  return { ...colours, colours, fonts, seq, div, on: ramp("on-seq"), lut: table(seq), divLut: table(div) };
};

/* Colours (ink, muted, accent, ...), ramps (seq, div, on), fonts and the pixel tables `lut` and `divLut`. */
atlas.theme = () => (cached ??= read());
atlas.isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : system.matches);
atlas.onTheme = (listener) => listeners.add(listener);

const changed = () => {
  cached = null;
  for (const listener of listeners) listener(atlas.theme());
};

const set = (name) => {
  if (name) root.dataset.theme = name;
  else delete root.dataset.theme;
  changed();
};

atlas.switchTheme = () => {
  const name = atlas.isDark() ? "light" : "dark";
  try {
    localStorage.setItem("atlas-theme", name);
  } catch {
    // storage may be switched off; the choice then lasts as long as the page
  }
  set(name);
};

try {
  const kept = localStorage.getItem("atlas-theme");
  if (kept === "light" || kept === "dark") root.dataset.theme = kept;
} catch {
  // as above
}
system.addEventListener("change", changed);

/* Do something while all is drawn in light colours, as on paper. */
atlas.inLight = async (act) => {
  const kept = root.dataset.theme;
  if (atlas.isDark()) set("light");
  try {
    return await act();
  } finally {
    if (root.dataset.theme !== kept) set(kept);
  }
};

let before;
addEventListener("beforeprint", () => {
  before = root.dataset.theme;
  if (atlas.isDark()) set("light");
});
addEventListener("afterprint", () => {
  if (root.dataset.theme !== before) set(before);
});
