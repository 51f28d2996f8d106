// <nn-perceptron>: the perceptron algorithm on points that can be moved. Source: part1/perceptron.md.
import { Chart, Widget, count, list, range } from "./base.js";

const SPAN = [-3, 3], MOST = 1000; // epochs
const POINTS = [[1.2, 1.8, 1], [2.2, 0.6, 1], [0.4, 2.4, 1], [2.4, 2.2, 1],
  [-1.4, -0.6, 0], [-0.4, -1.8, 0], [-2.2, 1.0, 0], [0.8, -1.0, 0]];

export const fires = ({ w, b }, [x, y]) => (w[0] * x + w[1] * y + b > 0 ? 1 : 0);
export const wrong = (unit, points) => range(points.length).filter((i) => fires(unit, points[i]) !== points[i][2]);

/** Look at the next point and correct the unit if it is wrong; returns what happened. */
export function look(state) {
  const i = state.next, [x, y, label] = state.points[i], error = label - fires(state, state.points[i]);
  state.w = [state.w[0] + error * x, state.w[1] + error * y];
  state.b += error;
  state.updates += Math.abs(error);
  state.next = (i + 1) % state.points.length;
  if (state.next === 0) state.epochs += 1;
  return `Point ${i + 1}: ${error ? `wrong, so ${error > 0 ? "added" : "subtracted"}` : "right"}.`;
}

class Perceptron extends Widget {
  start() { return { points: structuredClone(POINTS), w: [0, 0], b: 0, next: 0, updates: 0, epochs: 0, said: "" }; }

  build() {
    this.plane = new Chart("circles: 0, squares: 1. The arrow is w.", { x: SPAN, y: SPAN, height: 300,
      name: "Eight points of two classes" });
    this.trace = new Chart("length of w after each update", { x: [0, 40], y: [0, 8], height: 300 });
    this.restarted();
    return [this.row(this.button("Look at the next point", () => { this.step(); }),
      this.button("Run until all are right", () => this.run()),
      this.button("Forget w and b", () => this.forget()), this.again()),
    this.figures(this.plane, this.trace)];
  }

  restarted() {
    this.lengths = [0];
    this.plane.handles.replaceChildren();
    this.state.points.forEach((point, i) => this.plane.handle({ at: point.slice(0, 2), k: point[2],
      shape: point[2] ? "square" : "circle", name: `Point ${i + 1}, class ${point[2]},`,
      move: ([x, y]) => { [point[0], point[1]] = [x, y]; this.state.said = ""; this.refresh(); },
      act: () => { point[2] = 1 - point[2]; this.restarted(); this.refresh();
        this.plane.handles.children[i].focus(); } }));
  }

  forget() {
    Object.assign(this.state, { w: [0, 0], b: 0, next: 0, updates: 0, epochs: 0, said: "" });
    this.lengths = [0];
  }

  step() {
    const before = this.state.updates;
    this.state.said = look(this.state);
    if (this.state.updates > before) this.lengths.push(Math.hypot(...this.state.w));
  }

  run() {
    const end = this.state.epochs + MOST;
    while (wrong(this.state, this.state.points).length && this.state.epochs < end) this.step();
    this.state.said = wrong(this.state, this.state.points).length
      ? `Still wrong after ${MOST} epochs: no line separates these points, or hardly one.` : "All are right.";
  }

  draw() {
    const { w, b, points, updates, epochs, said } = this.state;
    this.plane.clear();
    this.plane.boundary(w, b);
    this.plane.arrow(...w);
    for (const i of wrong(this.state, points)) {
      this.plane.line([[-0.2, -0.2], [0.2, 0.2]].map(([x, y]) => [points[i][0] + x, points[i][1] + y]));
      this.plane.line([[-0.2, 0.2], [0.2, -0.2]].map(([x, y]) => [points[i][0] + x, points[i][1] + y]));
    }
    this.trace.clear();
    this.trace.line(this.lengths.slice(-41).map((length, i) => [i, length]));
    return `${said} ${count(updates, "update")} in ${count(epochs, "whole epoch")}: w = (${list(w)}), b = ${b}; `
      + `${wrong(this.state, points).length} of ${points.length} points wrong (crossed).`;
  }
}

customElements.define("nn-perceptron", Perceptron);
