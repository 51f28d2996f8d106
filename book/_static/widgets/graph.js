// <nn-graph>: values forward and gradients backward through a small program. Source: part3/backpropagation.md.
import { Widget, html, minus, svg } from "./base.js";

const logistic = (z) => 1 / (1 + Math.exp(-z));
const START = { P: 1, W0: 0.8, Q: -0.3, W1: 1.5, W2: -0.5, t: 0.2 };
// name: [column, row, how it is computed, f(values)]
export const NODES = {
  A: [1, 0.5, "W0 P", (v) => v.W0 * v.P],
  B: [2, 1, "tanh(A + Q)", (v) => Math.tanh(v.A + v.Q)],
  C: [3, 0.4, "W1 B", (v) => v.W1 * v.B],
  D: [3, 1.6, "W2 B", (v) => v.W2 * v.B],
  E: [4, 0.4, "ReLU(C)", (v) => Math.max(0, v.C)],
  F: [4, 1.6, "σ(D)", (v) => logistic(v.D)],
  R: [5, 1, "E F", (v) => v.E * v.F],
  L: [6, 1, "(R − t)²", (v) => (v.R - v.t) ** 2],
};
const PLACES = { P: [0, 0], W0: [0, 1], Q: [1, 2], W1: [2, 0], W2: [2, 2], t: [5, 2] };
// each edge: from, to, the derivative on it in words, and its value
const EDGES = [
  ["R", "L", "2 (R − t)", (v) => 2 * (v.R - v.t)], ["t", "L", "−2 (R − t)", (v) => -2 * (v.R - v.t)],
  ["E", "R", "F", (v) => v.F], ["F", "R", "E", (v) => v.E],
  ["C", "E", "[C > 0]", (v) => Number(v.C > 0)], ["D", "F", "F (1 − F)", (v) => v.F * (1 - v.F)],
  ["W1", "C", "B", (v) => v.B], ["B", "C", "W1", (v) => v.W1],
  ["W2", "D", "B", (v) => v.B], ["B", "D", "W2", (v) => v.W2],
  ["A", "B", "1 − B²", (v) => 1 - v.B ** 2], ["Q", "B", "1 − B²", (v) => 1 - v.B ** 2],
  ["W0", "A", "P", (v) => v.P], ["P", "A", "W0", (v) => v.W0],
];
const ORDER = Object.keys(NODES);
const BACK = ["L", "R", "t", "E", "F", "C", "D", "W1", "W2", "B", "A", "Q", "W0", "P"];

/** All values, and the gradient of L for each of them. */
export function run(given) {
  const values = { ...given }, gradients = { L: 1 };
  for (const name of ORDER) values[name] = NODES[name][3](values);
  for (const name of BACK.slice(1)) {
    gradients[name] = EDGES.filter(([from]) => from === name)
      .reduce((total, [, to, , slope]) => total + gradients[to] * slope(values), 0);
  }
  return { values, gradients };
}

const across = ([x]) => 40 + 95 * x, down = ([, y]) => 34 + 90 * y;

class Graph extends Widget {
  start() { return { given: { ...START }, step: 0 }; }

  moved() { this.state.step = 0; }

  build() {
    this.svg = svg("svg", { viewBox: "0 0 650 250", "aria-hidden": "true" });
    const box = html("div", { className: "nn-wide", tabIndex: 0, role: "group", ariaLabel: "The graph" }, this.svg);
    const last = ORDER.length + BACK.length;
    return [box, this.row(
      this.button("Step", () => { this.state.step = Math.min(last, this.state.step + 1); }),
      this.button("Step back", () => { this.state.step = Math.max(0, this.state.step - 1); }),
      this.button("All values", () => { this.state.step = ORDER.length; }),
      this.button("All gradients", () => { this.state.step = last; }), this.again()),
    this.fieldset("Given", ...Object.keys(START).map((name) =>
      this.slider(name, `given.${name}`, { min: -2, max: 2 })))];
  }

  draw() {
    const { given, step } = this.state, { values, gradients } = run(given);
    const known = ORDER.slice(0, step), back = BACK.slice(0, Math.max(0, step - ORDER.length));
    const now = back.at(-1) ?? known.at(-1), places = { ...PLACES, ...NODES };
    const text = (x, y, content, more = {}) => svg("text", { x, y, "text-anchor": "middle", ...more }, minus(content));
    const parts = [];
    for (const [from, to, , slope] of EDGES) {
      const ends = { x1: across(places[from]) + 24, y1: down(places[from]), x2: across(places[to]) - 24, y2: down(places[to]) };
      if (ends.x1 > ends.x2) { ends.x1 -= 24; ends.x2 += 24; ends.y1 += ends.y1 < ends.y2 ? 20 : -20; ends.y2 += ends.y1 < ends.y2 ? -20 : 20; }
      const lit = now === from && back.length > 0;
      parts.push(svg("line", { ...ends, class: lit ? "nn-edge nn-now" : "nn-edge" }));
      if (back.includes(from)) {
        parts.push(text((ends.x1 + ends.x2) / 2, (ends.y1 + ends.y2) / 2 - 4, `×${slope(values).toFixed(2)}`, { class: "nn-slope" }));
      }
    }
    for (const [name, place] of Object.entries(places)) {
      const [x, y] = [across(place), down(place)], seen = name in PLACES || known.includes(name);
      parts.push(svg("rect", { x: x - 24, y: y - 20, width: 48, height: 40, rx: 6,
        class: name === now ? "nn-node nn-now" : "nn-node" }),
      text(x, y - 5, name), text(x, y + 12, seen ? values[name].toFixed(2) : "?", { class: "nn-small" }));
      if (back.includes(name)) parts.push(text(x, y + 33, `d${name} ${gradients[name].toFixed(3)}`, { class: "nn-small nn-gradient" }));
    }
    this.svg.replaceChildren(...parts);
    if (step === 0) return "Step goes forward, one value at a time, and then backward.";
    if (!back.length) return `Forward: ${now} = ${NODES[now][2]} = ${values[now].toFixed(4)}.`;
    if (now === "L") return "Backward begins: dL = 1.";
    const terms = EDGES.filter(([from]) => from === now).map(([, to, words]) => `d${to} · ${words}`);
    return `Backward: d${now} = ${terms.join(" + ")} = ${gradients[now].toFixed(4)}.`;
  }
}

customElements.define("nn-graph", Graph);
