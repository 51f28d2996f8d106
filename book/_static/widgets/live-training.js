// <nn-live-training>: a small network that learns digits in the reader's own browser.
// The digits are in a script element of the page, class "nn-digits". Source: book/part4/browser.md.

const WIDTH = 300, HEIGHT = 120, SHOWN = 20;
const SEED = 1, RATES = [0.01, 0.03, 0.1, 0.3], RATE = 0.03;

/** Two pixels of 4 bits in each byte of base64, and a digit for each picture. */
export function unpack({ pixels, labels, train }) {
  const bytes = Uint8Array.from(atob(pixels), (c) => c.charCodeAt(0));
  const unpacked = new Uint8Array(2 * bytes.length);
  bytes.forEach((byte, i) => { unpacked[2 * i] = byte >> 4; unpacked[2 * i + 1] = byte & 15; });
  return { pixels: unpacked, labels: Uint8Array.from(labels, Number), train };
}

const element = (name, properties = {}, ...children) => {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
};

/** A canvas of side by side pixels, grey values from 0 to 1. */
function picture(values, side) {
  const canvas = element("canvas", { width: side, height: side });
  canvas.setAttribute("aria-hidden", "true");
  const context = canvas.getContext("2d"), image = context.createImageData(side, side);
  values.forEach((v, i) => image.data.set([255 * v, 255 * v, 255 * v, 255], 4 * i));
  context.putImageData(image, 0, 0);
  return canvas;
}

class LiveTraining extends HTMLElement {
  connectedCallback() {
    if (this.worker) return;
    const source = document.querySelector("script.nn-digits");
    try {
      this.worker = new Worker(new URL("training-worker.js", import.meta.url), { type: "module" });
    } catch {
      return; // the sentence in the page stays
    }
    this.digits = unpack(JSON.parse(source.textContent));
    this.classList.add("nn-widget");
    this.#build();
    this.worker.onmessage = ({ data }) => this.#show(data);
    this.#send("load", this.digits);
    this.#reset();
  }

  #send(name, content) { this.worker.postMessage([name, content]); }

  #build() {
    const choice = (label, values, start) => {
      const select = element("select");
      values.forEach((v) => select.append(element("option", { textContent: v, selected: v === start })));
      select.addEventListener("change", () => this.#reset());
      return [select, element("label", {}, label, select)];
    };
    const button = (text, action) => {
      const made = element("button", { type: "button", textContent: text });
      made.addEventListener("click", action);
      return made;
    };
    const [kind, kinds] = choice("Network", ["convolutional", "two-layer"], "convolutional");
    const [rate, rates] = choice("Learning rate", RATES, RATE);
    Object.assign(this, { kind, rate });
    this.start = button("Train", () => this.#send(this.running ? "pause" : "run"));
    this.status = element("p");
    this.status.setAttribute("role", "status");
    this.line = document.createElementNS("http://www.w3.org/2000/svg", "polyline");
    this.line.setAttribute("stroke", "currentColor");
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("viewBox", `-4 -4 ${WIDTH + 8} ${HEIGHT + 8}`);
    svg.setAttribute("aria-hidden", "true");
    svg.append(this.line);
    this.filters = element("div", { className: "nn-pictures" });
    this.guesses = element("div", { className: "nn-pictures" });
    const figure = (caption, content) =>
      element("figure", {}, element("figcaption", { textContent: caption }), content);
    this.replaceChildren(
      element("div", { className: "nn-buttons" }, kinds, rates, this.start,
        button("One step", () => this.#send("step")), button("Start again", () => this.#reset())),
      this.status,
      element("div", { className: "nn-widget-figures" },
        figure("Mean loss of each epoch, from 0 to 2.5", svg),
        figure("First layer", this.filters),
        figure("New pictures, and what the network says", this.guesses)));
  }

  #reset() {
    this.curve = [];
    this.#send("reset", { kind: this.kind.value, rate: Number(this.rate.value), seed: SEED });
  }

  #show({ step, epoch, loss, accuracy, speed, guesses, first, running }) {
    this.running = running;
    this.start.textContent = running ? "Pause" : "Train";
    if (epoch > this.curve.length) this.curve.push(loss);
    const right = `${(100 * accuracy).toFixed(1)}% of ${this.digits.labels.length - this.digits.train}`
      + " new pictures right";
    this.status.textContent = step === 0 ? `Untrained: ${right}.`
      : `Epoch ${epoch}, step ${step}: ${right}, loss ${loss.toFixed(3)}, `
        + `${Math.round(speed).toLocaleString("en")} pictures a second.`;
    const last = Math.max(20, epoch);
    this.line.setAttribute("points", this.curve.map((l, k) =>
      `${(WIDTH * (k + 1)) / last},${HEIGHT * (1 - Math.min(l, 2.5) / 2.5)}`).join(" "));
    const side = this.kind.value === "convolutional" ? 3 : 8, size = side * side;
    const count = Math.min(8, first.length / size);
    this.filters.replaceChildren(...Array.from({ length: count }, (_, f) => {
      const weights = first.slice(f * size, (f + 1) * size);
      const most = Math.max(...weights.map(Math.abs)) || 1;
      return picture(Array.from(weights, (w) => 0.5 + w / (2 * most)), side);
    }));
    this.guesses.replaceChildren(...guesses.slice(0, SHOWN).map((guess, n) => {
      const row = this.digits.train + n, isRight = guess === this.digits.labels[row];
      const pixels = Array.from(this.digits.pixels.slice(64 * row, 64 * row + 64), (v) => v / 15);
      const said = element("span", { textContent: isRight ? guess : `not ${guess}` });
      return element("span", { className: isRight ? "" : "nn-wrong" }, picture(pixels, 8), said);
    }));
  }
}

customElements.define("nn-live-training", LiveTraining);
