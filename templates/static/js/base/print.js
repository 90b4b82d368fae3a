/* On paper everything is open; on the screen it is then as it was. */

let closed = [];
const open = (now) => closed.forEach((details) => (details.open = now));

addEventListener("beforeprint", () => {
  closed = atlas.$$("main details:not(.menu, .on-screen, [open])");
  open(true);
});
addEventListener("afterprint", () => open(false));
