// <nn-receptive-field>: which pixels one unit sees, layer by layer. Source: part4/pooling.md.
import { Widget, html, range, svg } from "./base.js";

export const LAYERS = { "3 wide": [3, 1], "5 wide": [5, 1], "3 wide, stride 2": [3, 2], "pool 2": [2, 2] };
const MOST = 5, WIDTH = 600, TOP = 24; // room for the first row's text, which is larger on a phone

/** Size and jump of the field after layers (window, stride). */
export const field = (layers) => layers.reduce(([r, jump], [K, s]) => [r + (K - 1) * jump, s * jump], [1, 1]);

/** First and last unit that one unit sees in each layer below, from its own layer down to the input. */
export function seen(layers, unit) {
  const spans = [[unit, unit]];
  for (const [K, s] of [...layers].reverse()) {
    const [first, last] = spans.at(-1);
    spans.push([first * s, last * s + K - 1]);
  }
  return spans;
}

class ReceptiveField extends Widget {
  start() { return { layers: ["3 wide", "pool 2", "3 wide"], unit: 2 }; }

  build() {
    this.svg = svg("svg", { viewBox: `0 0 ${WIDTH} 10`, "aria-hidden": "true" });
    this.stack = html("div", { className: "nn-buttons" });
    const add = Object.keys(LAYERS).map((name) => this.button(`Add ${name}`, () => {
      if (this.state.layers.length < MOST) this.state.layers.push(name);
    }));
    return [this.row(...add, this.button("Remove the last", () => { if (this.state.layers.length > 1) this.state.layers.pop(); }),
      this.again()), this.svg,
    this.fieldset("Unit", this.slider("which unit of the last layer", "unit", { min: 0, max: 5, step: 1, digits: 0 }))];
  }

  draw() {
    const { layers, unit } = this.state, shapes = layers.map((name) => LAYERS[name]);
    const spans = seen(shapes, unit), [r, jump] = field(shapes);
    const counts = [seen(shapes, 5)[shapes.length][1] + 1]; // the input of the sixth unit's field
    for (const [K, s] of shapes) counts.push(Math.floor((counts.at(-1) - K) / s) + 1);
    const step = WIDTH / counts[0], height = 46, parts = [];
    let jumps = 1, middle = 0.5;
    const rows = [{ count: counts[0], jump: 1, middle }];
    shapes.forEach(([K, s], i) => {
      middle += ((K - 1) / 2) * jumps;
      jumps *= s;
      rows.push({ count: counts[i + 1], jump: jumps, middle });
    });
    rows.reverse().forEach((row, depth) => {
      const y = TOP + depth * height, [first, last] = spans[depth];
      const size = Math.min(16, step * row.jump * 0.8);
      range(row.count).forEach((i) => parts.push(svg("rect", { x: step * (row.middle + i * row.jump) - size / 2, y,
        width: size, height: 16, class: i >= first && i <= last ? "nn-seen" : "nn-unseen" })));
      const name = depth === layers.length ? "input" : layers[layers.length - 1 - depth];
      parts.push(svg("text", { x: 2, y: y - 5, class: "nn-small" }, `${name}: sees ${last - first + 1} here`));
    });
    this.svg.setAttribute("viewBox", `0 0 ${WIDTH} ${TOP + height * rows.length}`);
    this.svg.replaceChildren(...parts);
    const [first, last] = spans.at(-1);
    return `Layers: ${layers.join(", ")}. The field is ${r} wide, neighbours are ${jump} apart; unit ${unit} sees `
      + `inputs ${first} to ${last}.`;
  }
}

customElements.define("nn-receptive-field", ReceptiveField);
