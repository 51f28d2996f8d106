// A classifier of the plane that learns a spiral, as the program of the home page does. Source: index.md.
// Arrays are flat, in the order of their shapes; it imports nothing, so that the zip can carry it.

export const CLASSES = 3;

/** Normally distributed numbers made of uniform ones. */
export const normal = (random) => () =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/** The arms of a spiral, n examples in each: X (3n, 2) and labels y (3n,). */
export function spiral(n, random) {
  const noise = normal(random), X = new Float64Array(2 * CLASSES * n), y = new Uint8Array(CLASSES * n);
  for (let i = 0; i < CLASSES * n; i++) {
    const arm = Math.floor(i / n), r = 0.08 + (0.92 * (i % n)) / (n - 1);
    const angle = 3.6 * r + (2 * Math.PI * arm) / CLASSES + 0.16 * noise();
    X[2 * i] = r * Math.cos(angle);
    X[2 * i + 1] = r * Math.sin(angle);
    y[i] = arm;
  }
  return { X, y };
}

/** Softmax on ReLU units, or on the two inputs where there are no hidden units. */
export class Classifier {
  constructor(hidden, random) {
    const next = normal(random), width = hidden || 2;
    this.hidden = hidden;
    this.W1 = Float64Array.from({ length: 2 * hidden }, next); // (H, 2)
    this.b1 = new Float64Array(hidden);
    this.W2 = Float64Array.from({ length: CLASSES * width }, () => 0.1 * next()); // (3, H)
    this.b2 = new Float64Array(CLASSES);
    this.h = new Float64Array(width); // of the point looked at last
  }

  /** Write the three scores of one point into `scores`, from place `at`. */
  forward(x0, x1, scores, at = 0) {
    const { hidden, W1, b1, W2, b2, h } = this, width = h.length;
    if (hidden) for (let j = 0; j < hidden; j++) h[j] = Math.max(0, W1[2 * j] * x0 + W1[2 * j + 1] * x1 + b1[j]);
    else { h[0] = x0; h[1] = x1; }
    for (let c = 0; c < CLASSES; c++) {
      let score = b2[c];
      for (let j = 0; j < width; j++) score += W2[c * width + j] * h[j];
      scores[at + c] = score;
    }
  }

  /** One step of gradient descent on all examples; returns the loss and the number correct before it. */
  step({ X, y }, rate) {
    const { hidden, W1, b1, W2, b2, h } = this, width = h.length, N = y.length, p = new Float64Array(CLASSES);
    const [dW1, db1, dW2, db2] = [W1, b1, W2, b2].map((w) => new Float64Array(w.length));
    let loss = 0, correct = 0;
    for (let i = 0; i < N; i++) {
      this.forward(X[2 * i], X[2 * i + 1], p);
      if (largest(p) === y[i]) correct += 1;
      softmax(p);
      loss -= Math.log(p[y[i]]) / N;
      p[y[i]] -= 1;
      for (let c = 0; c < CLASSES; c++) {
        db2[c] += p[c] / N;
        for (let j = 0; j < width; j++) dW2[c * width + j] += (p[c] * h[j]) / N;
      }
      for (let j = 0; j < hidden; j++) {
        if (h[j] === 0) continue;
        let dz = 0;
        for (let c = 0; c < CLASSES; c++) dz += (p[c] * W2[c * width + j]) / N;
        dW1[2 * j] += dz * X[2 * i];
        dW1[2 * j + 1] += dz * X[2 * i + 1];
        db1[j] += dz;
      }
    }
    [[W1, dW1], [b1, db1], [W2, dW2], [b2, db2]].forEach(([w, dw]) => w.forEach((_, k) => { w[k] -= rate * dw[k]; }));
    return { loss, correct };
  }
}

/** Turn scores into probabilities, in place. */
export function softmax(scores) {
  const most = Math.max(scores[0], scores[1], scores[2]);
  let sum = 0;
  for (let c = 0; c < CLASSES; c++) sum += scores[c] = Math.exp(scores[c] - most);
  for (let c = 0; c < CLASSES; c++) scores[c] /= sum;
}

/** Where the largest of three scores stands, counted from `at`. */
export function largest(scores, at = 0) {
  const [a, b, c] = [scores[at], scores[at + 1], scores[at + 2]];
  if (a >= b && a >= c) return 0;
  return b >= c ? 1 : 2;
}
