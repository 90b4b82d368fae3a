/* Figures of analyses that have none of their own. */

atlas.pages.push(() => atlas.drawShapes());
