// A formula or drawing wider than the page scrolls in its box. Only a tab stop lets a keyboard scroll it.
const LONG = "div.math > .katex-display > .katex, .nn-body > .nn-long";
const watch = new ResizeObserver((changes) => {
  for (const { target } of changes) {
    const box = target.matches(LONG) ? target.parentElement : target;
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  }
});
document.querySelectorAll(LONG).forEach((content) => {
  watch.observe(content); // when its font arrives
  watch.observe(content.parentElement); // when the window narrows
});
