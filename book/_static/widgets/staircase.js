// <nn-staircase>: a curve approximated by N steps or N straight pieces. Source: part3/universal.md.
import { Chart, Widget, range } from "./base.js";

export const CURVES = {
  wave: (x) => 0.5 + 0.35 * Math.sin(2 * Math.PI * x) + 0.1 * Math.sin(6 * Math.PI * x),
  kink: (x) => Math.abs(x - 0.4) + 0.2,
  "square root": Math.sqrt,
};

/** The network of N units, as in the text: S(x) of logistic steps or R(x) of ReLU pieces. */
export function network(f, N, kind, beta) {
  if (kind === "steps") {
    const c = range(N).map((k) => f((k + 0.5) / N));
    return (x) => range(N - 1).reduce((s, k) => s + (c[k + 1] - c[k]) / (1 + Math.exp(-beta * (x - (k + 1) / N))), c[0]);
  }
  const m = range(N).map((k) => N * (f((k + 1) / N) - f(k / N)));
  return (x) => range(N).reduce((s, k) => s + (m[k] - (k ? m[k - 1] : 0)) * Math.max(0, x - k / N), f(0));
}

class Staircase extends Widget {
  start() { return { curve: "wave", kind: "steps", N: 6, sharp: 3 }; }

  build() {
    this.chart = new Chart("the curve (line) and the network (dashes)", { x: [0, 1], y: [0, 1.1], width: 400, height: 220 });
    this.error = new Chart("largest error for N = 1 to 60 (logarithm to base 10)", { x: [0, 60], y: [-4, 0] });
    return [this.row(this.choice("Curve", "curve", Object.keys(CURVES)),
      this.choice("Made of", "kind", ["steps", "ReLU pieces"]), this.again()), this.figures(this.chart, this.error),
    this.fieldset("Network", this.slider("N", "N", { min: 1, max: 60, step: 1, digits: 0 }),
      this.slider("sharpness of steps (beta = 10 to this)", "sharp", { min: 0.5, max: 4 }))];
  }

  draw() {
    const { curve, kind, N, sharp } = this.state, f = CURVES[curve];
    const off = (n) => {
      const g = network(f, n, kind, 10 ** sharp);
      return Math.max(...range(401).map((i) => Math.abs(g(i / 400) - f(i / 400))));
    };
    const key = `${curve} ${kind} ${sharp}`;
    if (this.drawn !== key) {
      this.errors = range(30).map((i) => [2 * i + 1, Math.log10(Math.max(1e-4, off(2 * i + 1)))]);
      this.drawn = key;
    }
    this.chart.clear();
    this.chart.curve(f);
    this.chart.curve(network(f, N, kind, 10 ** sharp), 1, {}, 800);
    this.error.clear();
    this.error.line(this.errors, 1);
    this.error.dot(N, Math.log10(Math.max(1e-4, off(N))));
    return `${N} ${kind}: off by at most ${off(N).toPrecision(3)}.`;
  }
}

customElements.define("nn-staircase", Staircase);
