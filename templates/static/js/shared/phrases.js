/* What sentences are made of. Each is a list of texts and elements; tokens are always isolated, so that no
   script can turn the text around them. */

/* says`From ${token}, ${rest}` is such a list; a value may be a list, too. */
atlas.says = (texts, ...values) =>
  texts.flatMap((text, at) => [text].concat(values[at] ?? [])).filter((part) => part !== "");

/* The same as one text. */
atlas.plain = (parts) => parts.map((part) => part.textContent ?? part).join("");

atlas.token = (label) => atlas.make("i", {}, atlas.make("bdi", {}, label));
atlas.number = (value) => atlas.make("span", { class: "num" }, atlas.stored(value));
