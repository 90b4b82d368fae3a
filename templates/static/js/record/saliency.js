/* Saliency beside attention, token by token: what is explained, by which method, and the anchors and the
   sentence that go with it. Attention and anchors are those of the answer, the first of the targets. */

const { $, $$ } = atlas;
const CHOICES = ["target", "method", "seen"];

class Saliency {
  constructor(page, el) {
    this.given = page.data.given.bars.saliency;
    const { target: words, integral, methods, others } = this.given;
    this.targets = [{ kind: "", words, integral, methods }, ...others];
    this.state = page.data.state; // what is chosen is in the address
    this.bars = new atlas.Bars(el, () => this.inputs());
    this.listen();
    this.say();
    this.save(page.data.given.record.slug);
  }

  /* What is asked for, or of that the first method that what is explained has. */
  get chosen() {
    const { target: at, method: asked, seen } = this.state.get();
    const target = Number(at);
    const { methods } = this.targets[target];
    return { target, method: methods[asked] ? asked : Object.keys(methods)[0], seen };
  }

  get shown() {
    return this.targets[this.chosen.target].methods[this.chosen.method];
  }

  inputs() {
    const { tokens, views, from } = this.given;
    const { seen, target } = this.chosen;
    const { says, values } = this.shown;
    const sides = [{ ...atlas.barColumn({ says: `saliency (${says})`, values }, "yes"), less: "no" }];
    if (seen && !target) {
      const { says, values } = views[seen];
      sides.push(atlas.barColumn({ says: `${says} from “${atlas.label(from)}”`, values }, "ink"));
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
    for (const node of $$("[data-of-integral]")) node.hidden = !method.endsWith("integrated_gradients");
    for (const node of $$("[data-seen-says]")) node.textContent = this.given.views[seen]?.says ?? "";
    $("[data-left]").hidden = !this.shown.values.some((value) => value < 0);
    for (const node of $$("[data-of-answer]")) node.hidden = target > 0;
    for (const button of $$("[data-method]")) button.disabled = !methods[button.dataset.method];
    for (const [name, value] of Object.entries(this.chosen)) atlas.press(`[data-${name}]`, name, value);
  }

  listen() {
    this.state.follow((now, before) => {
      if (CHOICES.some((name) => now[name] !== before[name])) this.draw();
    });
    for (const name of CHOICES) {
      for (const button of $$(`[data-${name}]`)) {
        button.addEventListener("click", () => this.state.set({ [name]: button.dataset[name] }));
      }
    }
  }

  draw() {
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
