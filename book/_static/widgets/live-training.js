// <nn-live-training>: a small network that learns digits in the reader's own browser.
// The digits are in a script element of the chapter, class "nn-digits". Source: part4/browser.md.
import { Chart, Widget, html, picture, range } from "./base.js";

const SHOWN = 20, EPOCHS = 20, SEED = 1; // EPOCHS: of one run
const TRAIN = `Train ${EPOCHS} epochs`;

/** Two pixels of 4 bits in each byte of base64, and a digit for each picture. */
export function unpack({ pixels, labels, train }) {
  const bytes = Uint8Array.from(atob(pixels), (c) => c.charCodeAt(0));
  const unpacked = new Uint8Array(2 * bytes.length);
  bytes.forEach((byte, i) => { unpacked[2 * i] = byte >> 4; unpacked[2 * i + 1] = byte & 15; });
  return { pixels: unpacked, labels: Uint8Array.from(labels, Number), train };
}

/** The chapter's digits; the figure's own page asks the chapter for them. */
async function digits() {
  const find = (page) => page.querySelector("script.nn-digits");
  if (find(document)) return unpack(JSON.parse(find(document).textContent));
  const chapter = await (await fetch(document.querySelector("a.nn-chapter").href)).text();
  return unpack(JSON.parse(find(new DOMParser().parseFromString(chapter, "text/html")).textContent));
}

class LiveTraining extends Widget {
  async connectedCallback() {
    if (this.worker) return;
    try {
      this.worker = new Worker(new URL("training-worker.js", import.meta.url), { type: "module" });
    } catch {
      return; // opened from a disk: the sentence in the page stays
    }
    this.digits = await digits();
    super.connectedCallback();
    this.worker.onmessage = ({ data }) => { this.seen = data; this.refresh(); };
    this.#send("load", this.digits);
    this.#reset();
  }

  #send(name, content) { this.worker.postMessage([name, content]); }

  start() { return { kind: "convolutional", rate: "0.03", program: "WebAssembly" }; }

  moved() { this.#reset(); }

  #reset() {
    this.curve = [];
    this.#scale(EPOCHS);
    this.seen = null;
    this.#send("reset", { ...this.state, rate: Number(this.state.rate), seed: SEED });
  }

  /** Make the axis of epochs so long. */
  #scale(epochs) {
    const old = this.loss;
    this.loss = new Chart("mean loss of each epoch", { x: [0, epochs], y: [0, 2.5] });
    old?.element.replaceWith(this.loss.element);
  }

  build() {
    this.#scale(EPOCHS);
    [this.filters, this.guesses] = range(2).map(() => html("div", { className: "nn-pictures" }));
    this.train = this.button(TRAIN, () => (this.seen?.running ? this.#send("pause") : this.#send("run", EPOCHS)));
    const figure = (caption, content) => html("figure", {}, html("figcaption", { textContent: caption }), content);
    return [this.row(this.choice("Network", "kind", ["convolutional", "two-layer"]),
      this.choice("Learning rate", "rate", ["0.01", "0.03", "0.1", "0.3"]),
      this.choice("Computed by", "program", ["WebAssembly", "JavaScript"]), this.train,
      this.button("One step", () => this.#send("step")), this.button("Start again", () => this.#reset())),
    this.figures(this.loss, figure("first layer", this.filters),
      figure("new pictures, and what the network says", this.guesses))];
  }

  draw() {
    if (!this.seen) return "Loading.";
    const { step, epoch, loss, accuracy, speed, guesses, first, running, fast } = this.seen;
    this.train.textContent = running ? "Pause" : TRAIN;
    if (epoch > this.curve.length) this.curve.push(loss);
    if (epoch > this.loss.x[1]) this.#scale(this.loss.x[1] + EPOCHS);
    this.loss.clear();
    this.loss.line(this.curve.map((value, k) => [k + 1, value]), 0);
    const side = this.state.kind === "convolutional" ? 3 : 8, size = side * side;
    this.filters.replaceChildren(...range(8).map((f) => {
      const weights = Array.from(first.slice(f * size, (f + 1) * size));
      const most = Math.max(...weights.map(Math.abs)) || 1;
      return picture(weights.map((w) => 0.5 + w / (2 * most)), side);
    }));
    this.guesses.replaceChildren(...guesses.slice(0, SHOWN).map((guess, n) => {
      const row = this.digits.train + n, isRight = guess === this.digits.labels[row];
      const pixels = Array.from(this.digits.pixels.slice(64 * row, 64 * row + 64), (v) => v / 15);
      const said = html("span", { textContent: isRight ? guess : `not ${guess}` });
      return html("span", { className: isRight ? "" : "nn-wrong" }, picture(pixels, 8), said);
    }));
    const right = `${(100 * accuracy).toFixed(1)}% of ${this.digits.labels.length - this.digits.train} new pictures right`;
    const missing = fast ? "" : " This browser has no WebAssembly with SIMD; JavaScript computes.";
    if (step === 0) return `Untrained: ${right}.${missing}`;
    return `Epoch ${epoch}, step ${step}: ${right}, loss ${loss.toFixed(3)}, `
      + `${Math.round(speed).toLocaleString("en")} pictures a second.${missing}`;
  }
}

customElements.define("nn-live-training", LiveTraining);
