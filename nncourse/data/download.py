"""Downloads into the cache folder, verified, at most one try in a process."""

import contextlib
import functools
import queue
import sys
import tarfile
import tempfile
import threading
import time
from pathlib import Path

import pooch
import requests

from nncourse.data.errors import DataError
from nncourse.data.idx import MNIST_SHA256, read_idx

SECONDS = 5  # until a silent server counts as no network
MNIST_MIRRORS = ("https://storage.googleapis.com/cvdf-datasets/mnist/",
                 "https://ossci-datasets.s3.amazonaws.com/mnist/")
CIFAR10_URL = "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz"
CIFAR10_MD5 = "c32a1d4ab5d03f1284b67883e8d87530"
CIFAR10_FOLDER = "cifar-10-batches-bin"
FAILURES = (requests.RequestException, OSError, ValueError, tarfile.TarError, DataError)


def cache_folder() -> Path:
    """Where downloads are kept, one folder for each user."""
    return Path(pooch.os_cache("nncourse"))


def _reachable(urls: tuple[str, ...]) -> list[str]:
    """Those of `urls` that answer within SECONDS, all asked at once.

    In threads, since a timeout covers neither the look-up of a name nor a host's many addresses;
    any answer counts, be it an error, for what matters is that there is a network.
    """
    answers: queue.Queue[str | None] = queue.Queue()

    def ask(url):
        try:
            requests.head(url, timeout=SECONDS)
            answers.put(url)
        except requests.RequestException:
            answers.put(None)

    for url in urls:
        threading.Thread(target=ask, args=(url,), daemon=True).start()
    found, deadline = [], time.monotonic() + SECONDS
    with contextlib.suppress(queue.Empty):
        for _ in urls:
            found.append(answers.get(timeout=max(0, deadline - time.monotonic())))
    return [url for url in urls if url in found]


def _download(url: str, path: Path, md5: str | None = None) -> None:
    pooch.get_logger().setLevel("WARNING")  # a page shows what its cells print
    downloader = pooch.HTTPDownloader(progressbar=sys.stderr.isatty(), timeout=SECONDS)
    pooch.retrieve(url, known_hash=md5 and f"md5:{md5}", fname=path.name, path=path.parent,
                   downloader=downloader)


@contextlib.contextmanager
def _workplace(folder: Path):
    """A folder below `folder` for what is not verified yet; removed whatever happens."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as temporary:
        yield Path(temporary)


@functools.cache
def fetch_mnist() -> Path | None:
    """The folder with MNIST's four files, or None if they cannot be downloaded."""
    folder = cache_folder() / "mnist"

    def missing():
        return [name for name in MNIST_SHA256 if not (folder / f"{name}.gz").exists()]

    for mirror in _reachable(MNIST_MIRRORS) if missing() else ():
        with contextlib.suppress(*FAILURES), _workplace(folder) as temporary:
            for name in missing():
                _download(f"{mirror}{name}.gz", temporary / name)
                read_idx(temporary / name, MNIST_SHA256[name])
                (temporary / name).replace(folder / f"{name}.gz")
    return None if missing() else folder


@functools.cache
def fetch_cifar10() -> Path | None:
    """The folder with CIFAR-10's binary version, or None if it cannot be downloaded."""
    folder = cache_folder()
    batches = folder / CIFAR10_FOLDER
    if not batches.is_dir() and _reachable((CIFAR10_URL,)):
        with contextlib.suppress(*FAILURES), _workplace(folder) as temporary:
            _download(CIFAR10_URL, temporary / "archive", CIFAR10_MD5)
            with tarfile.open(temporary / "archive") as tar:
                tar.extractall(temporary, filter="data")
            (temporary / CIFAR10_FOLDER).rename(batches)
    return folder if batches.is_dir() else None
