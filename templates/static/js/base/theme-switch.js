/* The button that changes between light and dark. */

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-theme-switch]")) atlas.switchTheme();
});
