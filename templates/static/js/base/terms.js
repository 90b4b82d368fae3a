/* A term of the glossary is told where it stands. Where that cannot be, its link leads to its line as it did. */

const told = async (link) => {
  try {
    await atlas.script("assets/terms.js"); // comes with the first term that is asked for
    atlas.tellTerm(link);
  } catch {
    location.assign(link.href);
  }
};

document.addEventListener("click", (event) => {
  const link = event.target.closest('a[href*="#term-"]:not([class])');
  const elsewhere = event.ctrlKey || event.metaKey || event.shiftKey; // another tab, another window
  if (
    !link?.showPopover ||
    elsewhere ||
    event.defaultPrevented ||
    document.getElementById(link.hash.slice(1))
  )
    return;
  event.preventDefault();
  told(link);
});
