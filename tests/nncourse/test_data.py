"""Data sets: the publishers' files or nothing, and stand-ins that say what they are."""

import gzip
import hashlib
import http.server
import os
import pickle
import shutil
import socket
import struct
import tarfile
import threading
import time

import numpy as np
import pytest

from nncourse import data
from nncourse.data import DataError, cifar, download, idx, images, places, standins


def idx_bytes(array):
    header = struct.pack(">HBB", 0, 8, array.ndim) + struct.pack(f">{array.ndim}I", *array.shape)
    return header + array.tobytes()


@pytest.fixture
def mnist_folder(tmp_path, monkeypatch):
    """Small files in MNIST's format, with checksums to match, named by NNCOURSE_DATA."""
    rng = np.random.default_rng(0)
    folder = tmp_path / "files"
    folder.mkdir()
    checksums = {}
    for name, shape in zip(idx.MNIST_SHA256, [(20, 28, 28), (20,), (10, 28, 28), (10,)]):
        raw = idx_bytes(rng.integers(0, 10, size=shape, dtype=np.uint8))
        checksums[name] = hashlib.sha256(raw).hexdigest()
        (folder / f"{name}.gz").write_bytes(gzip.compress(raw))
    for name, value in checksums.items():
        monkeypatch.setitem(idx.MNIST_SHA256, name, value)
    monkeypatch.setenv(images.VARIABLE, str(folder))
    return folder


def fails(load, *words):
    with pytest.raises(DataError) as caught:
        load()
    text = str(caught.value)
    assert "\n" not in text and all(word in text for word in words), text


def test_mnist_from_the_named_folder(mnist_folder):
    digits = data.mnist()
    assert digits.X_train.shape == (20, 28, 28) and digits.X_train.dtype == np.uint8
    assert digits.y_test.shape == (10,) and digits.y_test.dtype == np.int64
    assert digits.name == "MNIST" and not digits.is_standin


def test_mnist_uncompressed_and_in_a_subfolder(mnist_folder):
    (mnist_folder / "mnist").mkdir()
    for path in mnist_folder.glob("*.gz"):
        (mnist_folder / "mnist" / path.stem).write_bytes(gzip.decompress(path.read_bytes()))
        path.unlink()
    assert data.mnist().X_test.shape == (10, 28, 28)


def test_a_browser_may_unpack_without_renaming(mnist_folder):
    for path in mnist_folder.glob("*.gz"):
        path.write_bytes(gzip.decompress(path.read_bytes()))
    assert data.mnist().name == "MNIST"


def test_another_gzip_wrapper_is_the_same_file(mnist_folder):
    for path in mnist_folder.glob("*.gz"):
        path.write_bytes(gzip.compress(gzip.decompress(path.read_bytes()), 1, mtime=1))
    assert data.mnist().name == "MNIST"


@pytest.mark.parametrize("packed", [True, False], ids=["gz", "raw"])
@pytest.mark.parametrize("share", [0, 0.0002, 0.001, 0.3, 0.9, 0.9999])
def test_a_truncated_mnist_file_is_never_used(mnist_folder, packed, share):
    path = mnist_folder / "train-images-idx3-ubyte.gz"
    raw = path.read_bytes() if packed else gzip.decompress(path.read_bytes())
    path.write_bytes(raw[:int(share * len(raw))])
    fails(data.mnist, str(path), "get it again")


def test_a_flipped_bit_in_a_mnist_file_is_noticed(mnist_folder):
    path = mnist_folder / "t10k-images-idx3-ubyte.gz"
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 2] ^= 1
    path.write_bytes(raw)
    fails(data.mnist, str(path), "get it again")


def test_an_unreadable_mnist_file_is_named(mnist_folder):
    path = mnist_folder / "t10k-images-idx3-ubyte.gz"
    path.unlink()
    path.mkdir()
    fails(data.mnist, str(mnist_folder), "has no t10k-images-idx3-ubyte.gz")
    with pytest.raises(DataError, match="cannot be read .Is a directory"):
        idx.read_idx(path, "")


@pytest.mark.parametrize("place", [
    "MNIST/raw/{}", "raw/{}", "{dotted}", "{}/{}", "{dotted}/{dotted}", "archive/{dotted}/{dotted}",
    "MNIST/raw/{}.gz", "mnist/{dotted}.gz"])
def test_mnist_as_others_lay_it_out(mnist_folder, place):
    for path in sorted(mnist_folder.glob("*.gz")):
        name = path.name.removesuffix(".gz")
        raw = path.read_bytes()
        path.unlink()
        new = mnist_folder / place.format(name, name, dotted=name.replace("-idx", ".idx"))
        new.parent.mkdir(parents=True, exist_ok=True)
        new.write_bytes(raw if place.endswith(".gz") else gzip.decompress(raw))
    assert data.mnist().X_test.shape == (10, 28, 28)


@pytest.mark.parametrize("place", ["cifar-10-batches-{}", "cifar-10/cifar-10-batches-{}", "mine",
                                   "archive/mine"])
@pytest.mark.parametrize("form", ["bin", "py"])
def test_cifar10_as_others_lay_it_out(request, tmp_path, monkeypatch, form, place):
    files = request.getfixturevalue({"bin": "binary_folder", "py": "pickle_folder"}[form])
    top = tmp_path / "data"
    new = top / place.format(form)
    new.parent.mkdir(parents=True)
    files.rename(new)
    for named in (top, new):  # the folder of the files may be named itself
        monkeypatch.setenv(images.VARIABLE, str(named))
        assert data.cifar10().X_train.shape == (100, 32, 32, 3)


def test_two_copies_are_refused_and_not_guessed_between(pickle_folder, tmp_path):
    for name in "original", "jpeg", "old":
        shutil.copytree(pickle_folder, tmp_path / "data" / name / pickle_folder.name)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(images.VARIABLE, str(tmp_path / "data"))
        fails(data.cifar10, "jpeg", "old", "let NNCOURSE_DATA name the one")
        (tmp_path / "data" / "old").rename(tmp_path / "data" / "jpeg" / "old")
        patch.setenv(images.VARIABLE, str(tmp_path / "data" / "jpeg"))  # the nearest counts
        assert data.cifar10().X_test.shape == (20, 32, 32, 3)


def test_batches_saved_again_by_python_3_are_read(pickle_folder):
    for path in pickle_folder.iterdir():
        batch = {key.decode(): value for key, value in pickle.loads(path.read_bytes()).items()}
        path.write_bytes(pickle.dumps(batch))
    assert data.cifar10().X_test.shape == (20, 32, 32, 3)


def test_an_archive_that_is_not_unpacked_is_named(monkeypatch, tmp_path):
    (tmp_path / "cifar-10-python.tar.gz").write_bytes(b"")
    monkeypatch.setenv(images.VARIABLE, str(tmp_path))
    fails(data.cifar10, "cifar-10-python.tar.gz", "tar -xzf")


def test_a_huge_folder_is_not_walked(monkeypatch, tmp_path):
    monkeypatch.setattr(places, "MAX_FOLDERS", 5)
    for number in range(9):
        (tmp_path / f"{number}" / "deeper" / "still").mkdir(parents=True)
    assert len(list(places.folders(tmp_path))) == 5
    monkeypatch.setattr(places, "MAX_FOLDERS", 500)
    assert len(list(places.folders(tmp_path))) == 19


def test_a_folder_that_is_not_there_is_named(monkeypatch, tmp_path):
    monkeypatch.setenv(images.VARIABLE, str(tmp_path / "nowhere"))
    for load in (data.mnist, data.cifar10):
        fails(load, str(tmp_path / "nowhere"), "NNCOURSE_DATA", "correct or unset it")


def test_an_empty_variable_names_no_folder(offline, monkeypatch):
    monkeypatch.setenv(images.VARIABLE, "")
    assert data.mnist().is_standin


def test_another_file_under_mnists_name_is_never_used(mnist_folder):
    path = mnist_folder / "t10k-labels-idx1-ubyte.gz"
    path.write_bytes(gzip.compress(idx_bytes(np.zeros(10, np.uint8))))
    fails(data.mnist, str(path), "checksum")


def test_a_missing_mnist_file_is_named(mnist_folder):
    (mnist_folder / "train-labels-idx1-ubyte.gz").unlink()
    fails(data.mnist, "train-labels-idx1-ubyte.gz", "NNCOURSE_DATA")


@pytest.mark.parametrize("header", [
    struct.pack(">HBBI", 0, 13, 1, 3), struct.pack(">HBBI", 1, 8, 1, 3),
    struct.pack(">HBBI", 0, 8, 1, 4), struct.pack(">HBBI", 0, 8, 1, 2),
], ids=["type", "magic", "count too large", "count too small"])
def test_a_right_checksum_over_a_wrong_header_is_refused(tmp_path, header):
    raw = header + b"abc"
    path = tmp_path / "x"
    path.write_bytes(raw)
    fails(lambda: idx.read_idx(path, hashlib.sha256(raw).hexdigest()), "idx")


@pytest.fixture
def small_batches(monkeypatch):
    """Batches of 20 pictures instead of 10,000."""
    monkeypatch.setattr(cifar, "PER_BATCH", 20)
    rng = np.random.default_rng(0)
    pixels = rng.integers(0, 256, size=(6, 20, cifar.PIXELS), dtype=np.uint8)
    labels = rng.integers(0, 10, size=(6, 20), dtype=np.uint8)
    return dict(zip((*cifar.BATCHES, "test_batch"), zip(pixels, labels)))


@pytest.fixture
def binary_folder(tmp_path, small_batches, monkeypatch):
    folder = tmp_path / "cifar-10-batches-bin"
    folder.mkdir()
    for name, (pixels, labels) in small_batches.items():
        np.column_stack([labels, pixels]).tofile(folder / f"{name}.bin")
    monkeypatch.setenv(images.VARIABLE, str(tmp_path))
    return folder


@pytest.fixture
def pickle_folder(tmp_path, small_batches, monkeypatch):
    folder = tmp_path / "cifar-10-batches-py"
    folder.mkdir()
    for name, (pixels, labels) in small_batches.items():
        batch = {b"data": pixels, b"labels": labels.tolist()}
        (folder / name).write_bytes(pickle.dumps(batch, protocol=2))
    monkeypatch.setenv(images.VARIABLE, str(tmp_path))
    return folder


def test_both_versions_of_cifar10_give_the_same_arrays(binary_folder, request, small_batches):
    first = data.cifar10()
    assert first.X_train.shape == (100, 32, 32, 3) and first.y_test.dtype == np.int64
    # channels first in the file, last in the array
    pixels, labels = small_batches["data_batch_2"]
    np.testing.assert_array_equal(first.X_train[20, 5, 7], pixels[0].reshape(3, 32, 32)[:, 5, 7])
    request.getfixturevalue("pickle_folder")
    for path in binary_folder.iterdir():
        path.unlink()
    binary_folder.rmdir()
    second = data.cifar10()
    np.testing.assert_array_equal(first.X_train, second.X_train)
    np.testing.assert_array_equal(first.y_test, second.y_test)
    assert "differ from the original" in second.name
    assert "not compared" in first.name


def test_original_python_files_are_recognised(pickle_folder, monkeypatch):
    for name in cifar.PYTHON_MD5:
        digest = hashlib.md5((pickle_folder / name).read_bytes()).hexdigest()
        monkeypatch.setitem(cifar.PYTHON_MD5, name, digest)
    assert data.cifar10().name == "CIFAR-10"


@pytest.mark.parametrize("size", [0, 1, 3073, 3073 * 20 - 1, 3073 * 20 + 1])
def test_a_binary_batch_of_another_size_is_never_used(binary_folder, size):
    path = binary_folder / "data_batch_3.bin"
    path.write_bytes((path.read_bytes() + b"x")[:size])
    fails(data.cifar10, str(path), "bytes instead of")


def test_a_label_out_of_range_is_refused(binary_folder):
    path = binary_folder / "test_batch.bin"
    path.write_bytes(b"\x0b" + path.read_bytes()[1:])
    fails(data.cifar10, str(path), "labels")


def test_a_missing_batch_and_a_missing_folder_are_named(binary_folder, tmp_path):
    (binary_folder / "data_batch_5.bin").unlink()
    fails(data.cifar10, "data_batch_5.bin", "No such file")
    for path in binary_folder.iterdir():
        path.unlink()
    binary_folder.rmdir()
    fails(data.cifar10, str(tmp_path), "neither")


class Evil:
    def __init__(self, marker):
        self.marker = marker

    def __reduce__(self):
        return os.mkdir, (self.marker,)


def test_a_pickle_that_would_run_code_does_not(pickle_folder, tmp_path):
    marker = str(tmp_path / "ran")
    (pickle_folder / "data_batch_1").write_bytes(pickle.dumps({b"data": Evil(marker)}, protocol=2))
    fails(data.cifar10, "data_batch_1", "not allowed")
    assert not os.path.exists(marker)


@pytest.mark.parametrize("name", ["numpy.load", "builtins.eval", "numpy.core.multiarray.fromfile"])
def test_a_pickle_may_name_only_what_arrays_need(pickle_folder, name):
    module, function = name.rsplit(".", 1)
    raw = b"\x80\x02c" + f"{module}\n{function}\n".encode() + b"."
    (pickle_folder / "test_batch").write_bytes(raw)
    fails(data.cifar10, "test_batch", f"{name} is not allowed")


def test_arrays_pickled_by_old_numpy_are_read(pickle_folder, small_batches):
    path = pickle_folder / "data_batch_1"
    path.write_bytes(path.read_bytes().replace(b"numpy._core.", b"numpy.core."))
    assert b"numpy.core.multiarray" in path.read_bytes()
    pixels = small_batches["data_batch_1"][0].reshape(-1, 3, 32, 32)
    np.testing.assert_array_equal(data.cifar10().X_train[:20], pixels.transpose(0, 2, 3, 1))


@pytest.mark.parametrize("change", [
    {b"data": np.zeros((20, 3071), np.uint8)}, {b"data": np.zeros((20, 3072))},
    {b"labels": [0] * 19}, {b"labels": [10] * 20}, {b"labels": [b"cat"] * 20},
    {b"labels": [0.5] * 20},
], ids=["pixels", "type", "count", "range", "names", "fractions"])
def test_a_pickle_of_something_else_is_refused(pickle_folder, change):
    path = pickle_folder / "data_batch_2"
    batch = pickle.loads(path.read_bytes()) | change
    path.write_bytes(pickle.dumps(batch, protocol=2))
    fails(data.cifar10, str(path), "does not hold 20")


@pytest.mark.parametrize("cut", [0, 1, 10, 60, 5000, -1])
def test_a_truncated_pickle_is_never_used(pickle_folder, cut):
    path = pickle_folder / "data_batch_4"
    path.write_bytes(path.read_bytes()[:cut])
    fails(data.cifar10, str(path), "unpack the publisher's archive again")


@pytest.fixture
def offline(monkeypatch):
    """No named folder, and downloads that find no network."""
    monkeypatch.delenv(images.VARIABLE, raising=False)
    monkeypatch.setattr(download, "fetch_mnist", lambda: None)
    monkeypatch.setattr(download, "fetch_cifar10", lambda: None)


def test_offline_a_stand_in_says_so_in_one_line(offline, capsys):
    digits = data.mnist()
    assert digits.is_standin and "stand-in for MNIST" in digits.name
    assert digits.X_train.shape == (1437, 28, 28) and digits.X_test.shape == (360, 28, 28)
    printed = capsys.readouterr().out
    assert printed.count("\n") == 1 and digits.name in printed


def test_a_stand_in_that_was_asked_for_is_silent_and_always_the_same(capsys, monkeypatch):
    monkeypatch.setenv(images.VARIABLE, "/nowhere")
    first, second = data.cifar10(standin=True), data.cifar10(standin=True)
    assert capsys.readouterr().out == ""
    assert first.X_train.shape == (5000, 32, 32, 3) and first.X_train.dtype == np.uint8
    assert np.bincount(first.y_train, minlength=10).min() > 400
    np.testing.assert_array_equal(first.X_test, second.X_test)
    assert first.classes[0] == "disc" and len(first.classes) == 10


class FileServer:
    """Serves bytes by path on loopback and counts requests."""

    def __init__(self, files):
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_HEAD(handler):
                handler.send_error(403)

            def do_GET(handler):
                self.requests.append(handler.path)
                body, promised = files.get(handler.path, (b"", None))
                handler.send_response(200 if promised is not None else 404)
                handler.send_header("Content-Length", str(promised or 0))
                handler.end_headers()
                handler.wfile.write(body)

            def log_message(self, *args):
                pass

        self.requests = []
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/"


@pytest.fixture
def publisher(tmp_path, monkeypatch):
    """A function that serves files in the publishers' place; the cache is in tmp_path."""
    monkeypatch.delenv(images.VARIABLE, raising=False)
    monkeypatch.setattr(download, "cache_folder", lambda: tmp_path / "cache")
    monkeypatch.setattr(standins, "NUM_TRAIN", 50)
    monkeypatch.setattr(standins, "NUM_TEST", 10)
    servers = []

    def serve(*mirrors):
        download.fetch_mnist.cache_clear()
        download.fetch_cifar10.cache_clear()
        latest = [FileServer(files) for files in mirrors]
        servers.extend(latest)
        monkeypatch.setattr(download, "MNIST_MIRRORS", tuple(s.url for s in latest))
        monkeypatch.setattr(download, "CIFAR10_URL", latest[0].url + "cifar-10-binary.tar.gz")
        return latest

    yield serve
    for server in servers:
        server.server.shutdown()
        server.server.server_close()
    download.fetch_mnist.cache_clear()
    download.fetch_cifar10.cache_clear()


def whole(folder):
    return {f"/{p.name}": (p.read_bytes(), p.stat().st_size) for p in folder.glob("*.gz")}


def kept(tmp_path):
    return [path for path in (tmp_path / "cache").rglob("*") if path.is_file()]


def test_mnist_is_downloaded_once_and_then_read_from_the_cache(mnist_folder, publisher, tmp_path,
                                                               capfd):
    publisher(whole(mnist_folder))
    assert data.mnist().name == "MNIST"
    assert len(kept(tmp_path)) == 4
    server, = publisher({})  # the publisher has nothing any more
    assert data.mnist().X_train.shape == (20, 28, 28)
    assert server.requests == []
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("body", [
    lambda raw: (raw[:50], len(raw)), lambda raw: (raw[:50], 50),
    lambda raw: (b"<html>", 6), lambda raw: (gzip.compress(raw), len(gzip.compress(raw))),
], ids=["broken off", "short", "a login page", "another file"])
def test_a_damaged_download_is_neither_used_nor_kept(mnist_folder, publisher, tmp_path, body,
                                                     capsys):
    good = whole(mnist_folder)
    bad = {path: body(raw) for path, (raw, _) in good.items()}
    publisher(bad)
    assert data.mnist().is_standin and kept(tmp_path) == []
    assert capsys.readouterr().out.count("\n") == 1
    publisher(bad, good)  # the next mirror is better
    assert data.mnist().name == "MNIST"


def test_a_cached_file_that_was_damaged_later_is_an_error(mnist_folder, publisher, tmp_path):
    publisher(whole(mnist_folder))
    data.mnist()
    path = kept(tmp_path)[0]
    path.write_bytes(path.read_bytes()[:30])
    fails(data.mnist, str(path), "remove it")


def test_the_network_is_tried_once(publisher):
    server, = publisher({})
    assert data.mnist().is_standin and data.mnist().is_standin
    assert len(server.requests) == 1


def test_a_silent_server_counts_as_no_network(monkeypatch):
    monkeypatch.setattr(download, "SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        started = time.monotonic()
        assert download._reachable((url, url)) == []
        assert time.monotonic() - started < 2


def test_a_named_folder_is_never_completed_from_the_network(mnist_folder, publisher, monkeypatch):
    server, = publisher(whole(mnist_folder))
    monkeypatch.setenv(images.VARIABLE, str(mnist_folder))
    path = mnist_folder / "train-images-idx3-ubyte.gz"
    path.unlink()
    fails(data.mnist, path.stem)
    assert server.requests == []


def archive(tmp_path, folder, extra=None):
    path = tmp_path / "archive.tar.gz"
    with tarfile.open(path, "w:gz") as tar:
        tar.add(folder, "cifar-10-batches-bin")
        if extra:
            tar.addfile(tarfile.TarInfo(extra))
    return path.read_bytes()


def test_cifar10_is_downloaded_verified_and_unpacked(binary_folder, publisher, tmp_path,
                                                     monkeypatch):
    raw = archive(tmp_path, binary_folder)
    served = {"/cifar-10-binary.tar.gz": (raw, len(raw))}
    publisher(served)
    assert data.cifar10().is_standin and kept(tmp_path) == []  # the checksum is another
    monkeypatch.setattr(download, "CIFAR10_MD5", hashlib.md5(raw).hexdigest())
    publisher(served)
    pictures = data.cifar10()
    assert pictures.name == "CIFAR-10" and pictures.X_train.shape == (100, 32, 32, 3)
    assert {path.suffix for path in kept(tmp_path)} == {".bin"}  # the archive is not kept


def test_an_archive_that_leads_outside_is_refused(binary_folder, publisher, tmp_path,
                                                  monkeypatch):
    raw = archive(tmp_path, binary_folder, extra="../../outside")
    monkeypatch.setattr(download, "CIFAR10_MD5", hashlib.md5(raw).hexdigest())
    publisher({"/cifar-10-binary.tar.gz": (raw, len(raw))})
    assert data.cifar10().is_standin
    assert kept(tmp_path) == [] and not (tmp_path / "outside").exists()


def test_flatten_and_split():
    X, y = np.arange(60, dtype=np.uint8).reshape(5, 2, 2, 3), np.arange(5)
    flat = data.flatten(X)
    assert flat.shape == (5, 12) and flat.dtype == np.float64 and flat.max() == 59 / 255
    X_train, y_train, X_val, y_val = data.train_validation_split(X, y, 0.4, seed=1)
    assert len(X_train) == 3 and len(X_val) == 2
    assert sorted([*y_train, *y_val]) == [0, 1, 2, 3, 4]
    np.testing.assert_array_equal(X[y_val], X_val)
    for fraction in (0, 1):
        with pytest.raises(ValueError, match="empty"):
            data.train_validation_split(X, y, fraction)
    with pytest.raises(ValueError, match="labels"):
        data.train_validation_split(X, y[:3])


@pytest.mark.skipif(images.VARIABLE not in os.environ, reason="NNCOURSE_DATA names no real files")
def test_the_real_files():
    digits, pictures = data.mnist(), data.cifar10()
    assert digits.X_train.shape == (60_000, 28, 28)
    assert np.bincount(digits.y_test).tolist() == [980, 1135, 1032, 1010, 982, 892, 958, 1028,
                                                   974, 1009]
    assert pictures.X_train.shape == (50_000, 32, 32, 3)
    assert np.bincount(pictures.y_test).tolist() == [1000] * 10


def test_the_digits_are_scikit_learns():
    from sklearn.datasets import load_digits

    from nncourse.data.standins import digits_like_mnist, small_digits

    assert np.array_equal(small_digits()[0], load_digits().data)
    assert np.array_equal(small_digits()[1], load_digits().target)
    images = digits_like_mnist()
    small = np.concatenate([images["X_train"], images["X_test"]])[:, 2:-2:3, 2:-2:3]
    rows = sorted(map(bytes, small.reshape(-1, 64)))
    theirs = np.round(load_digits().data * (255 / 16)).astype(np.uint8)
    assert rows == sorted(map(bytes, theirs))
