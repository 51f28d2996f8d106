"""Downloads into the cache folder, verified, at most one try in a process."""

import functools
import socket
import sys
import tarfile
from pathlib import Path

import pooch
import requests

from nncourse.data.errors import DataError
from nncourse.data.idx import MNIST_MD5

SECONDS = 5  # until a silent server counts as no network
MNIST_MIRRORS = ("https://storage.googleapis.com/cvdf-datasets/mnist/",
                 "https://ossci-datasets.s3.amazonaws.com/mnist/")
CIFAR10_URL = "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz"
CIFAR10_MD5 = "c32a1d4ab5d03f1284b67883e8d87530"


def cache_folder() -> Path:
    """Where downloads are kept, one folder for each user."""
    return Path(pooch.os_cache("nncourse"))


def _fetch(url: str, md5: str | None, path: Path) -> None:
    """Download to a temporary name, verify, then move into place (pooch does all three)."""
    pooch.get_logger().setLevel("WARNING")  # the page shows what its cells print
    downloader = pooch.HTTPDownloader(progressbar=sys.stderr.isatty(), timeout=SECONDS)
    pooch.retrieve(url, known_hash=md5 and f"md5:{md5}", fname=path.name, path=path.parent,
                   downloader=downloader)


def _reachable(url: str) -> bool:
    """Whether the server's name and port answer: a closed network says no at once."""
    host = url.split("/")[2]
    try:
        socket.create_connection((host, 443), timeout=SECONDS).close()
    except OSError:
        return False
    return True


@functools.cache
def fetch_mnist() -> Path | None:
    """The folder with MNIST's four files, or None without a network."""
    folder = cache_folder() / "mnist"
    wanted = [f"{name}.gz" for name in MNIST_MD5 if not (folder / f"{name}.gz").exists()]
    if wanted:
        mirror = next((m for m in MNIST_MIRRORS if _reachable(m)), None)
        if mirror is None:
            return None
        try:
            for name in wanted:
                _fetch(mirror + name, None, folder / name)  # verified as it is read, see read_idx
        except (requests.RequestException, OSError, ValueError):
            return None
    return folder


@functools.cache
def fetch_cifar10() -> Path | None:
    """The folder with CIFAR-10's binary version, or None without a network."""
    folder = cache_folder()
    if (folder / "cifar-10-batches-bin").is_dir():
        return folder
    if not _reachable(CIFAR10_URL):
        return None
    archive = folder / CIFAR10_URL.rsplit("/", 1)[1]
    try:
        _fetch(CIFAR10_URL, CIFAR10_MD5, archive)
        unpack(archive, folder)
    except (requests.RequestException, OSError, ValueError):
        return None
    return folder


def unpack(archive: Path, folder: Path) -> None:
    """Unpack below a temporary name first, so that half an archive is never taken for a whole.

    Raises
    ------
    DataError
        The archive is damaged or holds paths that lead outside.
    """
    partial = folder / "unpacking"
    try:
        with tarfile.open(archive) as tar:
            tar.extractall(partial, filter="data")
        (partial / "cifar-10-batches-bin").rename(folder / "cifar-10-batches-bin")
        partial.rmdir()
    except (tarfile.TarError, EOFError, OSError) as error:
        raise DataError(f"{archive}: cannot be unpacked ({error}): remove it and "
                        "run again") from None
