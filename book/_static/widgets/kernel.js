// <nn-kernel>: a picture and a 3 by 3 kernel, place by place. Source: part4/convolution.md.
import { Widget, html, list, picture, range, sum } from "./base.js";

const SIDE = 24, OUT = SIDE - 2;
export const KERNELS = {
  "vertical edges": [1, 0, -1, 1, 0, -1, 1, 0, -1],
  "horizontal edges": [1, 1, 1, 0, 0, 0, -1, -1, -1],
  blur: Array(9).fill(1 / 9),
  sharpen: [0, -1, 0, -1, 5, -1, 0, -1, 0],
  "copy": [0, 0, 0, 0, 1, 0, 0, 0, 0],
  "Laplace": [0, 1, 0, 1, -4, 1, 0, 1, 0],
};
const inside = (x, y) => {
  const ring = Math.hypot(x - 8, y - 9), box = x > 13 && x < 21 && y > 4 && y < 12;
  if (ring > 3.5 && ring < 6) return 1;
  if (box) return 0.7;
  return y > 17 && y < 20 ? (x - 1) / SIDE : Math.abs(x - y) < 1 && x > 15 ? 0.9 : 0.05;
};
export const PICTURE = range(SIDE * SIDE).map((i) => inside(i % SIDE, Math.floor(i / SIDE)));

/** Cross-correlation without padding: (side, side) and 9 weights to (side - 2, side - 2). */
export const convolve = (pixels, w, side) => range((side - 2) ** 2).map((i) => {
  const corner = Math.floor(i / (side - 2)) * side + (i % (side - 2));
  return sum(w.map((v, k) => v * pixels[corner + Math.floor(k / 3) * side + (k % 3)]));
});

class Kernel extends Widget {
  start() { return { name: "vertical edges", w: [...KERNELS["vertical edges"]], x: 10, y: 8 }; }

  moved(key) { if (key === "name") this.state.w = [...KERNELS[this.state.name]]; }

  build() {
    this.places = ["the picture", "what comes out (grey is zero)"].map((caption, k) => {
      const holder = html("div", { className: "nn-picture" });
      const point = ({ clientX, clientY, buttons, type }) => {
        if (type === "pointermove" && !buttons) return;
        const box = holder.getBoundingClientRect(), side = k ? OUT : SIDE;
        const at = (share) => Math.max(0, Math.min(OUT - 1, Math.floor(share * side) - (k ? 0 : 1)));
        this.state.x = at((clientX - box.left) / box.width);
        this.state.y = at((clientY - box.top) / box.height);
        this.refresh();
      };
      holder.addEventListener("pointerdown", point);
      holder.addEventListener("pointermove", point);
      return { holder, figure: html("figure", {}, html("figcaption", { textContent: caption }), holder) };
    });
    const cells = range(9).map((k) => {
      const input = html("input", { type: "number", step: 0.1, ariaLabel: `weight in row ${Math.floor(k / 3) + 1}, column ${(k % 3) + 1}` });
      this.controls.push(() => { if (document.activeElement !== input) input.value = +this.state.w[k].toFixed(3); });
      input.addEventListener("input", () => { this.state.w[k] = Number(input.value); this.refresh(); });
      return input;
    });
    return [this.row(this.choice("Kernel", "name", Object.keys(KERNELS)), this.again()),
      this.figures(this.places[0].figure, html("figure", {}, html("figcaption", { textContent: "the kernel: change it" }),
        html("div", { className: "nn-grid" }, ...cells)), this.places[1].figure),
      this.fieldset("Place", this.slider("column", "x", { min: 0, max: OUT - 1, step: 1, digits: 0 }),
        this.slider("row", "y", { min: 0, max: OUT - 1, step: 1, digits: 0 }))];
  }

  draw() {
    const { w, x, y } = this.state, out = convolve(PICTURE, w, SIDE);
    const most = Math.max(1e-9, ...out.map(Math.abs));
    [[PICTURE, SIDE, 3], [out.map((v) => 0.5 + v / (2 * most)), OUT, 1]].forEach(([values, side, size], k) => {
      const frame = html("div", { className: "nn-window" }), percent = (v) => `${(100 * v) / side}%`;
      Object.assign(frame.style, { left: percent(x), top: percent(y), width: percent(size), height: percent(size) });
      this.places[k].holder.replaceChildren(picture(values, side, "100%"), frame);
    });
    const seen = range(9).map((k) => PICTURE[(y + Math.floor(k / 3)) * SIDE + x + (k % 3)]);
    return `Row ${y}, column ${x}: the nine pixels ${list(seen, 2)} times the weights add up to ${out[y * OUT + x].toFixed(3)}. `
      + `${SIDE} by ${SIDE} pixels in, ${OUT} by ${OUT} out.`;
  }
}

customElements.define("nn-kernel", Kernel);
