// A formula or drawing wider than the page scrolls in its box. Only a tab stop lets a keyboard scroll it.
const watch = new ResizeObserver((changes) => {
  for (const { target } of changes) {
    const box = target.parentElement;
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  }
});
document.querySelectorAll("div.math > .katex-display > .katex, .nn-body > .nn-long").forEach((f) => watch.observe(f));
