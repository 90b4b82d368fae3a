/* A whole site in one file. Its pages, scripts and matrices lie in this document as gzip, two bytes a
   character; the address says which page is shown: file.html?records/model/text.html#layer=3. A link
   leads to another address of the same file, so that back, forward and new tabs work as they always do. */

(() => {
  const ESCAPE = 0xe000; // stands before a character that the file cannot hold, whose highest bit is turned

  /* The blocks are kept when the page that is shown takes the place of the body they lie in. */
  const kept = new Map([...document.querySelectorAll("[data-length]")].map((node) => [node.id, node]));

  const bytesIn = (id) => {
    const node = kept.get(id);
    const text = node.textContent;
    const length = Number(node.dataset.length);
    const bytes = new Uint8Array(length + 1);
    for (let at = 0, i = 0; i < text.length; i++, at += 2) {
      let unit = text.charCodeAt(i);
      if (unit === ESCAPE) unit = text.charCodeAt(++i) ^ 0x8000;
      bytes[at] = unit;
      bytes[at + 1] = unit >> 8;
    }
    return bytes.subarray(0, length);
  };

  const inflate = async (bytes) => {
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  };

  const blocks = new Map();
  const block = (number) => {
    if (!blocks.has(number)) blocks.set(number, inflate(bytesIn(`block-${number}`)));
    return blocks.get(number);
  };
  const words = (bytes) => new TextDecoder().decode(bytes);
  const element = (tag, text) => Object.assign(document.createElement(tag), { textContent: text });

  let places; // address -> [block, first byte, bytes]

  const read = async (address) => {
    const [number, start, length] = places[address];
    return (await block(number)).subarray(start, start + length);
  };

  /* A matrix, or a script, which pages load when they need it. */
  window.atlasInside = (address, key) => read(key ? `${address} ${key}` : address);

  /* All that is in here, and the calls that a script of matrices is made of, for who wants to hash them. */
  window.atlasNames = () => Object.keys(places);
  window.atlasCalls = (address) =>
    Object.entries(places)
      .filter(([name]) => name.startsWith(`${address} `))
      .map(([name, [number]]) => {
        const { dataset, textContent } = kept.get(`block-${number}`);
        return [name.slice(address.length + 1), Number(dataset.length), textContent];
      });

  const save = async (address) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([await read(address)]));
    link.download = address.split("/").pop();
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  };

  /* Where a link of the page at `from` leads: to a page of this file, to a file that can be saved, or
     nowhere, since only the folder has it. */
  const rewire = (link, from) => {
    const href = link.getAttribute("href");
    if (href.startsWith("#") || /^[a-z]+:/i.test(href)) return;
    const { pathname, hash } = new URL(href, `atlas://site/${from}`);
    const address = decodeURIComponent(pathname.slice(1));
    if (!places[address]) {
      link.removeAttribute("href");
      link.title = "Not in this file: the folder it was made from has it.";
    } else if (address.endsWith(".html")) link.href = `?${encodeURI(address)}${hash}`;
    else {
      link.href = "#";
      link.addEventListener("click", (event) => {
        event.preventDefault();
        save(address);
      });
    }
  };

  const showIcon = async (address) => {
    if (!places[address]) return; // an earlier site has none
    const picture = encodeURIComponent(words(await read(address)));
    const link = Object.assign(document.createElement("link"), { rel: "icon" });
    link.href = `data:image/svg+xml,${picture}`;
    document.head.append(link);
  };

  const show = async (address) => {
    const page = new DOMParser().parseFromString(words(await read(address)), "text/html");
    for (const node of page.querySelectorAll("noscript")) node.remove();
    for (const link of page.querySelectorAll("a[href]")) rewire(link, address);
    const wanted = [...page.querySelectorAll("script[src]")];
    const scripts = wanted.map((script) => script.getAttribute("src").replace(/^(\.\.\/)+/, ""));
    for (const node of wanted) node.remove();
    document.title = page.title;
    page.body.dataset.root = "?";
    document.body.replaceWith(document.adoptNode(page.body));
    for (const script of scripts) document.head.append(element("script", words(await read(script))));
    document.dispatchEvent(new Event("DOMContentLoaded")); // what scripts of a page wait for
    if (location.hash && !location.hash.includes("=")) location.replace(location.hash);
  };

  const lost = (home, address) => {
    const main = element("main", "");
    const link = Object.assign(element("a", "Go to the first page."), { href: `?${home}` });
    main.className = "wrap";
    main.append(
      element("h1", "Not in this file"),
      element("p", `This file was made without ${address}.`),
      link,
    );
    document.body.replaceChildren(main);
    document.body.className = "";
    document.body.dataset.ready = "1";
  };

  const open = async () => {
    const index = JSON.parse(words(await inflate(bytesIn("block-index"))));
    places = index.places;
    document.head.append(element("style", words(await read("assets/atlas.css"))));
    await showIcon("assets/icon.svg");
    const address = decodeURI(location.search.slice(1)) || index.home;
    if (places[address] && address.endsWith(".html")) await show(address);
    else lost(index.home, address);
  };

  open().catch((error) => {
    document.body.prepend(element("p", `This page cannot be shown: ${error.message}`));
    throw error;
  });
})();
