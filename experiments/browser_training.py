"""Pictures a second of the networks of the browser chapter: JavaScript against WebAssembly.

Both train on the same batch in one page of Chromium, in turn; medians of the rounds. The networks
start alike, and the losses after training must agree.
"""

import statistics
import sys
import threading
from pathlib import Path

import record
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
WIDGETS = ROOT / "book" / "_static" / "widgets"
sys.path.insert(0, str(ROOT / "scripts"))
import chromium  # noqa: E402
import serving  # noqa: E402

KINDS = ("convolutional", "two-layer")
BATCH = 32

MEASURE = """async ([kind, milliseconds]) => {
  const { Network } = await import("/convnet.js");
  const { FastNetwork, load } = await import("/fast-network.js");
  const { uniform } = await import("/random.js");
  const random = uniform(1), kernel = await load();
  const x = Float64Array.from({ length: 32 * 64 }, random);
  const y = Array.from({ length: 32 }, () => Math.floor(10 * random()));
  const measured = {};
  for (const [name, make] of [["JavaScript", () => new Network(kind, 2)],
                              ["WebAssembly", () => new FastNetwork(kind, 2, kernel)]]) {
    const network = make();
    const train = () => {
      const loss = network.lossAndGradients(x, y);
      network.step(0.01);
      return loss;
    };
    let loss, steps = 0;
    for (let i = 0; i < 30; i++) loss = train();
    const began = performance.now();
    while (performance.now() < began + milliseconds) { train(); steps += 1; }
    measured[name] = { loss, speed: (32 * steps * 1000) / (performance.now() - began) };
  }
  return measured;
}"""


def main() -> None:
    """Measure and record."""
    parser = record.parser(__doc__, "browser_training.json")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--milliseconds", type=int, default=400, help="of each program in a round")
    arguments = parser.parse_args()
    results = {}
    with serving.listen(WIDGETS) as server, sync_playwright() as playwright:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        browser = playwright.chromium.launch(
            executable_path=chromium.program(), args=chromium.OPTIONS)
        page = browser.new_page()
        page.goto(f"http://127.0.0.1:{server.server_port}/random.js")
        for kind in KINDS:
            rounds = [page.evaluate(MEASURE, [kind, arguments.milliseconds])
                      for _ in range(arguments.rounds)]
            assert all(abs(r["JavaScript"]["loss"] - r["WebAssembly"]["loss"]) < 1e-4
                       for r in rounds), "the two programs learn different things"
            speeds = {name: statistics.median(r[name]["speed"] for r in rounds)
                      for name in ("JavaScript", "WebAssembly")}
            ratios = [r["WebAssembly"]["speed"] / r["JavaScript"]["speed"] for r in rounds]
            results[kind] = {**speeds, "ratio": statistics.median(ratios), "ratios": ratios}
            print(f"{kind}: {speeds['JavaScript']:,.0f} and {speeds['WebAssembly']:,.0f} "
                  f"pictures a second, {min(ratios):.1f} to {max(ratios):.1f} times")
        device = f"one CPU core, Chromium {browser.version}"
        browser.close()
        server.shutdown()
    record.write(arguments.out, results, packages=("playwright",), device=device,
                 generated=f"generated in the browser: batches of {BATCH} random pictures")


if __name__ == "__main__":
    main()
