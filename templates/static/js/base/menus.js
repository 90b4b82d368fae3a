/* Menus close when anything else is chosen; the focus does not close with them. */

atlas.closeMenus = (except) => {
  for (const menu of atlas.$$("details.menu[open]")) {
    if (menu === except) continue;
    if (menu.contains(document.activeElement)) atlas.$("summary", menu).focus();
    menu.open = false;
  }
};

document.addEventListener("click", ({ target }) => atlas.closeMenus(target.closest("details.menu")));
