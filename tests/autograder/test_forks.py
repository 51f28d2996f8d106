"""What a sandbox tells its worker about forks: each that was asked for is ended."""

import socket
import time

import pytest

from autograder.inside import channel
from autograder.sandbox.limits import Limits
from autograder.sandbox.sandbox import Sandbox


class Tree:
    """Stands in for a tree of processes."""

    def __init__(self):
        self.control, self.worker = socket.socketpair()
        self.opened = []

    def open_socket(self, number):
        self.opened.append(number)
        ours, theirs = socket.socketpair()
        theirs.close()
        return ours

    def close(self):
        self.control.close()
        self.worker.close()

    def heard(self):
        return channel.receive(self.worker, time.monotonic() + 20)


@pytest.fixture
def tree(monkeypatch):
    made = Tree()
    monkeypatch.setattr("autograder.sandbox.sandbox.local.start", lambda *_: made)
    return made


def test_every_fork_has_a_number_and_is_ended(tree):
    with Sandbox("none", Limits()) as sandbox:
        for number in (1, 2):
            with sandbox.fork() as sock:
                assert tree.heard() == {"fork": number} and tree.opened[-1] == number
            assert sock.fileno() == -1 and tree.heard() == {"reap": number}
        with pytest.raises(KeyError), sandbox.fork():
            raise KeyError
        assert [tree.heard(), tree.heard()] == [{"fork": 3}, {"reap": 3}]
    assert tree.control.fileno() == -1


def test_a_worker_that_is_gone_hinders_no_end(tree):
    with Sandbox("none", Limits()) as sandbox, sandbox.fork():
        tree.worker.close()
