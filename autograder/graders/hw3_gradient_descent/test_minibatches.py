"""Minibatches."""

import numpy as np

from autograder.api import Made, as_numbers, describe, fail
from autograder.graders.hw3_gradient_descent.mistakes import BATCHES, READ_LOOP

MANY = 100  # batches and indices beyond which no epoch of a few examples is looked at


def batches_of(call, num_examples, batch_size, seed, made="generator") -> list[list[int]]:
    """One epoch as lists of whole numbers, from the `minibatches` that `call` asks."""
    given = call("minibatches", num_examples, batch_size, Made(made, (seed,)))
    if not isinstance(given, (list, tuple)):
        fail(f"`minibatches` is to return a list of index arrays, yours is {describe(given)}.")
    batches, indices = [], 0
    for batch in given:
        array = as_numbers(batch) if isinstance(batch, (np.ndarray, list, tuple)) else None
        if array is None or array.ndim != 1 or (array.size and array.dtype.kind not in "iu"):
            fail("every batch is to be an array of whole numbers of shape (size of the batch,), "
                 f"yours has {describe(batch)}.")
        batches.append(array.tolist())
        indices += array.size
        if len(batches) + indices > MANY + 10 * num_examples:
            fail(f"{num_examples} examples in batches of {batch_size}: your batches have far "
                 "more indices than there are examples.", read=READ_LOOP)
    return batches


def check(student, num_examples, batch_size, seed):
    """Every example once, batches of the size that was asked for."""
    batches = batches_of(student.call, num_examples, batch_size, seed)
    seen = sorted(index for batch in batches for index in batch)
    full, rest = divmod(num_examples, batch_size)
    sizes, wanted = [len(batch) for batch in batches], [batch_size] * full + [rest] * (rest > 0)
    what = f"{num_examples} examples in batches of {batch_size}"
    if sizes != wanted and sizes == _sizes_of_so_many(num_examples, batch_size):
        BATCHES["number-of-batches"].fail()
    if rest and sizes == [batch_size] * full:
        BATCHES["last-batch-dropped"].fail()
    if len(seen) == num_examples - 1:
        BATCHES["last-example-left-out"].fail()
    if [] in batches:
        BATCHES["empty-batch"].fail()
    if len(set(seen)) < len(seen):
        _fail_by_repetition(batches, full, rest, batch_size, what)
    if seen == list(range(1, num_examples + 1)):
        BATCHES["counted-from-one"].fail()
    if seen != list(range(num_examples)):
        fail(f"{what}: {len(seen)} indices in all, and not each from 0 to "
             f"{num_examples - 1} once.", read=READ_LOOP)
    if sizes != wanted:
        _fail_by_sizes(batches, sizes, wanted, what)
    return batches


def _sizes_of_so_many(num_examples, count) -> list[int]:
    """The sizes of so many batches, as equal as possible."""
    return [len(batch) for batch in np.array_split(np.arange(num_examples), count)]


def _fail_by_repetition(batches, full, rest, batch_size, what):
    first = sum(batches[:full], [])
    if full and rest and [len(batch) for batch in batches] == [batch_size] * (full + 1) \
            and len(set(first)) == len(first):
        BATCHES["last-batch-filled-up"].fail()
    if not full:
        fail(f"{what}: one batch is due that holds each of them once.", read=READ_LOOP)
    BATCHES["with-replacement"].fail()


def _fail_by_sizes(batches, sizes, wanted, what):
    if sorted(sizes) == sorted(wanted):
        together = all(max(batch) - min(batch) == len(batch) - 1 for batch in batches)
        BATCHES["order-of-batches-only" if together else "small-batch-not-last"].fail()
    if len(sizes) == len(wanted) - 1 and sizes[:-1] == wanted[:-2]:
        BATCHES["rest-added-to-the-last-batch"].fail()
    if max(sizes) - min(sizes) <= 1:
        BATCHES["batches-of-equal-size"].fail()
    fail(f"{what}: yours have the sizes {sizes[:8]}.", read=READ_LOOP)


def test_every_example_once(student, rng):
    """Each example once; sizes that divide the number of examples and sizes that do not."""
    for num_examples, batch_size in [(12, 4), (10, 4), (14, 3), (7, 7), (5, 1), (9, 2)]:
        check(student, num_examples, batch_size, int(rng.integers(1000)))


def test_edges(student, rng):
    """A single example; batches larger than all examples together."""
    for num_examples, batch_size in [(1, 1), (6, 100), (1, 5)]:
        check(student, num_examples, batch_size, int(rng.integers(1000)))


def check_order(student, seed):
    """A random order of the examples that `rng` decides, and nothing else."""
    orders = [sum(batches_of(student.call, 40, 8, s), []) for s in (seed, seed + 1, seed)]
    blocks = [[order[i:i + 8] for i in range(0, 40, 8)] for order in orders]
    if orders[0] == list(range(40)):
        BATCHES["not-shuffled"].fail()
    if all(sorted(block) == list(range(8 * i, 8 * i + 8)) for i, block in enumerate(blocks[0])):
        BATCHES["shuffled-within-batches"].fail()
    if any(max(block) - min(block) == 7 for order in blocks for block in order):
        BATCHES["order-of-batches-only"].fail()
    if orders[0] == orders[1]:
        BATCHES["rng-not-used"].fail()
    if orders[0] != orders[2]:
        fail("Two generators with the same seed give different orders: draw from `rng` and from "
             "nothing else, or nobody can repeat your run.", read=READ_LOOP)
    epochs = [batches_of(student.call, 40, 8, seed, "lasting_generator") for _ in range(2)]
    if epochs[0] == epochs[1]:
        BATCHES["same-order-again"].fail()


def test_in_random_order(student, rng):
    """A random order that comes from `rng`: another for another seed, the same for the same."""
    check_order(student, int(rng.integers(1000)))
