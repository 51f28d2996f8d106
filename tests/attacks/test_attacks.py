"""Every attack of the corpus is tried and fails, whoever runs the grader."""

import json
import os
import subprocess
import sys
import types

import pytest
from ta import readable_system
from thorough import one_in

from autograder.soundness.attacks import run_attacks
from autograder.soundness.corpus import Attack, call_ends, cell_ends, load_corpus, shows

ORDINARY_USER = "65534"
# most of the time all wait for a hanging submission to reach its limit
WORKERS = "4"
VERIFY = [sys.executable, "-m", "autograder", "verify", "--attacks", "--json", "--workers", WORKERS]
EVERY_ATTACK = one_in(6)
# what does not depend on the user is graded once only; a sixth of the rest crosses every wall
OF_THE_USER = f"""
import json
from autograder.soundness.corpus import load_corpus
from autograder.soundness.attacks import run_attacks
corpus = load_corpus()
corpus.ATTACKS = [*corpus.USER_DEPENDENT[::{EVERY_ATTACK}], *corpus.HONEST]
rows = run_attacks(corpus, {WORKERS}, print)
print(json.dumps({{"attacks": [vars(row) for row in rows]}}))
"""


def test_as_this_user(project, bubblewrap):
    rows = assert_harmless(VERIFY, project, dict(os.environ))
    assert len(rows) > 290


def test_as_an_ordinary_user(project, bubblewrap):
    if os.geteuid() != 0:
        pytest.skip("the tests run as an ordinary user already")
    command = [*readable_system(project), "setpriv", f"--reuid={ORDINARY_USER}",
               f"--regid={ORDINARY_USER}", "--clear-groups", "--inh-caps=-all",
               "--bounding-set=-all", sys.executable, "-c", OF_THE_USER]
    rows = assert_harmless(command, project, {"HOME": "/tmp/home", "PATH": os.environ["PATH"],
                                              "PYTHONPATH": str(project)})
    corpus = load_corpus()
    assert {row["name"] for row in rows} == {"the class", *(
        attack.name for attack in [*corpus.USER_DEPENDENT[::EVERY_ATTACK], *corpus.HONEST])}
    assert len(corpus.USER_DEPENDENT) > 60


def assert_harmless(command, project, env) -> list[dict]:
    done = subprocess.run(command, cwd=project, env=env, capture_output=True, text=True,
                          check=False)
    assert done.stdout, done.stderr[-2000:]
    rows = json.loads(done.stdout.splitlines()[-1])["attacks"]
    broken = [f"{row['name']}: {row['happened']}" for row in rows if not row["held"]]
    assert not broken, "\n".join(broken)
    return rows


def test_every_attack_has_a_name_of_its_own_and_says_what_it_tries():
    corpus = load_corpus()
    assert len({attack.name for attack in corpus.ATTACKS}) == len(corpus.ATTACKS)
    assert all(attack.tries and attack.must for attack in corpus.ATTACKS)
    assert {*corpus.USER_DEPENDENT, *corpus.HONEST} < {*corpus.ATTACKS}


MOVED = 'import sys\nsys.modules["autograder.moved"].channel'
IN_A_CALL = "def double(x):\n    " + MOVED.replace("\n", "\n    ")


@pytest.fixture(scope="module")
def judged(bubblewrap) -> dict[str, list]:
    """Rows by name of attacks that were tried, that broke at once, that win and that lose."""
    toy = load_corpus().TOY
    corpus = types.SimpleNamespace(TOY=toy, ATTACKS=[
        Attack("in-a-cell", "breaks at once", first=MOVED),
        Attack("in-a-cell-to-end-it", "breaks at once", first=MOVED,
               armed=cell_ends("killed", "timeout")),
        Attack("in-a-call", "breaks at once", double=IN_A_CALL),
        Attack("in-a-call-to-end-it", "breaks at once", double=IN_A_CALL,
               armed=call_ends("crash", "ended")),
        Attack("at-the-end", "breaks at once", last=MOVED, armed="found"),
        Attack("before-a-call", "breaks at once",
               double=f"{MOVED}\ndef double(x):\n    return x"),
        Attack("as-a-file", "hands in an ordinary notebook", file=lambda raw: raw),
        Attack("with-two-signs", "shows one of them", first="print('one')",
               armed=(shows("one"), shows("two"))),
        Attack("fine", "does nothing", first="1"),
        Attack("fine-as-well", "does nothing", double="def double(x):\n    return x"),
        Attack("fine-as-a-file", "adds a space", file=lambda raw: raw + b" "),
        Attack("gains", "answers rightly", double=toy.DOUBLE, points=2),
        Attack("loses", "answers wrongly", points=4, honest=True,
               double="def double(x):\n    return x")])
    rows = {}
    for row in run_attacks(corpus, 4, lambda line: None):
        rows.setdefault(row.name, []).append(row)
    return rows


def test_what_was_never_tried_does_not_count_as_held(judged):
    """Attacks that break at once, as when a module that they use is renamed, prove nothing."""
    tried = {name for name in judged if name.startswith("fine")}
    assert len(tried) == 3
    assert {name for name, (row, *_) in judged.items() if row.armed} == {
        *tried, "loses", "the class"}
    assert {name for name, (row, *_) in judged.items()
            if row.held and name != "the class"} == tried


def test_what_goes_wrong_for_the_class_is_counted(judged):
    happened = {row.must: row.happened for row in judged["the class"]}
    assert happened["0 points gained"] == "1 points gained: gains: 5"
    assert happened["0 other students changed"] == "1 other students changed: loses"
    assert all(seen.startswith("0 ") for must, seen in happened.items()
               if "gained" not in must and "changed" not in must)
