"""MNIST's own file format, idx: a header and unsigned bytes."""

import gzip
import hashlib
import struct
import zlib
from pathlib import Path

import numpy as np

from nncourse.data.errors import DataError

# MD5 of the uncompressed files, so that any gzip of them will do
MNIST_MD5 = {
    "train-images-idx3-ubyte": "6bbc9ace898e44ae57da46a324031adb",
    "train-labels-idx1-ubyte": "a25bea736e30d166cdddb491f175f624",
    "t10k-images-idx3-ubyte": "2646ac647ad5339dbf082846283269ea",
    "t10k-labels-idx1-ubyte": "27ae3e4e09519cfbb04c329615203637",
}
UNSIGNED_BYTE = 8
GZIP_MAGIC = b"\x1f\x8b"


def read_idx(path: Path, md5: str) -> np.ndarray:
    """Read an idx file, gzipped or not, whose uncompressed bytes have this MD5.

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
    if hashlib.md5(raw).hexdigest() != md5:
        raise DataError(f"{path}: is not the publisher's file (wrong checksum): {remedy}")
    # the checksum vouches for the bytes; the header tells what they mean
    zero, kind, dims = struct.unpack(">HBB", raw[:4])
    shape = struct.unpack(f">{dims}I", raw[4:4 + 4 * dims])
    if zero != 0 or kind != UNSIGNED_BYTE or len(raw) != 4 + 4 * dims + int(np.prod(shape)):
        raise DataError(f"{path}: is not an idx file of bytes: {remedy}")
    return np.frombuffer(raw, np.uint8, offset=4 + 4 * dims).reshape(shape).copy()


def read_mnist(folder: Path) -> dict[str, np.ndarray]:
    """Read the four files from `folder` or its subfolder mnist/, as X_train, y_train, ..."""
    arrays = {}
    names = dict(zip(("X_train", "y_train", "X_test", "y_test"), MNIST_MD5))
    for array, name in names.items():
        candidates = [place / (name + end) for place in (folder, folder / "mnist")
                      for end in (".gz", "")]
        path = next((c for c in candidates if c.exists()), None)
        if path is None:
            raise DataError(f"{folder}: has no {name}.gz (nor in mnist/): put the file there, or "
                            "unset NNCOURSE_DATA to have it downloaded")
        arrays[array] = read_idx(path, MNIST_MD5[name])
    return arrays
