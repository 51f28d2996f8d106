// <nn-shallow-network>: one input, three ReLU units, one output, drawn in four stages.
// Ten sliders set the parameters; the pictures follow. Source: book/part3/shallow.md.

const X = [0, 2], Y = [-2, 2], WIDTH = 240, HEIGHT = 150;
const START = { w1: [1.5, -1.2, 1.0], b1: [-0.6, 1.2, -1.5], w2: [1.0, -0.8, -2.2], b2: 0.2 };
const COLOURS = ["var(--nn-1, #1f7fc4)", "var(--nn-2, #d2600a)", "var(--nn-3, #008f68)"];
const DASHES = ["", "7 4", "2 4"];

/** All values of the network at one input. */
export function evaluate({ w1, b1, w2, b2 }, x) {
  const z = w1.map((w, i) => w * x + b1[i]);
  const h = z.map((v) => Math.max(0, v));
  const weighted = h.map((v, i) => v * w2[i]);
  return { z, h, weighted, s: weighted.reduce((a, b) => a + b, b2) };
}

/** Inputs at which a unit switches on or off, in order, inside the drawn range. */
export function joints({ w1, b1 }) {
  return w1.map((w, i) => -b1[i] / w).filter((x) => x > X[0] && x < X[1]).sort((a, b) => a - b);
}

const make = (name, attributes, parent) => {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  parent?.append(element);
  return element;
};
const across = (x) => ((x - X[0]) / (X[1] - X[0])) * WIDTH;
const up = (y) => ((Y[1] - y) / (Y[1] - Y[0])) * HEIGHT;

class ShallowNetwork extends HTMLElement {
  connectedCallback() {
    if (this.panels) return;
    this.network = structuredClone(START);
    this.classList.add("nn-widget");
    const figures = document.createElement("div");
    figures.className = "nn-widget-figures";
    this.panels = ["1. weighted sums z", "2. after ReLU: h", "3. weighted: w2 h", "4. added up: s"]
      .map((title) => this.#panel(title, figures));
    const controls = document.createElement("fieldset");
    const legend = document.createElement("legend");
    legend.textContent = "Parameters";
    controls.append(legend);
    for (let unit = 0; unit < 3; unit++) {
      const group = document.createElement("div");
      group.style.setProperty("--nn-unit", COLOURS[unit]);
      for (const kind of ["w1", "b1", "w2"]) this.#slider(kind, unit, group);
      controls.append(group);
    }
    this.#slider("b2", null, controls);
    const reset = document.createElement("button");
    reset.type = "button";
    reset.textContent = "Start again";
    reset.addEventListener("click", () => {
      this.network = structuredClone(START);
      this.querySelectorAll("input").forEach((input) => input.refresh());
      this.#draw();
    });
    controls.append(reset);
    this.report = document.createElement("p");
    this.report.setAttribute("role", "status");
    this.replaceChildren(figures, this.report, controls);
    this.#draw();
  }

  #panel(title, parent) {
    const figure = document.createElement("figure");
    const caption = document.createElement("figcaption");
    caption.textContent = title;
    const svg = make("svg", { viewBox: `-4 -4 ${WIDTH + 8} ${HEIGHT + 8}`, "aria-hidden": "true" });
    make("line", { x1: 0, x2: WIDTH, y1: up(0), y2: up(0), class: "nn-axis" }, svg);
    const lines = make("g", {}, svg);
    figure.append(caption, svg);
    parent.append(figure);
    return lines;
  }

  #slider(kind, unit, parent) {
    const label = document.createElement("label");
    const name = unit === null ? kind : `${kind} of unit ${unit + 1}`;
    const input = document.createElement("input");
    const shown = document.createElement("span"); // a reader hears the slider's own value
    shown.className = "nn-value";
    shown.ariaHidden = "true";
    Object.assign(input, { type: "range", min: -3, max: 3, step: 0.1 });
    input.refresh = () => {
      const value = unit === null ? this.network[kind] : this.network[kind][unit];
      input.value = value;
      shown.textContent = value.toFixed(1);
    };
    input.addEventListener("input", () => {
      if (unit === null) this.network[kind] = Number(input.value);
      else this.network[kind][unit] = Number(input.value);
      input.refresh();
      this.#draw();
    });
    label.append(name, shown, input);
    parent.append(label);
    input.refresh();
  }

  #draw() {
    const bends = joints(this.network);
    const inputs = [X[0], ...bends, X[1]];
    const values = inputs.map((x) => evaluate(this.network, x));
    const path = (pick) => inputs.map((x, k) => `${across(x)},${up(pick(values[k]))}`).join(" ");
    for (const [stage, key] of ["z", "h", "weighted"].entries()) {
      this.panels[stage].replaceChildren(...COLOURS.map((stroke, i) => make("polyline", {
        points: path((v) => v[key][i]), stroke, "stroke-dasharray": DASHES[i] })));
    }
    this.panels[3].replaceChildren(
      make("polyline", { points: path((v) => v.s), stroke: "currentColor" }),
      ...bends.map((x) => make("circle", {
        cx: across(x), cy: up(evaluate(this.network, x).s), r: 4, class: "nn-joint" })));
    const slopes = inputs.slice(1).map((x, k) => (values[k + 1].s - values[k].s) / (x - inputs[k]));
    const list = (numbers) => numbers.map((v) => v.toFixed(2)).join(", ");
    this.report.textContent = bends.length
      ? `Joints at x = ${list(bends)}. Slopes from left to right: ${list(slopes)}.`
      : `No joint between 0 and 2. Slope: ${list(slopes)}.`;
  }
}

customElements.define("nn-shallow-network", ShallowNetwork);
