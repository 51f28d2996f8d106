// Makes the code of a chapter run in its page, on the Jupyter server that live.py started.
// Thebe (live/thebe, BSD-3-Clause) does the work; this file finds the cells and offers the button.

const { server, token, page } = document.currentScript.dataset;
const cells = [...document.querySelectorAll(".cell_input .highlight pre")];

function start(button, status) {
  button.disabled = true;
  status.textContent = "Starting Python.";
  document.querySelectorAll(".cell details:has(.cell_input)").forEach((folded) => { folded.open = true; });
  cells.forEach((cell) => {
    cell.querySelectorAll("button").forEach((copy) => copy.remove());
    Object.assign(cell.dataset, { executable: "true", language: "python" });
  });
  const script = document.createElement("script");
  script.src = "/live/thebe/index.js";
  script.onload = async () => {
    window.thebe.on("status", (event, { status: state, message }) => {
      status.textContent = state === "ready"
        ? "Python is ready. Change any cell and run it; cells build on the ones above them." : message;
    });
    await window.thebe.bootstrap({
      requestKernel: true, useBinder: false, useJupyterLite: false,
      kernelOptions: { kernelName: "python3", path: page },
      savedSessionOptions: { enabled: false },
      serverSettings: { baseUrl: server, token, appendToken: true },
    });
    document.querySelectorAll(".thebe-cell").forEach((cell, i) => {
      cell.querySelector("textarea")?.setAttribute("aria-label", `Code of cell ${i + 1}`);
    });
  };
  document.head.append(script, ...["thebe/thebe.css", "live.css"].map((name) =>
    Object.assign(document.createElement("link"), { rel: "stylesheet", href: `/live/${name}` })));
}

if (cells.length) {
  const bar = document.createElement("p");
  const button = Object.assign(document.createElement("button"), { type: "button", textContent: "Run the code here" });
  const status = document.createElement("span");
  status.setAttribute("role", "status");
  bar.className = "nn-live";
  bar.append(button, " ", status);
  document.querySelector("article h1").after(bar);
  button.addEventListener("click", () => start(button, status));
}
