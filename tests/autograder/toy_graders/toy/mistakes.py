"""Known wrong answers of the toy assignment."""

from autograder.api import Mistake

MISTAKES = {"double": [Mistake("squared", "you square where you should double",
                               "part1/toy.html#double", lambda x: x**2)]}
