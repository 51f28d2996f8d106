// <nn-descent>: descent with momentum on a surface, from a start that can be moved. Source: part2/descent.md.
import { Chart, Widget, count, list } from "./base.js";

const SPAN = [-2, 2], MOST = 100; // steps
const LEVELS = [-0.2, -0.1, 0.02, 0.1, 0.3, 0.8, 2, 5, 12, 30];
export const SURFACES = {
  "round bowl": { f: (x, y) => (x * x + y * y) / 2, df: (x, y) => [x, y] },
  "narrow valley": { f: (x, y) => (x * x + 20 * y * y) / 2, df: (x, y) => [x, 20 * y] },
  saddle: { f: (x, y) => (x * x - y * y) / 2 + y ** 4 / 4, df: (x, y) => [x, -y + y ** 3] },
  "bent valley": { f: (x, y) => (1 - x) ** 2 / 4 + (y - x * x + 1) ** 2,
    df: (x, y) => [-(1 - x) / 2 - 4 * x * (y - x * x + 1), 2 * (y - x * x + 1)] },
};

/** Points after 0, 1, 2, ... steps; ends early where the numbers leave all bounds. */
export function descend(df, start, rate, momentum, steps) {
  const path = [start];
  let speed = [0, 0];
  while (path.length <= steps && Math.hypot(...path.at(-1)) < 1e6) {
    const at = path.at(-1), slope = df(...at);
    speed = speed.map((v, i) => momentum * v - rate * slope[i]);
    path.push(at.map((v, i) => v + speed[i]));
  }
  return path;
}

class Descent extends Widget {
  start() { return { surface: "narrow valley", rate: 0.09, momentum: 0, steps: 20, from: [-1.6, 1.2] }; }

  build() {
    this.plane = new Chart("contours, and the path from the start", { x: SPAN, y: SPAN, height: 300, name: "A surface" });
    this.losses = new Chart("height after each step (logarithm to base 10)", { x: [0, MOST], y: [-8, 2], height: 300 });
    this.restarted();
    return [this.row(this.choice("Surface", "surface", Object.keys(SURFACES)),
      this.button("One step more", () => { this.state.steps = Math.min(MOST, this.state.steps + 1); }),
      this.again()), this.figures(this.plane, this.losses), this.fieldset("Descent",
      this.slider("learning rate", "rate", { min: 0.005, max: 0.5, step: 0.005, digits: 3 }),
      this.slider("momentum", "momentum", { min: 0, max: 0.98, step: 0.02, digits: 2 }),
      this.slider("steps", "steps", { min: 0, max: MOST, step: 1, digits: 0 }))];
  }

  restarted() {
    this.plane.handles.replaceChildren();
    this.plane.handle({ at: this.state.from, k: 1, name: "Start", move: (at) => { this.state.from = at; this.refresh(); } });
  }

  draw() {
    const { surface, rate, momentum, steps, from } = this.state, { f, df } = SURFACES[surface];
    if (this.drawn !== surface) {
      this.plane.contours(f, LEVELS);
      this.drawn = surface;
    }
    this.plane.clear();
    const path = descend(df, from, rate, momentum, steps), end = path.at(-1), height = f(...end);
    this.plane.line(path, 0, { "stroke-dasharray": "" });
    path.slice(1).forEach((at) => this.plane.dot(...at, 0, 2.5));
    this.losses.clear();
    const lowest = surface === "saddle" ? -0.25 : 0;
    this.losses.line(path.map((at, i) => [i, Math.log10(Math.max(f(...at) - lowest, 1e-8))]), 0, { "stroke-dasharray": "" });
    return height > f(...from) && Math.hypot(...end) > 4
      ? `It diverges: after ${count(path.length - 1, "step")} the height is ${height.toExponential(1)}. A smaller rate?`
      : `After ${count(steps, "step")} at (${list(end, 3)}), height ${height.toPrecision(3)}; it began at ${f(...from).toPrecision(3)}.`;
  }
}

customElements.define("nn-descent", Descent);
