/* The page hashes what its figures are drawn from, and holds it against the manifest: a script hands over
   matrices in calls, out of which its bytes can be put together again. */

const { $, root } = atlas;
const MANIFEST = "manifest-sha256.txt";

let told; // {manifest, statement, signature}
window.atlasManifest = (said) => (told = said);

const sha256 = async (bytes) => {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
};

const quoted = (key) =>
  JSON.stringify(key).replace(
    /[\u0080-\uffff]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );

/* The bytes of a script of matrices: UTF-16 with its mark. */
const written = (calls) => {
  const lines = calls.map(([key, length, text]) => `atlasPack(${quoted(key)},${length},"${text}");\n`);
  const text = `\ufeff${lines.join("")}`;
  const units = new Uint16Array(text.length);
  for (let at = 0; at < text.length; at++) units[at] = text.charCodeAt(at);
  return units;
};

/* What the script at `address` calls. */
const calls = (address) => {
  if (window.atlasCalls) return window.atlasCalls(address);
  const tag = document.createElement("script");
  const found = [];
  const keep = window.atlasPack;
  window.atlasPack = (...call) => (document.currentScript === tag ? found.push(call) : keep(...call));
  return new Promise((resolve, reject) => {
    tag.onload = () => resolve(found);
    tag.onerror = () => reject(new Error(`${address} cannot be read.`));
    tag.src = root() + address;
    document.head.append(tag);
  }).finally(() => {
    window.atlasPack = keep;
    tag.remove();
  });
};

const bytes = async (address) =>
  address.startsWith("maps/") ? written(await calls(address)) : window.atlasInside(address);

/* The files that this page can read: scripts of matrices; of one HTML file, all that it holds. */
const readable = (hashes) => {
  const inside = window.atlasNames && new Set(window.atlasNames().map((name) => name.split(" ")[0]));
  return [...hashes.keys()].filter((address) => (inside ? inside.has(address) : address.startsWith("maps/")));
};

const signer = async () => {
  const { manifest, statement, signature } = told;
  const named = JSON.parse(statement).subject.find(({ name }) => name === MANIFEST);
  const own = named?.digest.sha256 === (await sha256(new TextEncoder().encode(manifest)));
  const key = own && (await atlas.signer(statement, signature));
  if (!key) throw new Error("The signature is not of these numbers.");
  return key;
};

const check = async () => {
  await atlas.script("manifest.js");
  const lines = told.manifest.trimEnd().split("\n");
  const hashes = new Map(lines.map((line) => [line.slice(66), line.slice(0, 64)]));
  const addresses = readable(hashes);
  const wrong = [];
  for (const address of addresses)
    if ((await sha256(await bytes(address))) !== hashes.get(address)) wrong.push(address);
  if (wrong.length) {
    const more = wrong.length > 1 ? `, and ${wrong.length - 1} more of ${addresses.length}` : "";
    throw new Error(`Not the numbers of the manifest: ${wrong[0]} was changed${more}.`);
  }
  const said = `${addresses.length} files were hashed, and all are as it lists them`;
  const own = `Fingerprint: ${await sha256(new TextEncoder().encode(told.manifest))}`;
  if (!told.signature) return `These are the numbers of the manifest: ${said}. ${own}`;
  return `These are the signed numbers. The key ${await signer()} signed the manifest; ${said}. ${own}`;
};

atlas.pages.push(() => {
  const button = $("[data-check]");
  const outcome = $("[data-checked]");
  if (!button) return;
  button.hidden = !window.crypto?.subtle;
  button.addEventListener("click", async () => {
    outcome.textContent = "Hashing …";
    outcome.textContent = await check().catch(({ message }) => message);
  });
});
