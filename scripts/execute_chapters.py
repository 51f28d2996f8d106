"""Execute the chapters that the cache of executed notebooks lacks, one on each core.

``build_book.py`` runs this before Jupyter Book, which would execute them one after the other. A
chapter that fails is named with its cell, and left to Jupyter Book, which executes what it does not
find.
"""

import functools
import logging
import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor, as_completed
from datetime import datetime
from pathlib import Path

import autograder  # noqa: F401  # before what imports jsonschema: decision 30

# isort: split
import yaml
from forked_kernel import ForkedKernel
from jupyter_cache import get_cache
from jupyter_cache.executors import basic, load_executor
from jupyter_client.provisioning import local_provisioner

ROOT = Path(__file__).resolve().parents[1]
CODE = "```{code-cell}"
READER = {"type": "plugin", "name": "myst_nb_md"}  # as MyST-NB names its own to the cache
MOST = 8  # at a time: each may need a gigabyte
OUTPUT_SECONDS = 120  # a busy machine's kernel may say late what it drew; then it would be left out
own = threading.local()  # what a thread's chapter came to
FEW = 3  # chapters whose kernels start sooner by themselves than libraries for all are imported


def chapters(work: Path) -> list[Path]:
    """The pages with code that have changed since they were last read, in reading order."""
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text())
    names = [toc["root"]]
    names += [page["file"] for part in toc.get("parts", []) for page in part["chapters"]]
    changed = []
    for name in names:
        page, read = ROOT / "book" / f"{name}.md", work / ".doctrees" / f"{name}.doctree"
        is_read = read.is_file() and read.stat().st_mtime > page.stat().st_mtime
        if page.is_file() and not is_read and CODE in page.read_text(encoding="utf-8"):
            changed.append(page)
    return changed


def execute(chapter: Path, cache_folder: str, timeout: int) -> tuple[bool, str | None]:
    """Execute one chapter unless the cache has it.

    Returns
    -------
    Whether there was anything to do and it is done, and the line that says which cell failed.
    """
    own.failure = None
    cache = get_cache(cache_folder)
    record = cache.add_nb_to_project(str(chapter), read_data=READER)
    done = load_executor("local-serial", cache).run_and_cache(
        filter_pks=[record.pk], timeout=timeout)
    return bool(done.all()), own.failure


def timed(run, notebook, **options):
    """Run a notebook, and keep the seconds of each cell in it for book/_ext/nnruns.py.

    Not in the cells themselves: the cache compares their metadata with the chapter's.
    """
    # MyST-NB would begin a line with each further message of one cell's stream
    result = run(notebook, record_timing=True, iopub_timeout=OUTPUT_SECONDS, coalesce_streams=True,
                 **options)
    if result.err is not None:
        own.failure = failure(notebook, result.err)
    seconds = []
    for cell in notebook.cells:
        times = cell.metadata.pop("execution", {})
        if "iopub.status.idle" in times:
            start, end = (datetime.fromisoformat(times[f"iopub.status.{state}"])
                          for state in ("busy", "idle"))
            seconds.append((end - start).total_seconds())
    notebook.metadata["cell_seconds"] = seconds
    return result


def failure(notebook, error: Exception) -> str:
    """Which cell failed, by its number among those with code and its first line, and how."""
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    failed = [(number, cell, output) for number, cell in enumerate(cells, 1)
              for output in cell.outputs if output.output_type == "error"]
    if not failed:  # it ran too long, or its kernel died
        said = next(iter(str(error).strip().splitlines()), "no reason given")
        return f"a cell failed: {type(error).__name__}: {said}"
    number, cell, output = failed[-1]  # others are tagged as meant to fail
    first = next((line for line in cell.source.splitlines() if line.strip()), "")
    said = " ".join(f"{output.ename}: {output.evalue}".split())
    return f"code cell {number} (`{first[:60]}`) failed: {said[:300]}"


def main(work: Path) -> None:
    """Execute the chapters, several at a time, and say so as each is done.

    Parameters
    ----------
    work : Jupyter Book's folder, with its cache and what it has read
    """
    logging.disable(logging.ERROR)
    basic.single_nb_execution = functools.partial(timed, basic.single_nb_execution)
    config = yaml.safe_load((ROOT / "_config.yml").read_text())
    pages, cache_folder = chapters(work), str(work / ".jupyter_cache")
    if len(pages) > FEW:
        local_provisioner.launch_kernel = ForkedKernel
    get_cache(cache_folder).list_project_records()  # makes the cache, before threads race to do so
    with ThreadPoolExecutor(min(os.cpu_count(), MOST)) as pool:
        waiting = {pool.submit(execute, page, cache_folder, config["execute"]["timeout"]): page
                   for page in pages}
        for count, future in enumerate(as_completed(waiting), start=1):
            if future.exception() is not None:
                continue
            done, failed = future.result()
            name = waiting[future].relative_to(ROOT)
            if done:
                print(f"Executed notebook {name} ({count} of {len(pages)})", flush=True)
            if failed:
                print(f"{name}: ERROR: {failed}", flush=True)


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]))
    except KeyboardInterrupt:
        os._exit(130)  # without waiting for the threads; kernels end with their parent
