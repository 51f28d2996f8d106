"""A page of the website beside the same chapter in a stock Jupyter Book: weight, speed, stillness.

Both are served compressed from this machine to a fresh Chromium whose processor is slowed down
four times, in turn. The stock page's MathJax, which it takes from the network, comes from the npm
package of its version, unpacked in a folder that ``--mathjax`` names (``npm pack mathjax@3.2.2``).
Before that, some of our pages alone, as Lighthouse loads them: on a computer, and on a phone with a
slow processor and network. Only a site that knows its address has a 404.html, see ``_config.yml``.
Records medians and the ratios of pairs in ``results/page_weight.json``.
"""

import argparse
import functools
import gzip
import json
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "scripts"), str(ROOT / "experiments")]
import chromium  # noqa: E402
import record  # noqa: E402
import serving  # noqa: E402

CONFIG = """\
title: Perceptron to ConvNet
execute: {execute_notebooks: force, timeout: 300}
bibtex_bibfiles: [references.bib]
sphinx: {extra_extensions: [sphinx_exercise, sphinx_proof]}
"""
SLOWER = 4
LOADED = ("index", "part1/softmax", "search", "404")
# Lighthouse's throttling: times slower, milliseconds and kilobits a second
VIEWS = {"desktop": ({"viewport": {"width": 1350, "height": 940}}, 1, 40, 10_240),
         "phone": ({"viewport": {"width": 390, "height": 844}, "device_scale_factor": 3,
                    "is_mobile": True, "has_touch": True}, 4, 150, 1_638.4)}
TEXT = (".html", ".css", ".js", ".svg", ".json")
FIGURES = re.compile(r'<svg[^>]*class="nn-figure".*?</svg>|<details class="nn-data">.*?</details>|'
                     r'<img[^>]*src="[^"]*_images[^>]*>', re.S)

WATCH = """
  window.seen = { shift: 0 };
  new PerformanceObserver((list) => list.getEntries().forEach((entry) => {
    if (!entry.hadRecentInput) window.seen.shift += entry.value;
  })).observe({ type: "layout-shift", buffered: true });
  // a frame that begins with the formulas and their fonts there is drawn with them
  const look = () => {
    const ready = document.querySelector("article mjx-container") ||
      (document.querySelector("article .katex") && document.fonts.check("16px KaTeX_Main"));
    if (ready) window.seen.ready = performance.now();
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
"""

OBSERVE = """
  window.seen = { largest: 0, shift: 0, tasks: [] };
  const each = (type, act) => new PerformanceObserver((list) => list.getEntries().forEach(act))
    .observe({ type, buffered: true });
  each("largest-contentful-paint", (entry) => { window.seen.largest = entry.startTime; });
  each("layout-shift", (entry) => { if (!entry.hadRecentInput) window.seen.shift += entry.value; });
  each("longtask", (entry) => window.seen.tasks.push([entry.startTime, entry.duration]));
"""


@functools.cache
def packed(path: Path, query: str) -> bytes:
    """A file as it is sent: text compressed, and without figures for ?plain."""
    body = path.read_bytes()
    if query == "plain":
        body = FIGURES.sub("", body.decode()).encode()
    if path.name == "404.html":  # its links begin with the site's address
        body = re.sub(rb'<base href="[^"]*">', b'<base href="/">', body)
    return gzip.compress(body) if path.suffix in TEXT else body


class Compressed(serving.QuietHandler):
    """Serves as the usual hosts of pages do: compressed text, and connections that stay open."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        """Send a file."""
        name, _, query = self.path.partition("?")
        path = Path(self.translate_path(name))
        if not path.is_file():
            self.send_error(404)
            return
        body = packed(path, query)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        if path.suffix in TEXT:
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def stock_book(page: str, folder: Path) -> Path:
    """Build the chapter as Jupyter Book does by default, and return its site's folder."""
    shutil.copy(ROOT / "book" / "references.bib", folder)
    (folder / "_config.yml").write_text(CONFIG)
    chapters = f"chapters: [{{file: {page}}}]"
    (folder / "_toc.yml").write_text(f"format: jb-book\nroot: index\n{chapters}\n")
    (folder / "index.md").write_text("# Start\n")
    text = (ROOT / "book" / f"{page}.md").read_text(encoding="utf-8")
    (folder / page).parent.mkdir(exist_ok=True)
    widgets = re.compile(r"^```\{widget\}.*?^```$", re.S | re.M)
    (folder / f"{page}.md").write_text(widgets.sub("", text), encoding="utf-8")
    command = [sys.executable, "-c", "from jupyter_book.cli.main import main; main()", "build",
               str(folder)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return folder / "_build" / "html"


def visit(browser, address: str, mathjax: Path | None) -> dict:
    """Load a page with nothing in the cache; return kilobytes, milliseconds and layout shift.

    With MathJax at hand, requests pass through this program, which costs either page some time.
    """
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.add_init_script(WATCH)
    if mathjax:
        page.route(re.compile(r"^https?://(?!127\.0\.0\.1)"), lambda route: answer(route, mathjax))
    client = context.new_cdp_session(page)
    client.send("Network.enable")
    client.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    sizes, outside = [], []
    client.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.on("requestfinished", lambda request: outside.append(request.url)
            if "127.0.0.1" not in request.url else None)
    page.goto(address, wait_until="networkidle")
    page.wait_for_function("() => window.seen.ready", timeout=120_000)
    page.wait_for_timeout(1500)
    seen = page.evaluate("""() => ({ ...window.seen,
        drawn: performance.getEntriesByName("first-contentful-paint")[0].startTime })""")
    context.close()
    # what route() answers is not counted by the browser
    routed = sum(len(gzip.compress(held.read_bytes())) for url in outside
                 if (held := local(url, mathjax)))
    return {"kilobytes": (sum(sizes) + routed) / 1000, "math_ms": max(seen["ready"], seen["drawn"]),
            "layout_shift": seen["shift"]}


def load(browser, address: str, view: str) -> dict:
    """Load a page with nothing in the cache, as Lighthouse does; return what it measures."""
    shown, slower, latency, kilobits = VIEWS[view]
    context = browser.new_context(**shown)
    page = context.new_page()
    page.add_init_script(OBSERVE)
    client = context.new_cdp_session(page)
    client.send("Network.enable")
    client.send("Network.emulateNetworkConditions", {
        "offline": False, "latency": latency, "downloadThroughput": kilobits * 125,
        "uploadThroughput": kilobits * 125})
    client.send("Emulation.setCPUThrottlingRate", {"rate": slower})
    sizes = []
    client.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.goto(address, wait_until="load", timeout=120_000)
    page.wait_for_timeout(4000)  # a page that goes on drawing is never idle
    first, seen = page.evaluate("""() => [
        performance.getEntriesByName("first-contentful-paint")[0].startTime, window.seen]""")
    context.close()
    return {"requests": len(sizes), "kilobytes": sum(sizes) / 1000, "first_paint_ms": first,
            "largest_paint_ms": seen["largest"], "layout_shift": seen["shift"],
            "blocking_ms": sum(max(0, length - 50) for start, length in seen["tasks"]
                               if start >= first)}


def loads(browser, site: Path, times: int) -> dict:
    """Medians of what ``load`` measures of the pages LOADED of a site, in each view."""
    address, found = serve(site), {}
    for name in (name for name in LOADED if (site / f"{name}.html").is_file()):
        for view in VIEWS:
            visits = [load(browser, f"{address}{name}.html", view) for _ in range(times)]
            found.setdefault(name, {})[view] = {
                measure: round(statistics.median(visit[measure] for visit in visits), 4)
                for measure in visits[0]}
            print(f"{name:20} {view:8}", json.dumps(found[name][view]))
    return found


def local(url: str, mathjax: Path) -> Path | None:
    """The file of the npm package that the address of a MathJax file means."""
    found = re.search(r"/mathjax@3[^/]*/(es5/.*?)(\?|$)", url)
    path = mathjax / found[1] if found else None
    return path if path and path.is_file() else None


def answer(route, mathjax: Path) -> None:
    """Give MathJax from the folder; anything else of other hosts does not answer."""
    path = local(route.request.url, mathjax)
    if path:
        route.fulfill(path=path)
    else:
        route.abort()


def serve(site: Path) -> str:
    """Serve a site in the background; return its address."""
    server = serving.listen(site, handler=Compressed)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}/"


def compare(browser, page: str, pairs: int, mathjax: Path) -> dict:
    """Visit ours and the stock page in turn; return medians, and the median ratio of pairs."""
    with tempfile.TemporaryDirectory() as folder:
        sites = {"ours": serve(ROOT / "_build" / "html"),
                 "stock": serve(stock_book(page, Path(folder)))}
        visits = [{(name, query): visit(browser, f"{sites[name]}{page}.html{query}", mathjax)
                   for name in sites for query in ("", "?plain")} for _ in range(pairs)]
        alone = [visit(browser, f"{sites['ours']}{page}.html", None) for _ in range(2 * pairs)]
    compared = {"ours as readers load it": {
        measure: round(statistics.median(seen[measure] for seen in alone), 4)
        for measure in alone[0]}}
    print(f"{page:20} as readers load it", json.dumps(compared["ours as readers load it"]))
    for query, what in (("", "whole"), ("?plain", "without figures")):
        compared[what] = {}
        for measure in ("kilobytes", "math_ms", "layout_shift"):
            ours, stock = ([seen[name, query][measure] for seen in visits]
                           for name in ("ours", "stock"))
            ratios = [a / b for a, b in zip(ours, stock, strict=True) if b]
            compared[what][measure] = {
                "ours": round(statistics.median(ours), 4),
                "stock": round(statistics.median(stock), 4),
                "ratio": round(statistics.median(ratios), 3) if ratios else None}
            print(f"{page:20} {what:16} {measure:13}", json.dumps(compared[what][measure]))
    return compared


def main() -> None:
    """Measure pairs and record them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pages", nargs="*", default=["part2/gradients", "part1/softmax"],
                        help="default: one of middling length, and the longest")
    parser.add_argument("--pairs", type=int, default=7)
    parser.add_argument("--mathjax", type=Path, required=True, help="unpacked mathjax package")
    parser.add_argument("--out", type=Path,
                        default=Path(__file__).parent / "results" / "page_weight.json")
    arguments = parser.parse_args()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.program(),
                                             args=chromium.OPTIONS)
        alone = loads(browser, ROOT / "_build" / "html", arguments.pairs)
        pages = {page: compare(browser, page, arguments.pairs, arguments.mathjax)
                 for page in arguments.pages}
        device = f"CPU, slowed down {SLOWER} times, Chromium {browser.version}"
        browser.close()
    record.write(arguments.out, {"pairs": arguments.pairs, "pages": pages,
                                 "loads": alone},
                 packages=("jupyter-book", "playwright"), device=device,
                 generated="chapters' pages, built by make book and by Jupyter Book alone")


if __name__ == "__main__":
    main()
