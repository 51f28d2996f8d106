// <nn-divergences>: entropy, cross-entropy and KL of two distributions. Source: part1/losses.md.
import { Chart, Widget, range, sum } from "./base.js";

const K = 4, NAMES = range(K).map((i) => `outcome ${i + 1}`);
const normal = (weights) => weights.map((w) => w / (sum(weights) || 1));
const term = (p, q) => (p === 0 ? 0 : -p * Math.log2(q));

/** Bits: entropy of p, cross-entropy, both directions of KL, Jensen-Shannon. */
export function divergences(p, q) {
  const cross = (a, b) => sum(a.map((v, i) => term(v, b[i]))), entropy = (a) => cross(a, a);
  const m = p.map((v, i) => (v + q[i]) / 2);
  return { entropy: entropy(p), cross: cross(p, q), kl: cross(p, q) - entropy(p),
    reverse: cross(q, p) - entropy(q), js: entropy(m) - (entropy(p) + entropy(q)) / 2 };
}

class Divergences extends Widget {
  start() { return { p: [6, 2, 1, 1], q: [2, 2, 2, 2] }; }

  build() {
    this.bars = new Chart("p (left bars) and q (right bars)", { x: [0, K], y: [0, 1], names: NAMES });
    this.terms = new Chart("each outcome's part of KL(p, q), in bits", { x: [0, K], y: [-1, 2], names: NAMES });
    const weights = (name) => range(K).map((i) =>
      this.slider(`${name}, outcome ${i + 1}`, `${name}.${i}`, { min: 0, max: 8, step: 0.5 }));
    return [this.figures(this.bars, this.terms),
      this.fieldset("Weights (divided by their sum)", ...weights("p"), ...weights("q")),
      this.row(this.button("Exchange p and q", () => { [this.state.p, this.state.q] = [this.state.q, this.state.p]; }),
        this.button("Make q equal to p", () => { this.state.q = [...this.state.p]; }), this.again())];
  }

  draw() {
    if (!sum(this.state.p) || !sum(this.state.q)) return "A distribution needs at least one weight above zero.";
    const p = normal(this.state.p), q = normal(this.state.q), at = divergences(p, q);
    this.bars.clear();
    this.terms.clear();
    range(K).forEach((i) => {
      this.bars.bar([i + 0.15, i + 0.48], p[i], 0);
      this.bars.bar([i + 0.52, i + 0.85], q[i], 1);
      this.terms.bar([i + 0.33, i + 0.66], term(p[i], q[i]) - term(p[i], p[i]), 2);
    });
    const bits = (v) => (Number.isFinite(v) ? v.toFixed(3) : "infinite");
    return `In bits: H(p) = ${bits(at.entropy)}, cross-entropy H(p, q) = ${bits(at.cross)}, KL(p, q) = ${bits(at.kl)}, `
      + `the other direction KL(q, p) = ${bits(at.reverse)}, Jensen-Shannon ${bits(at.js)}.`;
  }
}

customElements.define("nn-divergences", Divergences);
