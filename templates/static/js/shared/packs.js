/* Packed matrices: gzip of bytes, two bytes a character, handed over by a script tag, since that is
   the one way to load data that works on file:// as well as on http. */

const packs = new Map(); // key -> {length, text}, until it is unpacked
const loaded = new Map(); // address and key -> promise of bytes
const scripts = new Map(); // address -> promise

window.atlasPack = (key, length, text) => packs.set(key, { length, text });

const ESCAPE = 0xe000; // stands before a character that a string cannot hold, whose highest bit is turned

const bytesOf = ({ length, text }) => {
  const bytes = new Uint8Array(length + 1);
  for (let at = 0, i = 0; i < text.length; i++, at += 2) {
    let unit = text.charCodeAt(i);
    if (unit === ESCAPE) unit = text.charCodeAt(++i) ^ 0x8000;
    bytes[at] = unit;
    bytes[at + 1] = unit >> 8;
  }
  return bytes.subarray(0, length);
};

const inflate = async (bytes) => {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
};

const element = async (address) => {
  const tag = document.createElement("script");
  if (window.atlasInside) tag.textContent = new TextDecoder().decode(await window.atlasInside(address));
  else tag.src = atlas.root() + address;
  return tag;
};

const run = async (address) => {
  const tag = await element(address);
  await new Promise((resolve, reject) => {
    tag.onload = resolve;
    tag.onerror = () => reject(new Error(`${address} cannot be read`));
    document.head.append(tag);
    if (!tag.src) resolve(); // all is in one file
  });
  tag.remove();
};

/* Run the script at `address` (relative to the site's root), once. */
atlas.script = (address) => {
  if (!scripts.has(address)) scripts.set(address, run(address));
  return scripts.get(address);
};

const unpack = async (address, key) => {
  if (window.atlasInside) return window.atlasInside(address, key);
  await atlas.script(address);
  const packed = packs.get(key);
  if (packed === undefined) throw new Error(`${address} does not hold ${key}`);
  packs.delete(key);
  return inflate(bytesOf(packed));
};

/* Heads as they follow each other in a model. In a pack those with as much ink are side by side; their
   places come first, two bytes a head. */
const inOrder = (bytes, count) => {
  const size = bytes.length / count - 2;
  const found = new Uint8Array(count * size);
  for (let at = 0; at < count; at++) {
    const place = bytes[2 * at] | (bytes[2 * at + 1] << 8);
    const start = 2 * count + at * size;
    found.set(bytes.subarray(start, start + size), place * size);
  }
  return found;
};

/* The bytes called `key` in the script at `address` (relative to the site's root). */
atlas.load = (address, key) => {
  const name = `${address} ${key}`; // the scripts of two texts hold packs of the same key
  if (!loaded.has(name)) loaded.set(name, unpack(address, key));
  return loaded.get(name);
};

/* The same of a map with all its heads, layer after layer. */
atlas.loadHeads = (address, key, { layers, heads }) => {
  const name = `${address} ${key} in order`;
  if (!loaded.has(name)) {
    const coming = atlas.load(address, key);
    loaded.set(
      name,
      coming.then((bytes) => inOrder(bytes, layers * heads)),
    );
  }
  return loaded.get(name);
};
