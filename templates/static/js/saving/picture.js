/* A finished picture of a figure, which stands alone: title, drawing, legend, what it was drawn from, and
   where it comes from, on white. Everything in it is text and shapes. */

const { $, $$ } = atlas;
const MARGIN = 20;
const LINE = 16;
const INK = "#15212e";
const QUIET = "#43505d";
const HATCH =
  '<pattern id="hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">' +
  '<path d="M0 0V5" stroke="#c9cfd1"/></pattern>';

const escaped = (text) => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
const tidy = (text) => text.replace(/\s+/g, " ").trim();

/* Lines of at most so many characters. */
const wrapped = (text, most) => {
  const lines = [""];
  for (const word of tidy(text).split(" ")) {
    if (lines.at(-1) && `${lines.at(-1)} ${word}`.length > most) lines.push(word);
    else lines.push(`${lines.pop()} ${word}`.trim());
  }
  return lines.filter(Boolean);
};

const said = (text, x, y, look = `font-size="12" fill="${QUIET}"`) =>
  `<text x="${x}" y="${y}" ${look}>${escaped(text)}</text>`;

/* The address of this view; of a page that lies on a disk, from the site on. */
const address = () => {
  if (location.protocol !== "file:") return location.href;
  const up = atlas.root().split("..").length;
  const path = location.pathname.split("/").slice(-up).join("/");
  return decodeURI(path + (atlas.root() === "?" ? location.search : "")) + location.hash;
};

/* What the picture was drawn from: the text of the page, the site and its date. */
const sourceOf = () => {
  const printed = $$("[data-passage]").map((el) => {
    const copy = el.cloneNode(true);
    for (const special of $$(".sp", copy)) special.remove();
    return tidy(copy.textContent).slice(0, 300);
  });
  const texts = [...new Set(printed)]; // a text may stand on its page twice: by its words, and by attention
  const built = $("footer span")?.textContent ?? "";
  return { texts, source: tidy(`${document.title}. ${built}.`), address: address() };
};

const titleOf = (figure) => {
  const copy = $(":is(h2, h3)", figure).cloneNode(true);
  for (const part of $$("[hidden]", copy)) part.remove();
  return tidy(copy.textContent);
};

const rampLine = (ramp, y) => {
  const { seq, div } = atlas.theme();
  const stops = (ramp.classList.contains("div") ? div : seq).map(
    (colour, at, all) => `<stop offset="${at / (all.length - 1)}" stop-color="${colour}"/>`,
  );
  const ticks = $$("b", ramp).map((tick, at, all) => {
    const anchor = at === 0 ? "start" : at === all.length - 1 ? "end" : "middle";
    const x = MARGIN + 2.4 * Number.parseFloat(tick.style.left);
    return said(tick.textContent, x, y + 24, `font-size="10" fill="${QUIET}" text-anchor="${anchor}"`);
  });
  const id = `ramp${Math.round(y)}`;
  return (
    `<linearGradient id="${id}">${stops.join("")}</linearGradient>` +
    `<rect x="${MARGIN}" y="${y}" width="240" height="10" fill="url(#${id})" stroke="#d6dbdc"/>${ticks.join("")}`
  );
};

const swatch = (mark, x, y) => {
  const { backgroundColor, borderTopColor, borderTopWidth, borderTopStyle, height } = getComputedStyle(mark);
  if (Number.parseFloat(height) < 4) {
    const dash = borderTopStyle === "dashed" ? ' stroke-dasharray="4 3"' : "";
    return `<path d="M${x} ${y - 4}h14" stroke="${borderTopColor}" stroke-width="2"${dash}/>`;
  }
  const fill = mark.classList.contains("masked") ? "url(#hatch)" : backgroundColor;
  const box = `x="${x}" y="${y - 9}" width="10" height="10"`;
  return `<rect ${box} fill="${fill}" stroke="${borderTopColor}" stroke-width="${Number.parseFloat(borderTopWidth)}"/>`;
};

/* The legend below the drawing, as it is on the page. */
const legendOf = (figure, y, most) => {
  const parts = [];
  for (const node of $$(".legend > :is(.ramp, .key), .legend > * > .ramp", figure)) {
    if (node.hidden || node.closest("[hidden]")) continue;
    if (node.classList.contains("ramp")) {
      parts.push(rampLine(node, y));
      y += 36;
      continue;
    }
    const mark = $(".sw", node);
    if (mark) parts.push(swatch(mark, MARGIN, y + 10));
    for (const line of wrapped(node.innerText, most)) {
      parts.push(said(line, MARGIN + (mark ? 18 : 0), y + 10));
      y += LINE;
    }
  }
  return [parts.join(""), y];
};

/* What the figure draws, one beneath the other: {svg, width, height}. */
const drawingsOf = async (given) => {
  const drawn = await given.drawn?.();
  if (drawn?.svg) return [drawn];
  return Promise.all(
    given.charts.map(async ([el, chart], at) => {
      const above = el.closest(".map").previousElementSibling;
      const label = given.charts.length > 1 && above?.matches("h4") ? tidy(above.textContent) : "";
      const under = at ? "" : (drawn?.under ?? "");
      const shapes = (tag) => (!under && /href="data:/.test(tag) ? tag : ""); // pictures are drawn as shapes
      const text = (await chart.svg()).replace(/<image[^>]*>(<\/image>)?/g, shapes);
      const [, width, height] = /width="([\d.]+)" height="([\d.]+)"/.exec(text);
      const svg = under + text.slice(text.indexOf("<svg"));
      return { svg, label, width: Number(width), height: Number(height) };
    }),
  );
};

/* The picture as SVG: {text, width, height}. */
atlas.finished = (figure, given) =>
  atlas.inLight(async () => {
    const drawings = await drawingsOf(given);
    if (!drawings.length) throw new Error("the figure is not drawn yet");
    const width = Math.max(480, ...drawings.map((one) => one.width)) + 2 * MARGIN;
    const most = Math.floor((width - 2 * MARGIN) / 6.2);
    const parts = [];
    let y = MARGIN + 16;
    for (const line of wrapped(titleOf(figure), Math.floor(most * 0.72))) {
      parts.push(said(line, MARGIN, y, `font-size="18" fill="${INK}" class="title"`));
      y += 22;
    }
    for (const { svg, label, height } of drawings) {
      if (label) parts.push(said(label, MARGIN, y + 6));
      if (label) y += LINE;
      parts.push(`<g transform="translate(${MARGIN} ${y})">${svg}</g>`);
      y += height + 12;
    }
    const [legend, below] = legendOf(figure, y, most);
    parts.push(legend);
    y = below + LINE;
    const { texts, source, address } = sourceOf();
    const [state] = $$("[data-state-words]").map((el) => el.textContent);
    for (const text of [...texts.map((one) => `Text: ${one}`), state ?? "", source, address]) {
      for (const line of wrapped(text, most)) {
        parts.push(said(line, MARGIN, y, `font-size="11" fill="${QUIET}"`));
        y += 15;
      }
    }
    const { sans } = atlas.theme().fonts;
    const height = Math.ceil(y + MARGIN - 8);
    const size = `width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`;
    const text =
      `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" ${size} ` +
      `font-family="${escaped(sans)}"><title>${escaped(titleOf(figure))}</title>${HATCH}` +
      `<rect width="100%" height="100%" fill="#fff"/>${parts.join("")}</svg>`;
    return { text, width, height };
  });

/* The same as pixels, twice as many as it has points. */
atlas.finishedPixels = async ({ text, width, height }) => {
  const image = new Image();
  image.src = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
  await image.decode();
  const canvas = atlas.make("canvas", { width: 2 * width, height: 2 * height });
  canvas.getContext("2d").drawImage(image, 0, 0, 2 * width, 2 * height);
  URL.revokeObjectURL(image.src);
  return new Promise((done) => canvas.toBlob(done, "image/png"));
};

/* A chart that stands alone: with the title of its figure, its text and where it comes from. */
atlas.finishedSpec = (figure, given) =>
  atlas.inLight(async () => {
    const { texts, source, address } = sourceOf();
    const title = { text: titleOf(figure), subtitle: [...texts, `${source} ${address}`], anchor: "start" };
    return { ...(await given.spec()), background: "#ffffff", title };
  });
