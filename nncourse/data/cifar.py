"""CIFAR-10's two file formats, the binary one and the pickles of the Python one."""

import codecs
import hashlib
import io
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np

from nncourse.data import places
from nncourse.data.errors import DataError

CLASSES = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")
BATCHES = ("data_batch_1", "data_batch_2", "data_batch_3", "data_batch_4", "data_batch_5")
PER_BATCH, PIXELS = 10_000, 3 * 32 * 32
REMEDY = "remove the folder and unpack the publisher's archive again"

# MD5 of the files of the Python version. For those of the binary version none is published: only
# its archive has one, so that a folder of them cannot be told from a changed copy.
PYTHON_MD5 = {
    "data_batch_1": "c99cafc152244af753f735de768cd75f",
    "data_batch_2": "d4bba439e000b95fd0a9bffe97cbabec",
    "data_batch_3": "54ebc095f3ab1f0389bbae665268c751",
    "data_batch_4": "634d18415352ddfa80567beed471001a",
    "data_batch_5": "482c414d41f54cd18b22e5b47cb7c3cb",
    "test_batch": "40351d587109b95175f43aff81a1287e",
}


class _ArraysOnly(pickle.Unpickler):
    """Unpickles what the published batches hold, arrays and plain values; imports nothing."""

    REBUILD_ARRAY = np.empty(0).__reduce__()[0]
    ALLOWED = {
        ("numpy.core.multiarray", "_reconstruct"): REBUILD_ARRAY,
        ("numpy._core.multiarray", "_reconstruct"): REBUILD_ARRAY,
        ("numpy", "ndarray"): np.ndarray,
        ("numpy", "dtype"): np.dtype,
        ("_codecs", "encode"): codecs.encode,
    }

    def find_class(self, module, name):
        try:
            return self.ALLOWED[module, name]
        except KeyError:
            raise pickle.UnpicklingError(f"{module}.{name} is not allowed") from None


def _unreadable(path: Path, error: OSError) -> DataError:
    return DataError(f"{path}: cannot be read ({error.strerror}): {REMEDY}")


def _read_binary(paths: list[Path]) -> tuple[np.ndarray, np.ndarray]:
    """Pixels (N, 3072) and labels (N,): records of a label byte and 3072 pixel bytes."""
    records: np.ndarray = np.empty((len(paths), PER_BATCH, 1 + PIXELS), np.uint8)
    for path, batch in zip(paths, records):
        try:
            size = path.stat().st_size
            if size == batch.nbytes:
                with path.open("rb") as file:
                    size = file.readinto(batch.data)
        except OSError as error:
            raise _unreadable(path, error) from None
        if size != batch.nbytes:
            raise DataError(f"{path}: has {size} bytes instead of {batch.nbytes}: {REMEDY}")
        _check(path, batch[:, 1:], batch[:, 0])
    records = records.reshape(-1, 1 + PIXELS)
    return records[:, 1:], records[:, 0]


def _read_pickles(paths: list[Path]) -> tuple[np.ndarray, np.ndarray]:
    """Pixels (N, 3072) and labels (N,)."""
    batches = []
    for path in paths:
        try:
            batch = _ArraysOnly(io.BytesIO(path.read_bytes()), encoding="bytes").load()
            # Python 2 wrote the publisher's keys; who saves them again with Python 3 has text
            batch = {key if isinstance(key, bytes) else key.encode(): batch[key] for key in batch}
            pixels, labels = np.asarray(batch[b"data"]), np.asarray(batch[b"labels"])
        except OSError as error:
            raise _unreadable(path, error) from None
        except pickle.UnpicklingError as error:
            raise DataError(f"{path}: cannot be read ({error}): {REMEDY}") from None
        except Exception as error:  # a damaged pickle can raise anything, in any number of lines
            raise DataError(f"{path}: cannot be read ({type(error).__name__}): {REMEDY}") from None
        _check(path, pixels, labels)
        batches.append((pixels, labels))
    pixels, labels = map(np.concatenate, zip(*batches))
    return pixels, labels


def _check(path: Path, pixels: np.ndarray, labels: np.ndarray) -> None:
    if pixels.shape != (PER_BATCH, PIXELS) or pixels.dtype != np.uint8:
        raise DataError(f"{path}: does not hold {PER_BATCH} pictures of 32x32x3 bytes: {REMEDY}")
    whole = labels.shape == (PER_BATCH,) and labels.dtype.kind in "iu"
    if not whole or labels.min() < 0 or labels.max() > 9:
        raise DataError(f"{path}: does not hold {PER_BATCH} labels from 0 to 9: {REMEDY}")


class Form(NamedTuple):
    """One of the two forms in which CIFAR-10 is published."""

    folder: str
    end: str
    read: Callable[[list[Path]], tuple[np.ndarray, np.ndarray]]


FORMS = (Form("cifar-10-batches-bin", ".bin", _read_binary),
         Form("cifar-10-batches-py", "", _read_pickles))


def _found(folder: Path) -> tuple[list[Path], Form]:
    """The folders with the batches that are nearest to `folder`, the binary ones if there are."""
    found = [(place, form) for place in places.folders(folder) for form in FORMS
             if place.name == form.folder or (place / f"{BATCHES[0]}{form.end}").is_file()]
    depth = min((len(place.parts) for place, _ in found), default=0)
    nearest = [(place, form) for place, form in found if len(place.parts) == depth]
    form = next((form for form in FORMS if form in {form for _, form in nearest}), FORMS[0])
    return [place for place, its in nearest if its is form], form


def read_cifar10(folder: Path) -> tuple[dict[str, np.ndarray], bool | None]:
    """Read cifar-10-batches-bin/ or cifar-10-batches-py/: `folder`, or at most two below it.

    Returns
    -------
    X_train (50000, 32, 32, 3) uint8, y_train (50000,) int64, X_test, y_test; and whether the
    files are the originals by checksum: None for the binary version, whose files' checksums are
    not published.

    Raises
    ------
    DataError
        Neither is there, or a file is damaged.
    """
    files, form = _found(folder)
    if len(files) > 1:
        raise DataError(f"{folder}: has CIFAR-10 in {files[0]} and in {files[1]}: let "
                        "NNCOURSE_DATA name the one that is meant")
    if not files:
        archive = places.find(folder, ("cifar-10-binary.tar.gz", "cifar-10-python.tar.gz"))
        if archive:
            raise DataError(f"{archive}: is not unpacked yet: run `tar -xzf {archive.name}` in its "
                            "folder")
        raise DataError(f"{folder}: has neither cifar-10-batches-bin/ nor cifar-10-batches-py/: "
                        "unpack the publisher's archive there, or unset NNCOURSE_DATA")
    (place,) = files
    arrays = {}
    for part, names in (("train", BATCHES), ("test", ("test_batch",))):
        pixels, labels = form.read([place / f"{name}{form.end}" for name in names])
        arrays[f"X_{part}"] = pixels.reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1)
        arrays[f"y_{part}"] = labels.astype(np.int64)
    if form.read is _read_binary:
        return arrays, None
    return arrays, all(hashlib.md5((place / name).read_bytes()).hexdigest() == md5
                       for name, md5 in PYTHON_MD5.items())
