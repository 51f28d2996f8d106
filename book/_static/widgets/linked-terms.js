// <nn-linked-terms>: a gradient, its line of code and its shape light up together.
// Formulas mark them with \term and \shapeof. Source: part3/backpropagation.md.
import { Widget } from "./base.js";

const plain = (name) => name.replace("_", ""); // dW_1 in a formula is dW1 in code

/** For each line of the page's code, a range, and the names that are assigned to in it. */
function lines() {
  return [...document.querySelectorAll(".cell_input pre")].flatMap((pre) => {
    const found = [], walker = document.createTreeWalker(pre, NodeFilter.SHOW_TEXT);
    let range = null, text = "";
    const finish = () => {
      const left = text.match(/^([\w, ]+?)\s*=[^=]/);
      if (left) found.push({ range, text: text.trim(), names: left[1].split(",").map((name) => name.trim()) });
      range = null;
      text = "";
    };
    while (walker.nextNode()) {
      const node = walker.currentNode;
      let start = 0;
      for (const part of node.data.split(/(?<=\n)/)) {
        range ??= new Range();
        if (!text) range.setStart(node, start);
        start += part.length;
        range.setEnd(node, start - (part.endsWith("\n") ? 1 : 0));
        text += part;
        if (part.endsWith("\n")) finish();
      }
    }
    if (text) finish();
    return found;
  });
}

class LinkedTerms extends Widget {
  start() { return { term: null }; }

  build() {
    const all = (kind) => [...document.querySelectorAll(`.katex-html [data-${kind}]`)];
    [this.terms, this.shapes, this.lines] = [all("term"), all("shape"), lines()];
    const names = [...new Set(this.terms.map(({ dataset }) => plain(dataset.term)))];
    const light = (term) => { this.state.term = term; this.refresh(); };
    this.terms.forEach((term) => {
      term.closest(".katex-html").classList.add("nn-linked"); // see book.css
      term.addEventListener("pointerenter", () => light(plain(term.dataset.term)));
      term.addEventListener("pointerleave", () => light(null));
    });
    return [this.row("Follow", ...names.map((name) => {
      const button = this.button(name, () => { this.state.term = name; });
      button.addEventListener("focus", () => light(name));
      button.addEventListener("pointerenter", () => light(name));
      return button;
    }))];
  }

  draw() {
    const { term } = this.state;
    this.terms.forEach((e) => e.classList.toggle("nn-lit", plain(e.dataset.term) === term));
    this.shapes.forEach((e) => e.classList.toggle("nn-lit", plain(e.dataset.shape) === term));
    const found = this.lines.filter(({ names }) => names.includes(term));
    if (window.Highlight) CSS.highlights.set("nn-lit", new Highlight(...found.map(({ range }) => range)));
    if (!term) return "Point at a gradient in the formulas above, or choose one here: its line of code and its shape light up.";
    const shape = this.shapes.find(({ dataset }) => plain(dataset.shape) === term)?.textContent;
    const code = found.length ? `In code: ${found[0].text}.` : "The code needs no line for it.";
    return `${term} has the shape ${shape}. ${code}`;
  }
}

customElements.define("nn-linked-terms", LinkedTerms);
