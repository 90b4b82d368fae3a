/* What every page shares: theme, keys, packed matrices, charts, and the sign that a page is ready. */
(() => {
  "use strict";
  const atlas = (window.atlas = {});
  atlas.island = (id) => {
    const node = document.getElementById(id);
    return node ? JSON.parse(node.textContent) : null;
  };
  atlas.pages = []; // each page script adds a function that returns a promise
  document.addEventListener("DOMContentLoaded", async () => {
    await Promise.all(atlas.pages.map((start) => start()));
    document.body.dataset.ready = "1";
  });
})();
