// <nn-activation>: activation functions and their derivatives. Source: part3/activations.md.
import { Chart, Widget, count } from "./base.js";

const logistic = (z) => 1 / (1 + Math.exp(-z));
// erf to 1.5e-7: Abramowitz and Stegun, formula 7.1.26
const erf = (x) => {
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  return Math.sign(x) * (1 - series * Math.exp(-x * x));
};
const below = (z) => (1 + erf(z / Math.SQRT2)) / 2; // of a normal number
export const FUNCTIONS = {
  step: { f: (z) => (z > 0 ? 1 : 0), df: () => 0 },
  sigmoid: { f: logistic, df: (z) => logistic(z) * (1 - logistic(z)) },
  tanh: { f: Math.tanh, df: (z) => 1 - Math.tanh(z) ** 2 },
  ReLU: { f: (z) => Math.max(0, z), df: (z) => (z > 0 ? 1 : 0) },
  "leaky ReLU": { f: (z) => (z > 0 ? z : 0.01 * z), df: (z) => (z > 0 ? 1 : 0.01) },
  ELU: { f: (z) => (z > 0 ? z : Math.expm1(z)), df: (z) => (z > 0 ? 1 : Math.exp(z)) },
  softplus: { f: (z) => Math.log1p(Math.exp(z)), df: logistic },
  "swish (SiLU)": { f: (z) => z * logistic(z), df: (z) => logistic(z) * (1 + z * (1 - logistic(z))) },
  GELU: { f: (z) => z * below(z), df: (z) => below(z) + (z * Math.exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI) },
};

class Activation extends Widget {
  start() { return { name: "sigmoid", z: 1, layers: 10 }; }

  build() {
    this.values = new Chart("the function, and its tangent", { x: [-5, 5], y: [-2, 3] });
    this.slopes = new Chart("its derivative", { x: [-5, 5], y: [-0.5, 1.5] });
    return [this.row(this.choice("Function", "name", Object.keys(FUNCTIONS)), this.again()),
      this.figures(this.values, this.slopes),
      this.fieldset("Where", this.slider("z", "z", { min: -5, max: 5 }),
        this.slider("layers", "layers", { min: 1, max: 40, step: 1, digits: 0 }))];
  }

  draw() {
    const { name, z, layers } = this.state, { f, df } = FUNCTIONS[name];
    this.values.clear();
    this.slopes.clear();
    this.values.curve(f, 0, {}, 500);
    this.values.curve((x) => f(z) + df(z) * (x - z), 1);
    this.slopes.curve(df, 0, {}, 500);
    this.values.dot(z, f(z));
    this.slopes.dot(z, df(z));
    return `${name}: f(${z.toFixed(1)}) = ${f(z).toFixed(4)}, derivative ${df(z).toFixed(4)}. Through ${count(layers, "such layer")} `
      + `in a row, with weights of 1, a gradient is multiplied by ${(df(z) ** layers).toPrecision(2)}.`;
  }
}

customElements.define("nn-activation", Activation);
