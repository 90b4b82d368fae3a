/* What a term means, below the link that asks for it: Esc, or a click anywhere else, closes it. */

const BELOW = 6;
const EDGE = 16;

atlas.tellTerm = (link) => {
  const { make } = atlas;
  const [name, says] = window.atlasTerms[link.hash.slice(1)];
  const all = make("a", { href: link.href, class: "all" }, "All words used here");
  const words = make("p", {}, make("b", {}, name), ` ${says}`);
  const told = make("div", {
    class: "meaning",
    popover: "auto",
    role: "dialog",
    "aria-label": name,
    tabindex: -1,
  });
  told.append(words, make("p", {}, all));
  told.addEventListener("toggle", ({ newState }) => newState === "closed" && told.remove());
  document.body.append(told);
  link.focus(); // where Esc leads back to
  told.showPopover();
  told.focus({ preventScroll: true });
  const { left, bottom } = link.getBoundingClientRect();
  const most = document.documentElement.clientWidth - told.offsetWidth - EDGE;
  told.style.left = `${Math.max(EDGE, Math.min(left, most)) + scrollX}px`;
  told.style.top = `${bottom + scrollY + BELOW}px`;
};
