/* A link to a part of a page that is closed opens it. */

const open = () => {
  const fold = document.getElementById(location.hash.slice(1))?.querySelector(":scope > details.fold");
  if (fold) fold.open = true;
};

addEventListener("hashchange", open);
document.addEventListener("DOMContentLoaded", open);
