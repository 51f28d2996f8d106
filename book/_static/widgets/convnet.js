// Small networks in plain JavaScript: forward, backward, descent. Source: book/part4/browser.md.
// Arrays are flat, in the order of their shapes; N is the number of pictures in a batch.

import { uniform } from "./random.js";

const normal = (random, deviation) =>
  deviation * Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

class Weighted {
  constructor(weights, biases, inputs, random) {
    this.parameters = [new Float64Array(weights), new Float64Array(biases)];
    this.gradients = [new Float64Array(weights), new Float64Array(biases)];
    this.speeds = [new Float64Array(weights), new Float64Array(biases)];
    const deviation = Math.sqrt(2 / inputs); // He's start
    this.parameters[0].forEach((_, i, w) => { w[i] = normal(random, deviation); });
  }
}

/** 3 by 3 convolution with padding 1: (N, C, S, S) to (N, F, S, S), weights (F, C, 3, 3). */
export class Conv extends Weighted {
  constructor(C, F, S, random) {
    super(F * C * 9, F, C * 9, random);
    Object.assign(this, { C, F, S });
  }

  /** Call visit(weight's index, row of x, row of out, length) for all rows that meet. */
  #rows(n, visit) {
    const { C, F, S } = this;
    for (let f = 0; f < F; f++) {
      for (let c = 0; c < C; c++) {
        for (let k = 0; k < 9; k++) {
          const down = Math.floor(k / 3) - 1, right = (k % 3) - 1;
          const left = Math.max(0, -right), length = S - Math.abs(right);
          for (let y = Math.max(0, -down); y < S - Math.max(0, down); y++) {
            visit((f * C + c) * 9 + k, ((n * C + c) * S + y + down) * S + left + right,
              ((n * F + f) * S + y) * S + left, length);
          }
        }
      }
    }
  }

  forward(x, N) {
    const { F, S } = this, [w, b] = this.parameters, out = new Float64Array(N * F * S * S);
    for (let i = 0; i < N * F; i++) out.fill(b[i % F], i * S * S, (i + 1) * S * S);
    for (let n = 0; n < N; n++) {
      this.#rows(n, (k, from, to, length) => {
        const weight = w[k];
        for (let i = 0; i < length; i++) out[to + i] += weight * x[from + i];
      });
    }
    this.x = x;
    return out;
  }

  backward(dout, N) {
    const { F, S, x } = this, [w] = this.parameters, [dw, db] = this.gradients;
    const dx = new Float64Array(x.length);
    dw.fill(0);
    db.fill(0);
    for (let i = 0; i < dout.length; i++) db[Math.floor(i / (S * S)) % F] += dout[i];
    for (let n = 0; n < N; n++) {
      this.#rows(n, (k, from, to, length) => {
        const weight = w[k];
        let sum = 0;
        for (let i = 0; i < length; i++) {
          sum += dout[to + i] * x[from + i];
          dx[from + i] += weight * dout[to + i];
        }
        dw[k] += sum;
      });
    }
    return dx;
  }
}

/** Fully connected: (N, D) to (N, H), weights (H, D). */
export class Dense extends Weighted {
  constructor(D, H, random) {
    super(H * D, H, D, random);
    Object.assign(this, { D, H });
  }

  forward(x, N) {
    const { D, H } = this, [w, b] = this.parameters, out = new Float64Array(N * H);
    for (let n = 0; n < N; n++) {
      for (let h = 0; h < H; h++) {
        let sum = b[h];
        for (let d = 0; d < D; d++) sum += w[h * D + d] * x[n * D + d];
        out[n * H + h] = sum;
      }
    }
    this.x = x;
    return out;
  }

  backward(dout, N) {
    const { D, H, x } = this, [w] = this.parameters, [dw, db] = this.gradients;
    const dx = new Float64Array(N * D);
    dw.fill(0);
    db.fill(0);
    for (let n = 0; n < N; n++) {
      for (let h = 0; h < H; h++) {
        const g = dout[n * H + h];
        db[h] += g;
        for (let d = 0; d < D; d++) {
          dw[h * D + d] += g * x[n * D + d];
          dx[n * D + d] += g * w[h * D + d];
        }
      }
    }
    return dx;
  }
}

export class ReLU {
  forward(x) {
    this.out = x.map((v) => Math.max(0, v));
    return this.out;
  }

  backward(dout) {
    return dout.map((g, i) => (this.out[i] > 0 ? g : 0));
  }
}

/** The largest of 2 by 2, for maps of side S: (N, C, S, S) to (N, C, S / 2, S / 2). */
export class MaxPool {
  constructor(S) { this.S = S; }

  forward(x) {
    const { S } = this, half = S / 2;
    this.size = x.length;
    this.from = new Int32Array(x.length / 4);
    return Float64Array.from(this.from, (_, i) => {
      const column = i % half, row = Math.floor(i / half) % half;
      const corner = Math.floor(i / (half * half)) * S * S + 2 * row * S + 2 * column;
      let best = corner;
      for (const at of [corner + 1, corner + S, corner + S + 1]) if (x[at] > x[best]) best = at;
      this.from[i] = best;
      return x[best];
    });
  }

  backward(dout) {
    const dx = new Float64Array(this.size);
    dout.forEach((g, i) => { dx[this.from[i]] += g; });
    return dx;
  }
}

const LAYERS = {
  convolutional: (random) => [
    new Conv(1, 8, 8, random), new ReLU(), new MaxPool(8),
    new Conv(8, 16, 4, random), new ReLU(), new MaxPool(4), new Dense(64, 10, random)],
  "two-layer": (random) => [new Dense(64, 32, random), new ReLU(), new Dense(32, 10, random)],
};

/** A classifier of 8 by 8 pictures; `kind` is "convolutional" or "two-layer". */
export class Network {
  constructor(kind, seed) {
    this.layers = LAYERS[kind](uniform(seed));
  }

  get weighted() { return this.layers.filter((layer) => layer.parameters); }

  /** Scores (N, 10) of pictures (N, 64). */
  scores(pictures, N) {
    return this.layers.reduce((x, layer) => layer.forward(x, N), pictures);
  }

  /** Mean cross-entropy of the labels; each layer's gradients are left in it. */
  lossAndGradients(pictures, labels) {
    const N = labels.length, scores = this.scores(pictures, N), dscores = new Float64Array(N * 10);
    let loss = 0;
    for (let n = 0; n < N; n++) {
      const row = scores.subarray(10 * n, 10 * n + 10), most = Math.max(...row);
      const exps = row.map((s) => Math.exp(s - most)), sum = exps.reduce((a, b) => a + b);
      loss += (Math.log(sum) + most - row[labels[n]]) / N;
      exps.forEach((e, c) => { dscores[10 * n + c] = (e / sum - (c === labels[n])) / N; });
    }
    this.layers.reduceRight((dout, layer) => layer.backward(dout, N), dscores);
    return loss;
  }

  /** One step of descent with momentum. */
  step(rate, momentum = 0.9) {
    for (const { parameters, gradients, speeds } of this.weighted) {
      parameters.forEach((values, p) => values.forEach((_, i) => {
        speeds[p][i] = momentum * speeds[p][i] - rate * gradients[p][i];
        values[i] += speeds[p][i];
      }));
    }
  }

  /** Index of the largest score of each picture. */
  predict(pictures, N) {
    const scores = this.scores(pictures, N);
    return Array.from({ length: N }, (_, n) => {
      const row = scores.subarray(10 * n, 10 * n + 10);
      return row.indexOf(Math.max(...row));
    });
  }
}
