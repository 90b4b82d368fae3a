/* Saliency beside attention, token by token: what is explained, by which method, and the anchors and the
   sentence that go with it. Attention and anchors are those of the answer, the first of the targets. */

const { $, $$ } = atlas;

class Saliency {
  constructor(page, el) {
    this.given = page.data.given.bars.saliency;
    const { target: words, integral, methods, others, shown } = this.given;
    this.targets = [{ kind: "", words, integral, methods }, ...others];
    this.state = page.data.state; // which method is in the address
    this.chosen = { target: 0, method: this.state.get().method, seen: shown[0] };
    this.bars = new atlas.Bars(el, () => this.inputs());
    this.listen();
    this.say();
    this.save(page.data.given.record.slug);
  }

  get shown() {
    return this.targets[this.chosen.target].methods[this.chosen.method];
  }

  inputs() {
    const { tokens, views, from } = this.given;
    const { seen, target } = this.chosen;
    const { says, values } = this.shown;
    const sides = [atlas.barColumn({ says: `saliency (${says})`, values }, "no")];
    if (seen && !target) {
      const { says, values } = views[seen];
      sides.push(atlas.barColumn({ says: `${says} from “${atlas.label(from)}”`, values }, "yes"));
    }
    return { tokens, washed: this.anchors("for"), against: this.anchors("against"), sides };
  }

  anchors(side) {
    const { target, method, seen } = this.chosen;
    const those = this.given.anchors.filter(
      ([view, name, , speaks]) => !target && view === seen && name === method && speaks === side,
    );
    return new Set(those.map(([, , token]) => this.given.places.indexOf(token)).filter((row) => row >= 0));
  }

  say() {
    const { target, method, seen } = this.chosen;
    const { words, integral, methods } = this.targets[target];
    const sentence = this.given.sentences[seen]?.[method] ?? "Too few tokens to compare two orders.";
    $("[data-anchors]").textContent = target
      ? "Attention is compared with the answer of the model only."
      : sentence;
    for (const node of $$("[data-explained]")) node.textContent = words;
    for (const node of $$("[data-integral]")) node.textContent = integral;
    for (const node of $$("[data-seen-says]")) node.textContent = this.given.views[seen]?.says ?? "";
    for (const node of $$("[data-of-answer]")) node.hidden = target > 0;
    for (const button of $$("[data-method]")) button.disabled = !methods[button.dataset.method];
    for (const [name, value] of Object.entries(this.chosen)) atlas.press(`[data-${name}]`, name, value);
  }

  listen() {
    this.state.follow(({ method }, before) => {
      if (method !== before.method && method !== this.chosen.method) this.choose("method", method);
    });
    for (const name of Object.keys(this.chosen)) {
      for (const button of $$(`[data-${name}]`)) {
        button.addEventListener("click", () => this.choose(name, button.dataset[name]));
      }
    }
  }

  choose(name, value) {
    this.chosen[name] = name === "target" ? Number(value) : value;
    if (name === "method" && this.state.get().method !== value) this.state.set({ method: value });
    if (!this.shown) [this.chosen.method] = Object.keys(this.targets[this.chosen.target].methods);
    this.say();
    this.bars.draw();
    atlas.refreshTables();
  }

  save(slug) {
    const { tokens, places, methods, others, views } = this.given;
    const named = Object.fromEntries(
      others.flatMap(({ kind, methods }) =>
        Object.entries(methods).map(([name, found]) => [`${kind}.${name}`, found]),
      ),
    );
    const columns = { ...methods, ...named, ...views };
    atlas.saveTokenBars(this.bars, {
      file: () => `${slug}-saliency`,
      caption: () => "Saliency and attention, token by token; 1 marks an anchor, −1 what speaks against.",
      columns: ["place", "token", ...Object.keys(columns), "anchor"],
      rows: () => {
        const [anchors, against] = [this.anchors("for"), this.anchors("against")];
        const values = Object.values(columns);
        return tokens.map((token, row) => [
          places[row],
          token,
          ...values.map((column) => column.values[row]),
          anchors.has(row) - against.has(row),
        ]);
      },
    });
  }
}

atlas.saliency = (page, el) => new Saliency(page, el).bars;
