// Trains a network beside the page, so that the page stays quick. See live-training.js.

import { Network } from "./convnet.js";
import { FastNetwork, load } from "./fast-network.js";
import { uniform } from "./random.js";

const BATCH = 32, SLICE = 40; // pictures; milliseconds between two looks at the mail
const EPOCH = 50; // milliseconds at least, so that eyes can follow
let data, network, order, random, settings, running = false, step = 0, epoch = 0, losses = [];
let target = 0, began = 0, timer; // the epoch to pause at; when the present one began
let worked = 0; // milliseconds of training since the last report
let loss = null, speed = null; // as reported last

const pictures = (rows) => {
  const chosen = new Float64Array(rows.length * 64);
  rows.forEach((row, n) => {
    for (let i = 0; i < 64; i++) chosen[64 * n + i] = data.pixels[64 * row + i] / 15;
  });
  return chosen;
};

const loaded = load().catch(() => null); // an old browser computes in JavaScript
let kernel;

function reset(wanted) {
  settings = wanted;
  network = kernel && settings.program === "WebAssembly"
    ? new FastNetwork(settings.kind, settings.seed, kernel) : new Network(settings.kind, settings.seed);
  random = uniform(settings.seed + 1);
  running = false;
  step = epoch = worked = 0;
  loss = speed = null;
  losses = [];
  order = [];
  report();
}

function shuffled() {
  const rows = Array.from({ length: data.train }, (_, i) => i);
  for (let i = rows.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [rows[i], rows[j]] = [rows[j], rows[i]];
  }
  return rows;
}

/** One batch; at the end of an epoch, what came of it is reported. */
function train() {
  if (order.length === 0) order = shuffled();
  const rows = order.splice(0, BATCH), start = performance.now();
  losses.push(network.lossAndGradients(pictures(rows), rows.map((row) => data.labels[row])));
  network.step(settings.rate);
  worked += performance.now() - start;
  step += 1;
  if (order.length === 0) {
    epoch += 1;
    running &&= epoch < target;
    report();
  }
}

function report() {
  const rows = Array.from({ length: data.labels.length - data.train }, (_, i) => data.train + i);
  const guesses = network.predict(pictures(rows), rows.length);
  const right = rows.filter((row, n) => guesses[n] === data.labels[row]).length;
  if (losses.length) {
    loss = losses.reduce((a, b) => a + b) / losses.length;
    speed = (1000 * BATCH * losses.length) / worked;
  }
  postMessage({ step, epoch, loss, accuracy: right / rows.length, speed,
    guesses: guesses.slice(0, 20), first: network.weighted[0].parameters[0].slice(), running, fast: Boolean(kernel) });
  losses = [];
  worked = 0;
}

function run() {
  if (!running) return;
  const until = performance.now() + SLICE, before = epoch;
  while (epoch === before && performance.now() < until) train();
  if (epoch === before) timer = setTimeout(run);
  else timer = setTimeout(() => { began = performance.now(); run(); }, began + EPOCH - performance.now());
}

const orders = {
  load: (given) => { data = given; },
  reset,
  run: (epochs) => {
    clearTimeout(timer);
    running = true;
    target = epoch + epochs;
    began = performance.now();
    run();
  },
  pause: () => { running = false; report(); },
  step: () => { running = false; train(); if (order.length) report(); },
};
onmessage = async ({ data: [name, content] }) => {
  kernel = await loaded;
  orders[name](content);
};
