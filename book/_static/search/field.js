// The search field, in the dialog (Ctrl+K) and on the page for searches: results as one types.
// What finds them is loaded when a field is first used, as scripts, so that it works from a disk.
(function () {
  const here = new URL(".", document.currentScript.src);
  const root = document.documentElement.dataset.content_root;
  const SCRIPTS = ["../vendor/minisearch/minisearch.min.js", "places.js", "terms.js", "find.js", "excerpt.js"];
  const PAUSE = 400; // milliseconds before a number of results is announced
  const MOST = 12; // results
  const KINDS = { term: "Glossary", figure: "Figure to try", reference: "Bibliography" };

  let loading;
  const load = () => (loading ??= Promise.all(SCRIPTS.map((name) => new Promise((done, fail) => {
    const script = document.createElement("script");
    Object.assign(script, { src: new URL(name, here).href, async: false, onload: done, onerror: fail });
    document.head.append(script);
  }))).then(() => globalThis.nnSearch.ready));

  function make(tag, attributes, ...inside) {
    const element = document.createElement(tag);
    Object.entries(attributes).forEach(([name, value]) => element.setAttribute(name, value));
    element.append(...inside);
    return element;
  }

  function trail({ kind, title, chapter, above, number }) {
    if (kind === "section" && !above) return number ? "The whole chapter" : "The whole page";
    if (kind === "term" || kind === "reference") return [KINDS[kind], above].filter(Boolean).join(" › ");
    return [KINDS[kind], chapter, above !== title && above].filter(Boolean).join(" › ");
  }

  // A result's heading, where it is, and some of its text.
  function told(place) {
    const text = globalThis.nnExcerpt(place).map(([piece, marked]) => (marked ? make("mark", {}, piece) : piece));
    const number = place.kind === "exercise" ? `Exercise ${place.number}:` : place.number;
    return [make("span", { class: "nn-found-heading" }, `${number} ${place.heading}`.trim()),
      make("span", { class: "nn-found-trail" }, trail(place)), make("span", { class: "nn-found-text" }, ...text)];
  }

  function counted(found, query) {
    if (!query) return "";
    if (!found.length) return `Nothing found for “${query}”`;
    return found.length < MOST ? `${found.length} ${found.length === 1 ? "result" : "results"}` : `The ${MOST} best results`;
  }

  // Calls show(found, query) for each query typed, and says how many there are.
  function listen(input, status, show) {
    let pause;
    async function update() {
      const query = input.value.trim();
      try {
        await load();
      } catch {
        status.textContent = "The search could not be loaded. Reload the page to try again.";
        return;
      }
      if (query !== input.value.trim()) return; // typed on in the meantime
      const found = query ? globalThis.nnSearch.find(query, MOST) : [];
      show(found, query);
      clearTimeout(pause);
      pause = setTimeout(() => { status.textContent = counted(found, query); }, PAUSE);
    }
    input.addEventListener("focus", load, { once: true });
    input.addEventListener("input", update);
    return update;
  }

  // The dialog: a combobox with a list of links, see www.w3.org/WAI/ARIA/apg/patterns/combobox.
  function prepareDialog(dialog) {
    const input = dialog.querySelector("input"), status = make("p", { role: "status", class: "nn-found-count" });
    const list = make("div", { role: "listbox", id: "nn-found", "aria-label": "Places in this book" });
    let chosen = -1;
    const close = make("button", { type: "button", class: "btn nn-close" }, "Close"); // where no key does
    close.addEventListener("click", () => dialog.close());
    dialog.querySelector("form").append(close);
    dialog.append(status, list);
    const state = { role: "combobox", "aria-autocomplete": "list", "aria-controls": list.id, "aria-expanded": "false" };
    Object.entries(state).forEach(([name, value]) => input.setAttribute(name, value));

    function choose(place) {
      list.children[chosen]?.setAttribute("aria-selected", "false");
      chosen = place;
      const option = list.children[chosen];
      option?.setAttribute("aria-selected", "true");
      option?.scrollIntoView({ block: "nearest" });
      if (option) input.setAttribute("aria-activedescendant", option.id);
      else input.removeAttribute("aria-activedescendant");
    }

    listen(input, status, (found) => {
      list.replaceChildren(...found.map((place, i) => make("a", { role: "option", id: `nn-found-${i}`, tabindex: "-1",
        "aria-selected": "false", href: root + place.address }, ...told(place))));
      list.scrollTop = 0;
      input.setAttribute("aria-expanded", String(found.length > 0));
      choose(-1);
    });

    input.addEventListener("keydown", (event) => {
      const options = list.children, step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (!options.length || event.isComposing) return;
      if (step) choose(chosen + step < -1 ? options.length - 1 : chosen + step === options.length ? -1 : chosen + step);
      else if (event.key === "Enter") options[Math.max(chosen, 0)].click();
      else return;
      event.preventDefault();
    });
    list.addEventListener("click", (event) => { // also where the link leads to this very page
      if (!event.ctrlKey && !event.metaKey && !event.shiftKey) dialog.close();
    });
    input.addEventListener("keydown", (event) => { // a search field would first be emptied
      if (event.key === "Escape") {
        event.preventDefault();
        dialog.close();
      }
    });
  }

  function preparePage(page) {
    const input = page.querySelector("input"), status = make("p", { role: "status", class: "nn-found-count" });
    const list = make("ol", { class: "nn-found-list" });
    page.append(status, list);
    const update = listen(input, status, (found, query) => {
      list.replaceChildren(...found.map((place) => {
        const [heading, ...rest] = told(place);
        return make("li", {}, make("a", { href: root + place.address }, heading), ...rest);
      }));
      history.replaceState(null, "", query ? `?q=${encodeURIComponent(query)}` : location.pathname);
    });
    page.querySelector("form").addEventListener("submit", (event) => event.preventDefault());
    input.value = new URLSearchParams(location.search).get("q") ?? "";
    if (input.value) update();
  }

  const dialog = document.getElementById("pst-search-dialog"), page = document.querySelector(".nn-search-page");
  if (dialog) prepareDialog(dialog);
  if (page) preparePage(page);
})();
