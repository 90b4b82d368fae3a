/* One selection for the whole page, and its address: #layer=3&head=7&query=5&key=2 and so on.
   Everything on the page follows it; a link restores it. */

const NUMBERS = ["layer", "head", "query", "key"]; // always in the address
const NONE = "none"; // a number that was cleared

/* A link to a head that names no pair leaves it open, undefined: what a page opens with is of another head. */
const parse = (hash) => {
  const found = {};
  for (const [name, value] of new URLSearchParams(hash.replace(/^#/, ""))) {
    if (!NUMBERS.includes(name)) found[name] = value;
    else if (/^\d{1,7}$/.test(value)) found[name] = Number(value);
    else if (value === NONE) found[name] = null;
  }
  const [ofHead, ofPair] = [NUMBERS.slice(0, 2), NUMBERS.slice(2)].map((names) =>
    names.some((name) => name in found),
  );
  return ofHead && !ofPair ? { ...found, query: undefined, key: undefined } : found;
};

/* `start` is where the page opens; `fit(state)` returns the nearest state that exists. */
atlas.selection = (start, fit) => {
  const listeners = [];
  let timer = 0;
  let state = fit({ ...start, ...parse(location.hash) });

  const address = () => {
    const names = Object.keys(start).filter((name) => NUMBERS.includes(name) || state[name] !== start[name]);
    const known = names.filter((name) => state[name] != null || start[name] != null);
    const pairs = known.map((name) => [name, state[name] ?? NONE]);
    return `#${new URLSearchParams(pairs)}`;
  };
  /* Browsers allow few changes of the address a second: a held key must not use them up. */
  const write = () => {
    clearTimeout(timer);
    timer = setTimeout(() => history.replaceState(null, "", address()), 200);
  };
  const set = (changes) => {
    const before = state;
    state = fit({ ...state, ...changes });
    write();
    for (const listener of listeners) listener(state, before);
  };
  addEventListener("hashchange", () => {
    const asked = parse(location.hash);
    if (Object.keys(asked).some((name) => name in start)) set({ ...start, ...asked }); // else a place of the page
  });
  return { get: () => state, set, address, follow: (listener) => listeners.push(listener) };
};
