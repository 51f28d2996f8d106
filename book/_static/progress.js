// Which pages the reader has read to their end, and where the reader was last. It is kept in this
// browser and nowhere else, and where the browser keeps nothing, the menu just has no ticks.
const READ = "nn-read", LAST = "nn-last"; // the home page reads them, too

function recall(key, otherwise) {
  try {
    return JSON.parse(localStorage.getItem(key)) ?? otherwise;
  } catch {
    return otherwise;
  }
}

function keep(key, value) {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch { /* blocked, or full */ }
}

const page = DOCUMENTATION_OPTIONS.pagename;
const inMenu = document.querySelector(`.bd-links [data-page="${page}"]`);

function pagesRead() {
  const found = recall(READ, []);
  return Array.isArray(found) ? found : [];
}

function showRead() {
  const read = pagesRead();
  document.querySelectorAll(".nn-part-pages").forEach((part) => {
    const entries = [...part.querySelectorAll("[data-page]")];
    const done = entries.filter((entry) => read.includes(entry.dataset.page));
    done.filter((entry) => !entry.querySelector(".nn-tick")).forEach((entry) => {
      entry.insertAdjacentHTML("beforeend", ' <span class="nn-tick"><span>(read)</span></span>');
    });
    const name = part.querySelector(".nn-part-name");
    if (!name || !done.length) return;
    if (!name.querySelector(".nn-done")) name.insertAdjacentHTML("beforeend", '<span class="nn-done"></span>');
    name.querySelector(".nn-done").textContent = `${done.length} of ${entries.length} read`;
    name.style.setProperty("--nn-share", `${100 * done.length / entries.length}%`);
  });
}

function place() {
  const headings = [...document.querySelectorAll("article section > :is(h1, h2, h3)")];
  const heading = headings.findLast((h) => h.getBoundingClientRect().top < innerHeight / 3) ?? headings[0];
  const words = heading.cloneNode(true);
  words.querySelectorAll(".headerlink, .katex-mathml").forEach((part) => part.remove());
  return { anchor: heading.tagName === "H1" ? "" : heading.parentElement.id, title: words.textContent.trim() };
}

showRead();
if (inMenu) {
  new IntersectionObserver(([end]) => {
    const read = pagesRead();
    if (!end.isIntersecting || read.includes(page)) return;
    keep(READ, [...read, page]);
    showRead();
  }).observe(document.querySelector(".prev-next-footer"));
  let waiting;
  const remember = () => keep(LAST, { page, ...place(), time: Date.now() });
  addEventListener("scroll", () => { clearTimeout(waiting); waiting = setTimeout(remember, 400); }, { passive: true });
  remember();
}
