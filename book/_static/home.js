// What this browser remembers of the reader's way, on the home page; the chapters' pages write it.
(() => {
  /** What is kept under a name; null where nothing is, where it is broken, or where the browser keeps nothing. */
  const kept = (name) => {
    try { return JSON.parse(localStorage.getItem(name)); } catch { return null; }
  };

  const read = kept("nn-read");
  if (Array.isArray(read)) {
    for (const part of document.querySelectorAll(".home-part")) {
      const chapters = [...part.querySelectorAll("li")], done = chapters.filter((item) => read.includes(item.dataset.page));
      if (!done.length) continue;
      done.forEach((item) => {
        const said = Object.assign(document.createElement("span"), { className: "visually-hidden", textContent: " (read)" });
        item.classList.add("home-done");
        item.querySelector("a").append(said);
      });
      const bar = Object.assign(document.createElement("progress"), { value: done.length, max: chapters.length });
      bar.setAttribute("aria-hidden", "true"); // the words say the same
      part.querySelector(".home-read").append(bar, `${done.length} of ${chapters.length} read`);
    }
  }

  const last = kept("nn-last"), root = document.documentElement.dataset.content_root ?? "";
  if (typeof last?.title === "string" && /^\w[\w/-]*$/.test(last.page)) {
    const first = document.querySelector(".home-first");
    const anchor = typeof last.anchor === "string" && last.anchor ? `#${encodeURIComponent(last.anchor)}` : "";
    first.href = `${root}${last.page}.html${anchor}`;
    first.textContent = `Continue with ${last.title}`;
  }
})();
