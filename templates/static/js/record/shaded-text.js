/* The text itself: a chip for each token, shaded by what the chosen token attends to, or painted by what speaks
   for the answer and against it. Chips keep the spacing of the text, so that a sentence still reads as one. */

const LONG = 60;
const LEAST = 0.16;
const TURNS = /[\u202a-\u202e\u2066-\u2069]/; // marks that turn the direction of what follows

class ShadedText {
  /* `tokens` as the data of the page have them; `onPick(token)` and `onPoint(token or null)` get token numbers;
     `marks` are [token, side, strength] of those that are painted. */
  constructor(el, tokens, { onPick, onPoint }, marks = []) {
    this.el = el;
    this.chosen = -1;
    this.looks = tokens.map(() => "");
    const rest = atlas.$(".unread", el);
    const joined = tokens.map(
      ({ t, s }, at) => at > 0 && !s && !tokens[at - 1].s && !/^\s/.test(t) && !/\s$/.test(tokens[at - 1].t),
    );
    this.chips = tokens.map((token, at) => this.#chip(token, at, joined));
    for (const [at, side, strength] of marks) {
      this.chips[at]?.classList.add(side);
      this.chips[at]?.style.setProperty("--mark", `${strength}%`);
    }
    const parts = this.chips.flatMap((chip, at) => [/^\s*/.exec(tokens[at].s ? "" : tokens[at].t)[0], chip]);
    el.classList.toggle("long", tokens.length > LONG);
    el.replaceChildren(...parts.filter((part) => part !== ""), ...(rest ? [rest] : []));
    this.#listen(onPick, onPoint);
  }

  /* Pieces of one word touch: `joined[at]` says whether a token continues the one before it. */
  #chip({ t, s }, at, joined) {
    const text = s ? t : t.trimStart();
    const names = ["tok", s && "sp", joined[at] && "after", joined[at + 1] && "before"].filter(Boolean);
    return atlas.make(
      s || TURNS.test(t) ? "bdi" : "span", // letters of a word are joined across spans only
      { class: names.join(" "), role: "button", tabindex: at ? -1 : 0, "data-at": at },
      text,
    );
  }

  /* `shares[token]` is the place on the ramp of what the chosen token gives it, or null for a
     passage that is not looked at; `chosen` the tokens that are outlined. */
  shade(shares, chosen) {
    this.el.classList.toggle("whole", chosen.length > 1);
    this.chips.forEach((chip, at) => {
      const picked = chosen.includes(at);
      const share = picked ? 0 : (shares?.[at] ?? 0);
      const look = picked ? "q" : share > LEAST ? Math.round(share * 10) : "";
      if (this.looks[at] === look) return; // most chips stay as they are
      this.looks[at] = look;
      chip.classList.toggle("q", picked);
      chip.setAttribute("aria-pressed", picked);
      chip.style.background = look === "" || picked ? "" : `var(--seq-${look})`;
      chip.style.color = look === "" || picked ? "" : `var(--on-seq-${look})`;
    });
    if (chosen.length) this.#focusable(chosen[0]);
  }

  #focusable(at) {
    this.chips[Math.max(0, this.chosen)].tabIndex = -1;
    this.chosen = at;
    this.chips[at].tabIndex = 0;
  }

  #listen(onPick, onPoint) {
    const at = (event) => {
      const chip = event.target.closest("[data-at]");
      return chip ? Number(chip.dataset.at) : null;
    };
    this.el.addEventListener("click", (event) => at(event) != null && onPick(at(event)));
    this.el.addEventListener("pointerover", (event) => event.pointerType !== "touch" && onPoint(at(event)));
    this.el.addEventListener("pointerleave", () => onPoint(null));
    const go = (key, event) => this.#go(key, at(event));
    atlas.keys(["ArrowLeft", "ArrowRight", "Home", "End"], "on the text: go to a word", go, this.el);
    const pick = (_, event) => (at(event) == null ? false : onPick(at(event)));
    atlas.keys(["Enter", " "], "on the text: choose the word", pick, this.el);
  }

  #go(key, token) {
    if (token == null) return false;
    const on = this.el.dir === "rtl" ? -1 : 1;
    const to = { ArrowLeft: token - on, ArrowRight: token + on, Home: 0, End: this.chips.length - 1 }[key];
    if (!this.chips[to]) return false;
    this.#focusable(to);
    return this.chips[to].focus();
  }
}

atlas.ShadedText = ShadedText;
