"""What a result holds, as types; docs/results.md says in words what each field means."""

from typing import NotRequired, TypedDict


class Counterexample(TypedDict):
    """A public input on which a student's function goes wrong (`examples.Search.first`)."""

    code: str
    yours: str
    right: str
    before: int


class TestRecord(TypedDict):
    """What became of one hidden test."""

    name: str
    title: str
    weight: float
    outcome: str
    message: str
    mistake: str | None
    read: str | None
    fault: NotRequired[str]


class PartRecord(TypedDict):
    """What one graded cell has earned, and its tests."""

    name: str
    title: str
    score: float
    max_score: float
    check: str
    example: Counterexample | None
    tests: list[TestRecord]


class CellRecord(TypedDict):
    """What one code cell printed, drew and raised; `images` are PNG files in base64."""

    index: int
    grade_id: str | None
    source: str
    stdout: str
    error: str | None
    images: list[str]
    outcome: str
    seconds: float


class Result(TypedDict):
    """All of it, as the store keeps it."""

    schema: int
    assignment: str
    engine: str
    isolation: str
    status: str
    reason: str | None
    parts: list[PartRecord]
    cells: list[CellRecord]
    notes: list[str]
    score: float
    max_score: float
    seconds: float
    fault: NotRequired[str]


def without_cells(result: Result) -> Result:
    """The result without its cells, which hold most of its bytes."""
    return {**result, "cells": []}


def without_examples(result: Result) -> Result:
    """A result that gives no right answer to any input."""
    return {**result, "parts": [{**part, "example": None} for part in result["parts"]]}
