// <nn-folding>: each layer folds the line once more. Source: part3/depth.md.
import { Chart, Widget, count } from "./base.js";

/** A tent over [0, 1] with its tip at `tip`: two units of ReLU. */
export const fold = (x, tip) => Math.max(0, x) / tip - Math.max(0, x - tip) * (1 / tip + 1 / (1 - tip));

/** Inputs where the output of that many folds bends, with both ends. */
export function bends(depth, tip) {
  let ends = [0, 1];
  for (let layer = 0; layer < depth; layer++) {
    // the points that this fold sends to the old ends
    ends = [...ends.map((e) => e * tip), ...ends.slice(0, -1).reverse().map((e) => 1 - e * (1 - tip))];
  }
  return ends;
}

class Folding extends Widget {
  start() { return { depth: 3, tip: 0.5, x: 0.3 }; }

  build() {
    this.one = new Chart("one layer: a fold", { x: [0, 1], y: [0, 1] });
    this.all = new Chart("all layers, one after the other", { x: [0, 1], y: [0, 1] });
    return [this.figures(this.one, this.all), this.fieldset("Layers",
      this.slider("depth", "depth", { min: 1, max: 8, step: 1, digits: 0 }),
      this.slider("where it is folded", "tip", { min: 0.1, max: 0.9, step: 0.05, digits: 2 }),
      this.slider("an input x", "x", { min: 0, max: 1, step: 0.01, digits: 2 })), this.row(this.again())];
  }

  draw() {
    const { depth, tip, x } = this.state;
    const route = [x];
    for (let layer = 0; layer < depth; layer++) route.push(fold(route.at(-1), tip));
    const deep = (v) => { for (let layer = 0; layer < depth; layer++) v = fold(v, tip); return v; };
    const at = bends(depth, tip);
    this.one.clear();
    this.all.clear();
    this.one.line([[0, 0], [tip, 1], [1, 0]], 0);
    this.all.line(at.map((v) => [v, deep(v)]), 0);
    route.slice(0, -1).forEach((v, i) => this.one.dot(v, route[i + 1], i === 0 ? null : 1));
    this.all.dot(x, route.at(-1));
    return `${count(depth, "layer")} of 2 units: ${count(at.length - 1, "straight piece")}. One layer of the same ${2 * depth} units has `
      + `at most ${2 * depth + 1}. The input goes ${route.map((v) => v.toFixed(2)).join(" → ")}.`;
  }
}

customElements.define("nn-folding", Folding);
