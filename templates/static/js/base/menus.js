/* Menus close when anything else is chosen. */

atlas.closeMenus = (except) => {
  for (const menu of atlas.$$("details.menu[open]")) if (menu !== except) menu.open = false;
};

document.addEventListener("click", ({ target }) => atlas.closeMenus(target.closest("details.menu")));
