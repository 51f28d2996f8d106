// <nn-softmax>: three scores, a temperature, probabilities, loss and gradient. Source: part1/softmax.md.
import { Chart, Widget, list, range, sum } from "./base.js";

const NAMES = ["cat", "car", "bird"];

/** Probabilities of scores divided by the temperature. */
export function softmax(scores, temperature = 1) {
  const most = Math.max(...scores), exps = scores.map((s) => Math.exp((s - most) / temperature));
  return exps.map((e) => e / sum(exps));
}

class Softmax extends Widget {
  start() { return { s: [3.2, 5.1, -1.7], temperature: 1, label: "cat" }; }

  build() {
    this.bars = new Chart("probabilities", { x: [0, 3], y: [0, 1], names: NAMES });
    this.slopes = new Chart("gradient of the loss for each score", { x: [0, 3], y: [-1, 1], names: NAMES });
    return [this.figures(this.bars, this.slopes), this.fieldset("Scores",
      ...NAMES.map((name, i) => this.slider(`score of ${name}`, `s.${i}`, { min: -6, max: 6 })),
      this.slider("temperature", "temperature", { min: 0.1, max: 10 })),
    this.row(this.choice("The picture shows a", "label", NAMES),
      this.button("Add 1 to all scores", () => { this.state.s = this.state.s.map((s) => s + 1); }), this.again())];
  }

  #bars(chart, values) {
    chart.clear();
    values.forEach((v, i) => chart.bar([i + 0.2, i + 0.8], v, i));
  }

  draw() {
    const { s, temperature, label } = this.state, p = softmax(s, temperature), right = NAMES.indexOf(label);
    const slopes = range(3).map((i) => (p[i] - (i === right)) / temperature);
    this.#bars(this.bars, p);
    this.#bars(this.slopes, slopes);
    return `Probabilities ${list(p, 3)} of ${NAMES.join(", ")}. Loss −log p(${label}) = ${(-Math.log(p[right])).toFixed(3)}; `
      + `gradient ${list(slopes, 3)}, sum ${Math.abs(sum(slopes)).toFixed(3)}.`;
  }
}

customElements.define("nn-softmax", Softmax);
