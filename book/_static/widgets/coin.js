// <nn-coin>: the likelihood of a coin. Source: part1/likelihood.md.
import { Chart, Widget } from "./base.js";

/** Log-likelihood of p after so many heads and tails, in this order of tosses. */
export const logLikelihood = (heads, tails, p) =>
  (heads ? heads * Math.log(p) : 0) + (tails ? tails * Math.log(1 - p) : 0);

class Coin extends Widget {
  start() { return { heads: 7, tails: 3, p: 0.5 }; }

  build() {
    this.likelihood = new Chart("likelihood, as a share of its maximum", { x: [0, 1], y: [0, 1] });
    this.logs = new Chart("log-likelihood", { x: [0, 1], y: [-60, 0] });
    const count = (name) => this.slider(name, name, { min: 0, max: 40, step: 1, digits: 0 });
    const once = (name) => () => { this.state[name] = Math.min(40, this.state[name] + 1); };
    return [this.figures(this.likelihood, this.logs),
      this.fieldset("The tosses, and a guess", count("heads"), count("tails"),
        this.slider("p, the chance of heads", "p", { min: 0.01, max: 0.99, step: 0.01, digits: 2 })),
      this.row(this.button("One more head", once("heads")), this.button("One more tail", once("tails")),
        this.again())];
  }

  draw() {
    const { heads, tails, p } = this.state, best = heads + tails ? heads / (heads + tails) : null;
    const log = (q) => logLikelihood(heads, tails, Math.min(1 - 1e-9, Math.max(1e-9, q)));
    const top = best === null ? 0 : log(best);
    this.likelihood.clear();
    this.logs.clear();
    this.likelihood.curve((q) => Math.exp(log(q) - top), 0);
    this.logs.curve(log, 0);
    this.likelihood.dot(p, Math.exp(log(p) - top));
    this.logs.dot(p, log(p));
    if (best === null) return "No toss yet: every p does equally well.";
    this.likelihood.line([[best, 0], [best, 1]], 1);
    this.logs.line([[best, -60], [best, 0]], 1);
    return `At p = ${p.toFixed(2)} the likelihood is ${Math.exp(log(p)).toExponential(2)}, its logarithm `
      + `${log(p).toFixed(2)}. The maximum is at ${heads} / ${heads + tails} = ${best.toFixed(3)}, where the `
      + `logarithm is ${top.toFixed(2)}.`;
  }
}

customElements.define("nn-coin", Coin);
