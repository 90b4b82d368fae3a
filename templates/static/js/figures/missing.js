/* What stands where a figure cannot: one of the files that it is drawn from is not there. */

atlas.missing = (el, error) => {
  const figure = el.closest(".figure") ?? el.parentElement;
  atlas.$(".state.err", figure)?.remove();
  const words = "This figure cannot be drawn: one of the files beside this page is missing.";
  const note = atlas.make("p", { class: "note" }, atlas.make("code", {}, error.message));
  el.before(atlas.make("div", { class: "state err" }, atlas.make("p", {}, words), note));
  el.style.minHeight = 0;
  atlas.say(words);
  console.error(error);
};
