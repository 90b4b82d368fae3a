/* The page: finding and making elements, its data, and words for a reader who listens. */

atlas.$ = (selector, from = document) => from.querySelector(selector);
atlas.$$ = (selector, from = document) => [...from.querySelectorAll(selector)];

/* An element with attributes and children; text always goes in as text. */
atlas.make = (tag, attributes = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
};

/* What the page has in itself, as data. */
atlas.pageData = (id) => {
  const node = document.getElementById(id);
  return node ? JSON.parse(node.textContent) : null;
};

/* Show which of several buttons is the chosen one. */
atlas.press = (selector, name, value) => {
  for (const button of atlas.$$(selector)) {
    const pressed = String(button.dataset[name] === String(value));
    if (button.getAttribute("aria-pressed") !== pressed) button.setAttribute("aria-pressed", pressed);
  }
};

atlas.root = () => document.body.dataset.root || "";

/* Say something to a reader who listens; the last of many quick words wins. */
let timer = 0;
atlas.say = (words) => {
  const node = document.getElementById("live");
  if (!node) return;
  clearTimeout(timer);
  timer = setTimeout(() => (node.textContent = words), 120);
};

atlas.pages = []; // each page script adds a function that may return a promise
