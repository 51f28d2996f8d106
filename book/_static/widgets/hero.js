// <nn-hero>: a small network that learns a spiral while the reader watches. Source: index.md.
import { COLOURS, Widget, count, html, range, svg } from "./base.js";
import { Classifier, CLASSES, largest, softmax, spiral } from "./spiral.js";
import { uniform } from "./random.js";

const SEED = 4, POINTS = 100; // POINTS: of each class
const UNITS = 24, MOST_UNITS = 40;
const RATE = 1, STEPS = 2, RUN = 1500; // STEPS: between two frames; RUN: until it rests
const FRAME = 1000 / 30; // milliseconds
const SPAN = 1.18; // the map shows the plane from -SPAN to SPAN
const CELLS = 80, FINE = 3, SIDE = CELLS * FINE; // scores at CELLS + 1 places a row, pixels between them
const RGB = COLOURS.slice(0, CLASSES).map((colour) => [1, 3, 5].map((i) => parseInt(colour.slice(i, i + 2), 16)));

const ALT = "The plane in the colours of three classes, as the network divides it among the arms of a spiral. "
  + "How many points it gets right is said below.";
const mix = (a, b, share) => a + share * (b - a);

/** The marks of the three classes around (0, 0), as in the figures of the course. */
const MARKS = [() => svg("circle", { r: 5 }), () => svg("rect", { x: -4.6, y: -4.6, width: 9.2, height: 9.2 }),
  () => svg("path", { d: "M0 -6 5.6 4.2H-5.6Z" })];

class Hero extends Widget {
  #data = spiral(POINTS, uniform(SEED));
  #scores = new Float64Array(CLASSES * (CELLS + 1) ** 2);
  #last = -Infinity; // when the last frame was drawn
  #seen = false; // whether the figure is on the screen

  start() { return { hidden: UNITS, running: !matchMedia("(prefers-reduced-motion: reduce)").matches }; }

  connectedCallback() {
    if (this.state) return;
    super.connectedCallback();
    document.addEventListener("visibilitychange", () => this.#go());
    new IntersectionObserver(([entry]) => { this.#seen = entry.isIntersecting; this.#go(); }).observe(this);
  }

  build() {
    this.#begin();
    const still = html("div", { className: "nn-hero-still" }, ...this.childNodes); // for paper
    this.canvas = html("canvas", { width: SIDE, height: SIDE, role: "img", ariaLabel: ALT });
    this.image = this.canvas.getContext("2d").createImageData(SIDE, SIDE);
    [this.share, this.rest] = [html("b"), html("span")];
    this.said = html("p", { className: "nn-hero-said" }, this.share, this.rest);
    this.play = this.button("Pause", () => this.#toggle());
    return [still, html("div", { className: "nn-hero-map" }, this.canvas, this.#marks()),
      this.row(this.slider("Hidden units", "hidden", { min: 0, max: MOST_UNITS, step: 1, digits: 0 }),
        this.play, this.button("Start again", () => this.#again())),
      this.said];
  }

  /** The examples, drawn once over the map of the classes. */
  #marks() {
    const at = (v) => (200 * v) / SPAN, { X, y } = this.#data;
    this.points = range(y.length).map((i) => {
      const mark = MARKS[y[i]]();
      mark.setAttribute("transform", `translate(${at(X[2 * i]).toFixed(1)} ${at(-X[2 * i + 1]).toFixed(1)})`);
      mark.style.setProperty("--nn-class", COLOURS[y[i]]);
      return mark;
    });
    return svg("svg", { viewBox: "-200 -200 400 400", "aria-hidden": "true" }, ...this.points);
  }

  /** A new network, with the same start for the same number of units. */
  #begin() {
    this.network = new Classifier(this.state.hidden, uniform(SEED + 1));
    this.steps = 0;
    this.end = RUN;
  }

  moved() {
    this.#begin();
    this.#go();
  }

  get #training() { return this.state.running && this.steps < this.end; }

  #toggle() {
    this.state.running = !this.#training;
    if (this.steps === this.end) this.end += RUN;
    if (this.state.running) this.#go();
    else this.#announce();
  }

  #again() {
    this.state.running = true;
    this.moved();
  }

  /** Ask for the next frame, if anybody sees it. */
  #go() {
    if (this.waiting || !this.#training || !this.#seen || document.hidden) return;
    this.waiting = requestAnimationFrame((now) => {
      this.waiting = null;
      if (now - this.#last >= FRAME - 2) this.#advance(now); // 2: screens do not keep time to the dot
      this.#go();
    });
  }

  #advance(now) {
    this.#last = now;
    for (let i = 0; i < STEPS; i++) this.network.step(this.#data, RATE);
    this.steps += STEPS;
    this.refresh();
    if (!this.#training) this.#announce();
  }

  /** The status is for screen readers: it speaks when training rests, not at each frame. */
  #announce() { this.status.textContent = this.said.textContent; }

  refresh() {
    this.controls.forEach((show) => show());
    const words = this.draw(), end = words.indexOf("%") + 1;
    this.share.textContent = words.slice(0, end);
    this.rest.textContent = words.slice(end);
    this.play.textContent = this.#training ? "Pause" : "Train";
  }

  draw() {
    this.#paint();
    const { X, y } = this.#data, scores = new Float64Array(CLASSES);
    let loss = 0, correct = 0;
    this.points.forEach((mark, i) => {
      this.network.forward(X[2 * i], X[2 * i + 1], scores);
      const isRight = largest(scores) === y[i];
      softmax(scores);
      loss -= Math.log(scores[y[i]]) / y.length;
      correct += isRight;
      mark.classList.toggle("nn-missed", !isRight);
    });
    const when = this.steps ? `after ${count(this.steps, "step")}` : "before the first step";
    const units = this.state.hidden ? count(this.state.hidden, "hidden unit") : "straight boundaries only";
    return `${Math.floor((100 * correct) / y.length)}% of ${y.length} points correct ${when} with ${units}; loss ${loss.toFixed(2)}.`;
  }

  /** Colour each pixel by its class, the stronger the surer; scores between the cells are interpolated. */
  #paint() {
    const row = CLASSES * (CELLS + 1), scores = this.#scores, { data } = this.image;
    for (let i = 0; i <= CELLS; i++) {
      for (let j = 0; j <= CELLS; j++) {
        this.network.forward(SPAN * ((2 * j) / CELLS - 1), SPAN * (1 - (2 * i) / CELLS), scores, i * row + CLASSES * j);
      }
    }
    const between = new Float64Array(row), p = new Float64Array(CLASSES);
    for (let v = 0; v < SIDE; v++) {
      const above = Math.floor(v / FINE) * row, down = ((v % FINE) + 0.5) / FINE;
      for (let k = 0; k < row; k++) between[k] = mix(scores[above + k], scores[above + row + k], down);
      for (let u = 0; u < SIDE; u++) {
        const left = Math.floor(u / FINE) * CLASSES, right = ((u % FINE) + 0.5) / FINE, at = 4 * (v * SIDE + u);
        for (let c = 0; c < CLASSES; c++) p[c] = mix(between[left + c], between[left + CLASSES + c], right);
        softmax(p);
        data[at + 3] = 255 * (0.06 + 0.26 * Math.max(p[0], p[1], p[2]));
        for (let c = 0; c < CLASSES; c++) p[c] *= p[c] * p[c]; // sharper than the probabilities
        const all = p[0] + p[1] + p[2];
        for (let k = 0; k < 3; k++) data[at + k] = (p[0] * RGB[0][k] + p[1] * RGB[1][k] + p[2] * RGB[2][k]) / all;
      }
    }
    this.canvas.getContext("2d").putImageData(this.image, 0, 0);
  }
}

customElements.define("nn-hero", Hero);
