// What the figures that a reader can change have in common: controls, axes, points to drag.

export const COLOURS = ["#1f7fc4", "#d2600a", "#008f68", "#b5589b"]; // as nncourse.plot.COLOURS
export const DASHES = ["", "7 4", "2 4", "9 3 2 3"];
export const range = (n) => Array.from({ length: n }, (_, i) => i);
export const sum = (values) => values.reduce((a, b) => a + b, 0);
export const list = (values, digits = 2) => values.map((v) => v.toFixed(digits)).join(", ");
/** "1 step", "2 steps". */
export const count = (n, unit) => `${n} ${unit}${n === 1 ? "" : "s"}`;
/** The same text with minus signs where numbers had hyphens. */
export const minus = (text) => String(text).replace(/(^|[^\w])-(?=\d)/g, "$1−");
const clip = (v, [low, high]) => Math.min(high, Math.max(low, v));

export const html = (name, properties = {}, ...children) => {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
};

export const svg = (name, attributes, ...children) => {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
};

/** A rectangle of the plane, from x[0] to x[1] and y[0] to y[1], on `width` by `height`. */
export class Chart {
  constructor(caption, { x, y, width = 300, height = 200, names = null, name = "" }) {
    Object.assign(this, { x, y, width, height });
    // what can be dragged is named by itself; a chart without such points is in the status line
    const role = name ? { role: "group", "aria-label": name } : { "aria-hidden": "true" };
    this.svg = svg("svg", { viewBox: `-32 -8 ${width + 46} ${height + 28}`,
      style: `--nn-units: ${width + 46}`, ...role });
    this.ground = svg("g", {});
    this.lines = svg("g", {});
    this.handles = svg("g", {});
    const frame = svg("g", { class: "nn-axes" });
    const zero = (range) => clip(0, range);
    const axis = (x1, y1, x2, y2) => frame.append(svg("line", { class: "nn-axis",
      x1: this.across(x1), x2: this.across(x2), y1: this.up(y1), y2: this.up(y2) }));
    axis(x[0], zero(y), x[1], zero(y));
    axis(zero(x), y[0], zero(x), y[1]);
    const label = (left, top, dy, text, anchor) =>
      frame.append(svg("text", { x: left, y: top, dy, "text-anchor": anchor }, minus(text)));
    const marks = ([low, high]) => [low, (low + high) / 2, high];
    const below = names ? names.map((text, i) => [i + 0.5, text]) : marks(x).map((v) => [v, v]);
    for (const [v, text] of below) label(this.across(v), height + 4, "1em", text, "middle");
    for (const v of marks(y)) label(-5, this.up(v), "0.35em", +v.toFixed(2), "end");
    const inside = svg("svg", { width, height, x: 0, y: 0, viewBox: `0 0 ${width} ${height}` });
    inside.append(this.ground, this.lines); // an inner svg clips what leaves the axes
    this.svg.append(frame, inside, this.handles);
    this.element = html("figure", {}, html("figcaption", { textContent: caption }), this.svg);
  }

  across(x) { return ((x - this.x[0]) / (this.x[1] - this.x[0])) * this.width; }
  up(y) { return ((this.y[1] - y) / (this.y[1] - this.y[0])) * this.height; }
  place(points) {
    return points.filter((point) => point.every(Number.isFinite))
      .map(([x, y]) => `${this.across(x).toFixed(1)},${this.up(y).toFixed(1)}`).join(" ");
  }
  clear() { this.lines.replaceChildren(); }

  line(points, k = null, more = {}) {
    const looks = k === null ? { stroke: "currentColor" }
      : { stroke: COLOURS[k], "stroke-dasharray": DASHES[k] };
    this.lines.append(svg("polyline", { points: this.place(points), ...looks, ...more }));
  }

  /** The curve of y = f(x). */
  curve(f, k = null, more = {}, steps = 200) {
    const [low, high] = this.x;
    this.line(range(steps + 1).map((i) => low + ((high - low) * i) / steps).map((x) => [x, f(x)]), k, more);
  }

  /** The lines where f(x, y) has these values, a path for each; they stay when the rest is cleared. */
  contours(f, levels) {
    this.ground.replaceChildren(...levels.map((level) => svg("path", { class: "nn-contour",
      d: contour(f, this.x, this.y, level).map((piece) => `M${this.place(piece)}`).join("") })));
  }

  dot(x, y, k = null, r = 4) {
    this.lines.append(svg("circle", { cx: this.across(x), cy: this.up(y), r,
      fill: k === null ? "currentColor" : COLOURS[k] }));
  }

  /** The line w[0] x + w[1] y + b = 0, as far as it can be seen. */
  boundary(w, b, k = null) {
    const size = w[0] ** 2 + w[1] ** 2;
    if (size === 0) return;
    const [x, y] = w.map((v) => (-b * v) / size), far = 100 / Math.sqrt(size);
    this.line([[x - far * w[1], y + far * w[0]], [x + far * w[1], y - far * w[0]]], k);
  }

  /** A bar from zero to y, its left and right edge at x. */
  bar(x, y, k) {
    const at = this.up(clip(y, this.y)), zero = this.up(0);
    this.lines.append(svg("rect", { x: this.across(x[0]), width: this.across(x[1]) - this.across(x[0]),
      y: Math.min(at, zero), height: Math.abs(at - zero), fill: COLOURS[k] }));
  }

  arrow(x, y) {
    if (x === 0 && y === 0) return;
    const [cx, cy] = [this.across(0), this.up(0)], [ex, ey] = [this.across(x), this.up(y)];
    const angle = Math.atan2(ey - cy, ex - cx);
    const wing = (turn) => `${ex - 9 * Math.cos(angle + turn)},${ey - 9 * Math.sin(angle + turn)}`;
    this.lines.append(svg("polyline", { stroke: "currentColor",
      points: `${cx},${cy} ${ex},${ey} ${wing(0.4)} ${ex},${ey} ${wing(-0.4)}` }));
  }

  /** A point that is moved with the pointer or the arrow keys; `act` answers Enter and a double click. */
  handle({ at, shape = "circle", k = 0, name, move, act = null }) {
    const mark = shape === "square"
      ? svg("rect", { x: -6, y: -6, width: 12, height: 12 }) : svg("circle", { r: 6.5 });
    const handle = svg("g", { class: "nn-handle", tabindex: "0", role: "button",
      "aria-roledescription": "point to move", fill: COLOURS[k] }, svg("circle", { r: 13, class: "nn-reach" }), mark);
    const show = ([x, y]) => {
      handle.setAttribute("transform", `translate(${this.across(x)} ${this.up(y)})`);
      handle.setAttribute("aria-label", minus(`${name} at ${list([x, y], 1)}. Arrow keys move it.`));
    };
    const go = (x, y) => { at = [clip(x, this.x), clip(y, this.y)]; show(at); move(at); };
    // `touch-action` is ignored on parts of an SVG: the page would scroll away under the finger
    handle.addEventListener("touchstart", (event) => event.preventDefault(), { passive: false });
    let before = -Infinity; // of the last touch: the second one soon after is a double click
    handle.addEventListener("pointerdown", (event) => {
      handle.setPointerCapture(event.pointerId);
      event.preventDefault();
      handle.focus();
      if (event.pointerType !== "touch") return;
      if (act && event.timeStamp - before < 350) act();
      before = event.timeStamp;
    });
    handle.addEventListener("pointermove", (event) => {
      if (!handle.hasPointerCapture(event.pointerId)) return;
      const seen = new DOMPoint(event.clientX, event.clientY).matrixTransform(this.svg.getScreenCTM().inverse());
      go(this.x[0] + (seen.x / this.width) * (this.x[1] - this.x[0]),
        this.y[1] - (seen.y / this.height) * (this.y[1] - this.y[0]));
    });
    const step = (this.x[1] - this.x[0]) / 40;
    const keys = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, step], ArrowDown: [0, -step] };
    handle.addEventListener("keydown", (event) => {
      if (event.key in keys) go(at[0] + keys[event.key][0], at[1] + keys[event.key][1]);
      else if (act && (event.key === "Enter" || event.key === " ")) act();
      else return;
      event.preventDefault();
    });
    if (act) handle.addEventListener("dblclick", act);
    show(at);
    this.handles.append(handle);
  }
}

/** Lines between neighbouring cells of a grid where f crosses `level` (marching squares). */
function contour(f, [x0, x1], [y0, y1], level, n = 60) {
  const x = range(n + 1).map((i) => x0 + ((x1 - x0) * i) / n), y = range(n + 1).map((i) => y0 + ((y1 - y0) * i) / n);
  const value = y.map((b) => x.map((a) => f(a, b) - level)), pieces = [];
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const corners = [[j, i], [j + 1, i], [j + 1, i + 1], [j, i + 1]], ends = [];
      corners.forEach(([a, b], k) => {
        const [c, d] = corners[(k + 1) % 4], from = value[b][a], to = value[d][c];
        if (from > 0 === to > 0) return;
        const share = from / (from - to);
        ends.push([x[a] + share * (x[c] - x[a]), y[b] + share * (y[d] - y[b])]);
      });
      for (let k = 0; k + 1 < ends.length; k += 2) pieces.push([ends[k], ends[k + 1]]);
    }
  }
  return pieces;
}

/** A canvas of square pixels, grey values from 0 to 1. */
export function picture(values, side, size = null) {
  const canvas = html("canvas", { width: side, height: values.length / side });
  canvas.setAttribute("aria-hidden", "true");
  if (size) canvas.style.width = size;
  const context = canvas.getContext("2d"), image = context.createImageData(side, values.length / side);
  values.forEach((v, i) => image.data.set([255 * v, 255 * v, 255 * v, 255], 4 * i));
  context.putImageData(image, 0, 0);
  return canvas;
}

/**
 * A figure. Classes have `start()`, the state at the beginning; `build()`, which returns the parts
 * of the page; and `draw()`, which shows the state and returns the sentence that says it in words.
 */
export class Widget extends HTMLElement {
  connectedCallback() {
    if (this.state) return;
    this.classList.add("nn-widget");
    this.state = this.start();
    this.controls = [];
    this.status = html("p");
    this.status.setAttribute("role", "status");
    this.replaceChildren(...this.build(), this.status);
    this.refresh();
  }

  refresh() {
    this.controls.forEach((show) => show());
    this.status.textContent = minus(this.draw());
  }

  /** A slider for state[key], or for one entry of it: key "w.0". */
  slider(label, key, { min, max, step = 0.1, digits = 1 }) {
    const path = key.split("."), last = path.pop();
    const holder = () => path.reduce((at, part) => at[part], this.state);
    const shown = html("span", { className: "nn-value", ariaHidden: "true" });
    const input = html("input", { type: "range", min, max, step });
    this.controls.push(() => {
      input.value = holder()[last];
      shown.textContent = minus(Number(holder()[last]).toFixed(digits));
    });
    input.addEventListener("input", () => {
      holder()[last] = Number(input.value);
      this.moved?.(key);
      this.refresh();
    });
    return html("label", {}, label, shown, input);
  }

  choice(label, key, values) {
    const select = html("select", {}, ...values.map((v) => html("option", { textContent: v })));
    this.controls.push(() => { select.value = this.state[key]; });
    select.addEventListener("change", () => {
      this.state[key] = select.value;
      this.moved?.(key);
      this.refresh();
    });
    return html("label", {}, label, select);
  }

  button(text, action) {
    const made = html("button", { type: "button", textContent: text });
    made.addEventListener("click", () => { action(); this.refresh(); });
    return made;
  }

  again() { return this.button("Start again", () => { this.state = this.start(); this.restarted?.(); }); }

  row(...parts) { return html("div", { className: "nn-buttons" }, ...parts); }
  figures(...parts) { return html("div", { className: "nn-widget-figures" }, ...parts.map((p) => p.element ?? p)); }
  fieldset(title, ...parts) { return html("fieldset", {}, html("legend", { textContent: title }), ...parts); }
}
