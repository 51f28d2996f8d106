// <nn-shallow-network>: one input, three ReLU units, one output, in four stages. Source: part3/shallow.md.
import { COLOURS, Chart, Widget, html, list } from "./base.js";

const X = [0, 2], Y = [-2, 2];
const START = { w1: [1.5, -1.2, 1.0], b1: [-0.6, 1.2, -1.5], w2: [1.0, -0.8, -2.2], b2: 0.2 };

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

class ShallowNetwork extends Widget {
  start() { return structuredClone(START); }

  build() {
    this.panels = ["1. weighted sums z", "2. after ReLU: h", "3. weighted: w2 h", "4. added up: s"]
      .map((title) => new Chart(title, { x: X, y: Y, width: 240, height: 150 }));
    const units = COLOURS.slice(0, 3).map((colour, i) => {
      const group = html("div", {}, ...["w1", "b1", "w2"].map((kind) =>
        this.slider(`${kind} of unit ${i + 1}`, `${kind}.${i}`, { min: -3, max: 3 })));
      group.style.setProperty("--nn-unit", colour);
      return group;
    });
    return [this.figures(...this.panels), this.fieldset("Parameters", ...units,
      this.slider("b2", "b2", { min: -3, max: 3 }), this.again())];
  }

  draw() {
    const bends = joints(this.state), inputs = [X[0], ...bends, X[1]];
    const values = inputs.map((x) => evaluate(this.state, x));
    this.panels.forEach((panel) => panel.clear());
    for (const [stage, key] of ["z", "h", "weighted"].entries()) {
      for (let i = 0; i < 3; i++) this.panels[stage].line(inputs.map((x, k) => [x, values[k][key][i]]), i);
    }
    this.panels[3].line(inputs.map((x, k) => [x, values[k].s]));
    bends.forEach((x) => this.panels[3].dot(x, evaluate(this.state, x).s));
    const slopes = inputs.slice(1).map((x, k) => (values[k + 1].s - values[k].s) / (x - inputs[k]));
    return bends.length
      ? `Joints at x = ${list(bends)}. Slopes from left to right: ${list(slopes)}.`
      : `No joint between 0 and 2. Slope: ${list(slopes)}.`;
  }
}

customElements.define("nn-shallow-network", ShallowNetwork);
