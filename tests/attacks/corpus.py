"""The attack corpus: submissions of the toy assignment, hostile and honest.

`python -m autograder verify --attacks` grades them all and prints a table. Each is a few lines;
what it finds it prints, and secrets are laid out so that a find shows (soundness/attacked.py). Each
shows that it was tried (`armed`), or it counts as not held.
"""

from .channel import SOCKETS
from .common import TOY
from .ending import ENDING
from .files import FILES
from .floods import FLOODS
from .forging import FORGING
from .honest import HONEST
from .kernel import KERNEL
from .memory import MEMORY
from .patching import PATCHING
from .reading import READING
from .replies import ANSWERS
from .reports import REPORTS
from .shown import SHOWN
from .timing import TIMING
from .values import EVIL
from .wall import WALL

__all__ = ["ATTACKS", "HONEST", "TOY", "USER_DEPENDENT"]

# what another user may do, be counted by and see: the rest is the same whoever grades
USER_DEPENDENT = [*READING, *ENDING, *FLOODS, *MEMORY, *KERNEL, *WALL]
ATTACKS = [*USER_DEPENDENT, *PATCHING, *FORGING, *EVIL, *SOCKETS, *REPORTS, *ANSWERS, *FILES,
           *TIMING, *SHOWN, *HONEST]
