// <nn-hidden-space>: XOR as two hidden units see it. Source: part3/nonlinearity.md.
import { Chart, Widget, list } from "./base.js";

const POINTS = [[0, 0, 0], [1, 0, 1], [0, 1, 1], [1, 1, 0]];
const START = { unit: [{ x: 1, y: 0, b: -0.5 }, { x: 0, y: 1, b: -0.5 }], out: { x: 1, y: 1, b: -0.5 } };
const SOLUTION = { unit: [{ x: 1, y: 1, b: 0 }, { x: 1, y: 1, b: -1 }], out: { x: 1, y: -2, b: -0.5 } };

/** Where the hidden layer puts a point, and its score. */
export function hidden({ unit, out }, [x, y]) {
  const h = unit.map((u) => Math.max(0, u.x * x + u.y * y + u.b));
  return { h, score: out.x * h[0] + out.y * h[1] + out.b };
}

class HiddenSpace extends Widget {
  start() { return structuredClone(START); }

  build() {
    this.input = new Chart("input: where each unit switches", { x: [-0.5, 1.5], y: [-0.5, 1.5], height: 300 });
    this.space = new Chart("hidden space: h1 across, h2 up", { x: [-0.5, 2.5], y: [-0.5, 2.5], height: 300 });
    const sliders = (name, key) => [["x", `${key}.x`], ["y", `${key}.y`], ["b", `${key}.b`]]
      .map(([short, path]) => this.slider(`${name}: ${short}`, path, { min: -3, max: 3 }));
    return [this.figures(this.input, this.space), this.fieldset("Weights and biases",
      ...sliders("unit 1", "unit.0"), ...sliders("unit 2", "unit.1"), ...sliders("output", "out")),
    this.row(this.button("A solution", () => { this.state = structuredClone(SOLUTION); }), this.again())];
  }

  draw() {
    const { unit, out } = this.state;
    this.input.clear();
    this.space.clear();
    unit.forEach((u, k) => this.input.boundary([u.x, u.y], u.b, k + 2));
    this.space.boundary([out.x, out.y], out.b);
    const places = POINTS.map((point) => hidden(this.state, point));
    POINTS.forEach(([x, y, label], i) => {
      for (const [chart, at] of [[this.input, [x, y]], [this.space, places[i].h]]) {
        chart.dot(...at, label, 7);
        if (label) chart.dot(...at, null, 3);
      }
    });
    const right = POINTS.filter(([, , label], i) => (places[i].score > 0) === (label === 1)).length;
    return `${right} of 4 right. Hidden: ${POINTS.map(([x, y], i) => `(${x}, ${y}) to (${list(places[i].h, 1)})`).join(", ")}. `
      + "Dots with a centre are class 1.";
  }
}

customElements.define("nn-hidden-space", HiddenSpace);
