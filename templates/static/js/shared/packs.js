/* Packed matrices: base64 of gzip of bytes, handed over by a script tag, since that is the one way
   to load data that works on file:// as well as on http. */

const packs = new Map(); // key -> base64, until it is unpacked
const loaded = new Map(); // address and key -> promise of bytes
const scripts = new Map(); // address -> promise

window.atlasPack = (key, base64) => packs.set(key, base64);

const bytesOf = (base64) => {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(base64);
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
};

const inflate = async (bytes) => {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
};

const script = (address) => {
  if (!scripts.has(address)) {
    const promise = new Promise((resolve, reject) => {
      const tag = document.createElement("script");
      tag.src = atlas.root() + address;
      tag.onload = () => resolve(tag.remove());
      tag.onerror = () => reject(new Error(`${address} cannot be read`));
      document.head.append(tag);
    });
    scripts.set(address, promise);
  }
  return scripts.get(address);
};

const unpack = async (address, key) => {
  await script(address);
  const base64 = packs.get(key);
  if (base64 === undefined) throw new Error(`${address} does not hold ${key}`);
  packs.delete(key);
  return inflate(bytesOf(base64));
};

/* The bytes called `key` in the script at `address` (relative to the site's root). */
atlas.load = (address, key) => {
  const name = `${address} ${key}`; // the scripts of two texts hold packs of the same key
  if (!loaded.has(name)) loaded.set(name, unpack(address, key));
  return loaded.get(name);
};
