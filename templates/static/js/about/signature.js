/* Signatures of OpenSSH (https://github.com/openssh/openssh-portable/blob/master/PROTOCOL.sshsig) by Ed25519,
   the kind of key that browsers know as well. */

const KIND = "ssh-ed25519";
const text = (bytes) => new TextDecoder().decode(bytes);

/* What a field of that protocol is: four bytes of length, then as many. */
const reader = (bytes) => {
  let at = 0;
  const take = (count) => {
    at += count;
    return bytes.subarray(at - count, at);
  };
  const number = () => new DataView(take(4).slice().buffer).getUint32(0);
  return { take, number, field: () => take(number()) };
};
const field = (bytes) => {
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, bytes.length);
  return [length, bytes];
};

const parsed = (armored) => {
  const base64 = armored.replace(/-----[^-]+-----/g, "").replace(/\s/g, "");
  const { take, number, field: next } = reader(Uint8Array.from(atob(base64), (c) => c.charCodeAt(0)));
  const magic = take(6);
  number();
  const [key, space, reserved, digest, signature] = [next(), next(), next(), next(), next()];
  return { magic, key, space, reserved, digest, signature };
};

/* The fingerprint of the key that signed `statement`; "" where the signature is not of it. */
atlas.signer = async (statement, armored) => {
  const { magic, key, space, reserved, digest, signature } = parsed(armored);
  const [keyReader, signatureReader] = [reader(key), reader(signature)];
  const kind = text(keyReader.field());
  if (kind !== KIND || text(signatureReader.field()) !== KIND)
    throw new Error(`a key of the kind ${kind}, which pages cannot check; ssh-keygen -Y verify can`);
  const hash = await crypto.subtle.digest(
    text(digest) === "sha256" ? "SHA-256" : "SHA-512",
    new TextEncoder().encode(statement),
  );
  const parts = [space, reserved, digest, new Uint8Array(hash)].flatMap(field);
  const signed = new Uint8Array(await new Blob([magic, ...parts]).arrayBuffer());
  const known = await crypto.subtle.importKey("raw", keyReader.field(), "Ed25519", false, ["verify"]);
  const fits = await crypto.subtle.verify("Ed25519", known, signatureReader.field(), signed);
  if (!fits || text(space) !== "attnatlas") return "";
  const print = new Uint8Array(await crypto.subtle.digest("SHA-256", key));
  return `SHA256:${btoa(String.fromCharCode(...print)).replace(/=+$/, "")}`;
};
