/* Figures fit the width of their element. */

/* Call `act` whenever the width of `el` has changed to one that can be seen. */
atlas.onWidth = (el, act) => {
  let width = el.clientWidth;
  new ResizeObserver(() => {
    if (el.clientWidth === width || !el.clientWidth) return;
    width = el.clientWidth;
    act();
  }).observe(el);
};
