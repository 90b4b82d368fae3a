/* The colours of roles, as the style sheet has them. */

/* A mixed colour, color(srgb r g b), as every drawing program reads it. */
const plain = (colour) => {
  const mixed = colour.match(/^color\(srgb ([\d.]+) ([\d.]+) ([\d.]+)\)$/);
  return mixed
    ? `rgb(${mixed
        .slice(1)
        .map((part) => Math.round(part * 255))
        .join(", ")})`
    : colour;
};
const tint = (name) => {
  const el = atlas.make("span", { class: `g role-${name}`, hidden: true });
  document.body.append(el);
  const { backgroundColor, color } = getComputedStyle(el);
  const found = [plain(backgroundColor), plain(color)];
  el.remove();
  return found;
};
/* The colours of roles [name, letter, words] and of the letters on them, as charts take them. */
atlas.roleColours = (roles) => {
  const pairs = roles.map(([name]) => tint(name));
  return { roles: pairs.map(([fill]) => fill), on: pairs.map(([, on]) => on) };
};
