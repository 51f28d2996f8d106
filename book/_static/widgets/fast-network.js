// The networks of convnet.js, computed by WebAssembly (network.c), four pictures at a time.

import { Network, Conv, Dense, MaxPool, ReLU } from "./convnet.js";

/** The functions of network.wasm; fails where the browser has no WebAssembly with SIMD. */
export async function load() {
  const response = await fetch(new URL("network.wasm", import.meta.url));
  const { instance } = await WebAssembly.instantiate(await response.arrayBuffer(), { env: Math });
  return instance.exports;
}

/** As Network, with the same start; numbers have 32 bits. Batches are cut into those of the kernel. */
export class FastNetwork {
  constructor(kind, seed, kernel) {
    const plain = new Network(kind, seed);
    this.kernel = kernel;
    this.B = kernel.batch();
    this.next = kernel.__heap_base.value;
    let shape = { C: plain.layers[0] instanceof Conv ? 1 : 64, S: plain.layers[0] instanceof Conv ? 8 : 0 };
    this.input = this.#map(shape);
    let from = this.input;
    this.layers = plain.layers.map((layer, i) => {
      const made = this.#layer(layer, from, plain.layers[i + 1]);
      from = made.to;
      return made;
    });
    this.out = from;
    this.labels = this.#room(this.B);
  }

  /** A place in the kernel's memory for so many numbers of 32 bits. */
  #room(count) {
    const address = Math.ceil(this.next / 16) * 16, { memory } = this.kernel;
    this.next = address + 4 * (count + 3);
    if (this.next > memory.buffer.byteLength) memory.grow(Math.ceil((this.next - memory.buffer.byteLength) / 65536));
    return address;
  }

  /** Values and gradients of a map (C, S + 2, S + 2, B), or of rows (C, B) if S is 0. */
  #map({ C, S }) {
    const count = C * (S ? (S + 2) ** 2 : 1) * this.B;
    const map = { C, S, count, x: this.#room(count), dx: this.#room(count) };
    this.view(map.x, count).fill(0);
    this.view(map.dx, count).fill(0);
    return map;
  }

  view(address, count) { return new Float32Array(this.kernel.memory.buffer, address, count); }

  #layer(layer, from, next) {
    const { kernel } = this;
    if (layer instanceof ReLU) {
      return { to: from, forward: () => kernel.relu(from.x, from.count / 4),
        backward: () => kernel.relu_dx(from.x, from.dx, from.count / 4) };
    }
    if (layer instanceof MaxPool) {
      const pad = next instanceof Dense ? 0 : 1, half = from.S / 2;
      const to = this.#map(pad ? { C: from.C, S: half } : { C: from.C * half * half, S: 0 });
      const places = this.#room(from.C * half * half * this.B);
      return { to, forward: () => kernel.pool(from.x, to.x, places, from.C, from.S, pad),
        backward: () => kernel.pool_dx(to.dx, places, from.dx, from.C, from.S, pad) };
    }
    const held = Object.fromEntries(["parameters", "gradients", "speeds"].map((name) => [name,
      layer[name].map((values) => {
        const address = this.#room(values.length);
        this.view(address, values.length).set(values);
        return { address, length: values.length };
      })]));
    const [w, b] = held.parameters, [dw, db] = held.gradients, first = from === this.input;
    const weighted = (to, sizes, name) => ({ to, held,
      forward: () => kernel[name](from.x, w.address, b.address, to.x, ...sizes),
      backward: () => {
        kernel[`${name}_dw`](from.x, to.dx, dw.address, db.address, ...sizes);
        if (!first) kernel[`${name}_dx`](to.dx, w.address, from.dx, ...sizes); // nobody asks for the pictures'
      } });
    if (layer instanceof Conv) return weighted(this.#map({ C: layer.F, S: layer.S }), [layer.C, layer.F, layer.S], "conv");
    return weighted(this.#map({ C: layer.H, S: 0 }), [layer.D, layer.H], "dense");
  }

  /** Each layer's parameters and gradients, as in Network. */
  get weighted() {
    return this.layers.filter(({ held }) => held).map(({ held }) => Object.fromEntries(
      Object.entries(held).map(([name, pair]) => [name, pair.map(({ address, length }) => this.view(address, length))])));
  }

  #forward(pictures, N) {
    const { x, S, count } = this.input, to = this.view(x, count);
    for (let i = 0; i < 64; i++) {
      const place = S ? (Math.floor(i / S) + 1) * (S + 2) + (i % S) + 1 : i;
      for (let n = 0; n < N; n++) to[place * this.B + n] = pictures[64 * n + i];
    }
    for (const layer of this.layers) layer.forward();
  }

  /** Mean cross-entropy of at most B pictures (N, 64); the gradients are left in the layers. */
  lossAndGradients(pictures, labels) {
    this.#forward(pictures, labels.length);
    new Int32Array(this.kernel.memory.buffer, this.labels, labels.length).set(labels);
    const loss = this.kernel.cross_entropy(this.out.x, this.labels, this.out.dx, 10, labels.length);
    for (const layer of this.layers.toReversed()) layer.backward();
    return loss;
  }

  step(rate, momentum = 0.9) {
    for (const { held } of this.layers.filter((layer) => layer.held)) {
      held.parameters.forEach(({ address, length }, p) => this.kernel.step(address, held.gradients[p].address,
        held.speeds[p].address, Math.ceil(length / 4), rate, momentum));
    }
  }

  /** Index of the largest score of each of N pictures. */
  predict(pictures, N) {
    const guesses = [];
    for (let first = 0; first < N; first += this.B) {
      const some = Math.min(this.B, N - first);
      this.#forward(pictures.subarray(64 * first, 64 * (first + some)), some);
      const scores = this.view(this.out.x, 10 * this.B);
      for (let n = 0; n < some; n++) {
        const row = Array.from({ length: 10 }, (_, k) => scores[k * this.B + n]);
        guesses.push(row.indexOf(Math.max(...row)));
      }
    }
    return guesses;
  }
}
