/* What is drawn in an element, for what saves it. */

atlas.drawings = new WeakMap(); // element -> {svg(), rows(name)}
