"""Names made of a beginning that all share and one person's user name: hw1-ada, hw1_ada."""

import collections
from collections.abc import Collection, Iterable


class Prefixed:
    """Finds the user whom a name ends with.

    A user name may end as another one does, or hold the separator. What counts is the beginning
    that most of the class share, and where that does not decide nobody is found.
    """

    def __init__(self, users: Collection[str], separator: str):
        self._users, self._separator = {user.casefold(): user for user in users}, separator
        self._common: collections.Counter[str] = collections.Counter()

    def survey(self, names: Iterable[str]) -> None:
        """Learn from all names of a class which beginning they share."""
        for name in names:
            self._common.update({begin for begin, _ in self._split(name)})

    def fits(self, name: str) -> bool:
        """Whether the name ends with a user's."""
        return bool(self._split(name))

    def find(self, name: str) -> str | None:
        """The only user whose name it can be."""
        found = self._split(name)
        most = max((self._common[begin] for begin, _ in found), default=0)
        users = sorted({user for begin, user in found if self._common[begin] == most})
        return users[0] if len(users) == 1 else None

    def _split(self, name: str) -> list[tuple[str, str]]:
        words = name.split(self._separator)
        parts = [(self._separator.join(words[:i]), self._separator.join(words[i:]).casefold())
                 for i in range(len(words))]
        return [(begin, self._users[user]) for begin, user in parts if user in self._users]
