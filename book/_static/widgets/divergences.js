// <nn-divergences>: entropy, cross-entropy and KL of the truth q and the model p. Source: part1/losses.md.
import { Chart, Widget, range, sum } from "./base.js";

const K = 4, NAMES = range(K).map((i) => String(i + 1));
const normal = (weights) => weights.map((w) => w / (sum(weights) || 1));
const term = (q, p) => (q === 0 ? 0 : -q * Math.log2(p));

/** Bits: entropy of q, cross-entropy, both directions of KL, Jensen-Shannon. */
export function divergences(q, p) {
  const cross = (a, b) => sum(a.map((v, i) => term(v, b[i]))), entropy = (a) => cross(a, a);
  const m = q.map((v, i) => (v + p[i]) / 2);
  return { entropy: entropy(q), cross: cross(q, p), kl: cross(q, p) - entropy(q),
    reverse: cross(p, q) - entropy(p), js: entropy(m) - (entropy(q) + entropy(p)) / 2 };
}

class Divergences extends Widget {
  start() { return { q: [6, 2, 1, 1], p: [2, 2, 2, 2] }; }

  build() {
    this.bars = new Chart("q (left bars) and p (right bars) of each outcome", { x: [0, K], y: [0, 1], names: NAMES });
    this.terms = new Chart("each outcome's part of KL(q, p), in bits", { x: [0, K], y: [-1, 2], names: NAMES });
    const weights = (name) => range(K).map((i) =>
      this.slider(`${name}, outcome ${i + 1}`, `${name}.${i}`, { min: 0, max: 8, step: 0.5 }));
    return [this.figures(this.bars, this.terms),
      this.fieldset("Weights (divided by their sum)", ...weights("q"), ...weights("p")),
      this.row(this.button("Exchange p and q", () => { [this.state.q, this.state.p] = [this.state.p, this.state.q]; }),
        this.button("Make p equal to q", () => { this.state.p = [...this.state.q]; }), this.again())];
  }

  draw() {
    if (!sum(this.state.q) || !sum(this.state.p)) return "A distribution needs at least one weight above zero.";
    const q = normal(this.state.q), p = normal(this.state.p), at = divergences(q, p);
    this.bars.clear();
    this.terms.clear();
    range(K).forEach((i) => {
      this.bars.bar([i + 0.15, i + 0.48], q[i], 0);
      this.bars.bar([i + 0.52, i + 0.85], p[i], 1);
      this.terms.bar([i + 0.33, i + 0.66], term(q[i], p[i]) - term(q[i], q[i]), 2);
    });
    const bits = (v) => (Number.isFinite(v) ? v.toFixed(3) : "infinite");
    return `In bits: H(q) = ${bits(at.entropy)}, cross-entropy H(q, p) = ${bits(at.cross)}, KL(q, p) = ${bits(at.kl)}, `
      + `the other direction KL(p, q) = ${bits(at.reverse)}, Jensen-Shannon ${bits(at.js)}.`;
  }
}

customElements.define("nn-divergences", Divergences);
