// <nn-gradient-checker>: type a formula and its derivative; differences judge. Source: part2/numerical_gradients.md.
import { Widget, html } from "./base.js";
import { uniform } from "./random.js";
import jsep from "../vendor/jsep/jsep.min.js";

const FUNCTIONS = { sin: Math.sin, cos: Math.cos, tan: Math.tan, tanh: Math.tanh, exp: Math.exp, log: Math.log,
  sqrt: Math.sqrt, abs: Math.abs, sigmoid: (z) => 1 / (1 + Math.exp(-z)), relu: (z) => Math.max(0, z) };
const CONSTANTS = { pi: Math.PI, e: Math.E };
const OPERATORS = { "+": (a, b) => a + b, "-": (a, b) => a - b, "*": (a, b) => a * b, "/": (a, b) => a / b,
  "**": (a, b) => a ** b, "^": (a, b) => a ** b, ">": (a, b) => Number(a > b), "<": (a, b) => Number(a < b) };
const POWERS = ["^", "**"]; // "^" is a power here, not JavaScript's exclusive or
POWERS.forEach((operator) => jsep.addBinaryOp(operator, 15, true));
jsep.hooks.add("gobble-token", function (token) { // -x^2 is -(x^2), as in mathematics
  if (this.char !== "-") return;
  const power = () => {
    const left = this.gobbleToken();
    this.gobbleSpaces();
    const operator = POWERS.find((o) => this.expr.startsWith(o, this.index));
    if (!operator) return left;
    this.index += operator.length;
    return { type: "BinaryExpression", operator, left, right: power() };
  };
  this.index += 1;
  token.node = { type: "UnaryExpression", operator: "-", argument: power(), prefix: true };
});

/** A function of {x, y} from text such as "x^2 * sin(y)"; throws an Error that says what is wrong. */
export function formula(text) {
  const compile = (node) => {
    if (node.type === "Literal" && typeof node.value === "number") return () => node.value;
    if (node.type === "Identifier") {
      if (node.name === "x" || node.name === "y") return (at) => at[node.name];
      if (Object.hasOwn(CONSTANTS, node.name)) return () => CONSTANTS[node.name];
      throw new Error(`I know x, y, pi and e, but not ${node.name}`);
    }
    if (node.type === "BinaryExpression" && Object.hasOwn(OPERATORS, node.operator)) {
      const [left, right] = [compile(node.left), compile(node.right)];
      return (at) => OPERATORS[node.operator](left(at), right(at));
    }
    if (node.type === "UnaryExpression" && "+-".includes(node.operator)) {
      const inner = compile(node.argument), sign = node.operator === "-" ? -1 : 1;
      return (at) => sign * inner(at);
    }
    if (node.type === "CallExpression" && Object.hasOwn(FUNCTIONS, node.callee.name ?? "") && node.arguments.length === 1) {
      const inner = compile(node.arguments[0]), f = FUNCTIONS[node.callee.name];
      return (at) => f(inner(at));
    }
    throw new Error("write it with + - * / ^, numbers and " + Object.keys(FUNCTIONS).join(", "));
  };
  if (!text.trim()) throw new Error("a formula is missing");
  return compile(jsep(text));
}

/** Compare df/dx with central differences at 40 points: {largest, verdict}. */
export function judge(f, claimed) {
  const random = uniform(5), h = 1e-5, rows = [];
  while (rows.length < 40) {
    const at = { x: 0.2 + 1.6 * random(), y: 0.2 + 1.6 * random() };
    if (rows.length % 2) at.x = -at.x;
    const numeric = (f({ ...at, x: at.x + h }) - f({ ...at, x: at.x - h })) / (2 * h);
    rows.push({ at, numeric, ours: claimed(at) });
  }
  const defined = rows.filter(({ numeric }) => Number.isFinite(numeric));
  if (!defined.length) return { verdict: "The formula has no value at any of the points tried." };
  if (defined.some(({ ours }) => !Number.isFinite(ours))) return { verdict: "The derivative has no value where the formula has one." };
  const off = defined.map(({ numeric, ours }) => Math.abs(numeric - ours) / Math.max(1e-3, Math.abs(numeric) + Math.abs(ours)));
  const largest = Math.max(...off), worst = defined[off.indexOf(largest)];
  if (largest < 1e-6) return { largest, verdict: "They agree." };
  const ratios = defined.filter(({ numeric }) => Math.abs(numeric) > 1e-3).map(({ numeric, ours }) => ours / numeric);
  const same = ratios.length > 1 && ratios.every((r) => Math.abs(r - ratios[0]) < 1e-4 * Math.abs(ratios[0]));
  const why = !same ? "They differ."
    : Math.abs(ratios[0] + 1) < 1e-4 ? "The sign is wrong." : `Yours is ${ratios[0].toPrecision(3)} times what it should be, everywhere.`;
  return { largest, worst, verdict: why };
}

class GradientChecker extends Widget {
  start() { return { f: "x^2 * sin(y) + sigmoid(x)", df: "2 * x * sin(y) + sigmoid(x)" }; }

  build() {
    const field = (label, key) => {
      const input = html("input", { type: "text", spellcheck: false, autocomplete: "off" });
      this.controls.push(() => { if (input.value !== this.state[key]) input.value = this.state[key]; });
      input.addEventListener("input", () => { this.state[key] = input.value; this.refresh(); });
      return html("label", {}, label, input);
    };
    const example = (text, f, df) => this.button(text, () => { this.state = { f, df }; });
    return [html("div", { className: "nn-fields" }, field("f(x, y) =", "f"), field("your df/dx =", "df")),
      this.row(example("a forgotten factor", "(3 * x + y)^2", "2 * (3 * x + y)"),
        example("a wrong sign", "cos(x * y)", "y * sin(x * y)"),
        example("a right one", "log(1 + exp(x))", "sigmoid(x)"), this.again())];
  }

  draw() {
    try {
      const { verdict, largest, worst } = judge(formula(this.state.f), formula(this.state.df));
      if (largest === undefined) return verdict;
      const where = worst ? ` At x = ${worst.at.x.toFixed(2)}, y = ${worst.at.y.toFixed(2)} the central difference is `
        + `${worst.numeric.toFixed(6)}, yours ${worst.ours.toFixed(6)}.` : "";
      return `${verdict} Largest relative difference at 40 points: ${largest.toExponential(1)}.${where}`;
    } catch (error) {
      return `Not a formula yet: ${error.message}.`;
    }
  }
}

customElements.define("nn-gradient-checker", GradientChecker);
