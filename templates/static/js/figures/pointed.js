/* What lies under the pointer in small maps, said beside it. */

const ABOVE = 36; // pixels from the top of a tip to the pointer

/* `find(event)` returns {parts, x, y}, the words and where in `el` they are about, or nothing. Returns the tip. */
atlas.pointed = (el, find) => {
  const tip = atlas.make("div", { class: "tip", hidden: true });
  el.append(tip);
  el.addEventListener("pointermove", (event) => {
    const found = event.pointerType === "touch" ? null : find(event);
    tip.hidden = !found;
    if (!found) return;
    const { parts, x, y } = found;
    tip.replaceChildren(...parts);
    const side = x < el.clientWidth / 2 ? `left:${x}px` : `right:${el.clientWidth - x}px`;
    tip.style.cssText = `${side};top:${Math.max(0, y - ABOVE)}px`;
  });
  el.addEventListener("pointerleave", () => (tip.hidden = true));
  return tip;
};
