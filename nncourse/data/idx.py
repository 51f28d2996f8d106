"""MNIST's own file format, idx: a header and unsigned bytes."""

import gzip
import hashlib
import struct
import zlib
from pathlib import Path

import numpy as np

from nncourse.data import places
from nncourse.data.errors import DataError

# of the uncompressed files, so that any gzip of them will do; taken from files that have the MD5s
# that are published, as most processors compute it in less than half the time
MNIST_SHA256 = {
    "train-images-idx3-ubyte": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    "train-labels-idx1-ubyte": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    "t10k-images-idx3-ubyte": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    "t10k-labels-idx1-ubyte": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
}
UNSIGNED_BYTE = 8
GZIP_MAGIC = b"\x1f\x8b"


def read_idx(path: Path, sha256: str) -> np.ndarray:
    """Read an idx file, gzipped or not, whose uncompressed bytes have this SHA-256.

    The format is described on LeCun, Cortes and Burges's page "The MNIST database": two zero
    bytes, a type, the number of dimensions, their sizes as big-endian integers, the data.

    Returns
    -------
    uint8 array of the shape that the file's header gives.

    Raises
    ------
    DataError
        The file is missing, cut short, damaged or another one.
    """
    remedy = "remove it and get it again from the publisher"
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise DataError(f"{path}: cannot be read ({error.strerror}): {remedy}") from None
    if raw.startswith(GZIP_MAGIC):  # not by the name: browsers unpack without renaming
        try:
            raw = gzip.decompress(raw)
        except (OSError, EOFError, zlib.error):
            raise DataError(f"{path}: is not a whole gzip file: {remedy}") from None
    if hashlib.sha256(raw).hexdigest() != sha256:
        raise DataError(f"{path}: is not the publisher's file (wrong checksum): {remedy}")
    # the checksum vouches for the bytes; the header tells what they mean
    zero, kind, dims = struct.unpack(">HBB", raw[:4])
    shape = struct.unpack(f">{dims}I", raw[4:4 + 4 * dims])
    if zero != 0 or kind != UNSIGNED_BYTE or len(raw) != 4 + 4 * dims + int(np.prod(shape)):
        raise DataError(f"{path}: is not an idx file of bytes: {remedy}")
    return np.frombuffer(raw, np.uint8, offset=4 + 4 * dims).reshape(shape).copy()


def read_mnist(folder: Path) -> dict[str, np.ndarray]:
    """Read the four files, all of them bytes, from `folder` or at most two folders below it.

    So torchvision (MNIST/raw/) and Kaggle (train-images.idx3-ubyte, also in a folder of that name)
    lay them out.

    Returns
    -------
    X_train (60000, 28, 28) uint8, y_train (60000,) uint8, X_test (10000, 28, 28), y_test (10000,)

    Raises
    ------
    DataError
        A file is missing or damaged.
    """
    arrays = {}
    names = dict(zip(("X_train", "y_train", "X_test", "y_test"), MNIST_SHA256))
    for array, name in names.items():
        path = places.find(folder, (stem + end for stem in (name, name.replace("-idx", ".idx"))
                                    for end in (".gz", "")))
        if path is None:
            raise DataError(f"{folder}: has no {name}.gz (nor have the folders in it): put the "
                            "file there, or unset NNCOURSE_DATA to have it downloaded")
        arrays[array] = read_idx(path, MNIST_SHA256[name])
    return arrays
