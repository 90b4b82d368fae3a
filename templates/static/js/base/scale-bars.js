/* The scale bars that stand on a page from the start. */

atlas.pages.push(() => {
  for (const el of atlas.$$("[data-ramp]")) {
    atlas.scaleBar(el, { scale: el.dataset.scale, max: Number(el.dataset.max || 1) });
  }
});
