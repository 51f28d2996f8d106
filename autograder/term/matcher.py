"""The student of the roster whom a platform's file names."""

import unicodedata

WITHIN_WORDS = ".@-+'"  # beside letters and digits


def plain_name(text: str) -> str:
    """A name as it can be compared: letters and digits only, accents and case away."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in decomposed if c.isalnum())


class Matcher:
    """Finds the student of the roster whom a platform's file names.

    Ids and addresses are the platform's. Names are what people call themselves: who takes another
    student's name is found by it as well.
    """

    def __init__(self, roster: dict[str, dict[str, str]]):
        self.roster = roster
        self._names: dict[str, set[str]] = {}
        self._ids: dict[str, set[str]] = {}
        self._numbers: dict[str, set[str]] = {}
        accounts: dict[str, set[str]] = {}
        for student, row in roster.items():
            # where a name is divided differs: van der Berg is sorted by each of its words
            words = f"{row.get('first_name', '')} {row.get('last_name', '')}".split()
            names = ("".join(words[at:] + words[:at]) for at in range(len(words)))
            for text in (student, row.get("email", ""), *names):
                self._names.setdefault(plain_name(text), set()).add(student)
            for text in (student, row.get("email", "")):
                self._ids.setdefault(_plain_id(text), set()).add(student)
            self._numbers.setdefault(row.get("lms_user_id", ""), set()).add(student)
            accounts.setdefault(_plain_id(row.get("github_username", "")), set()).add(student)
        # who chose another's id for a name on GitHub takes nothing from it
        self._ids = accounts | self._ids
        for keys in (self._names, self._ids, self._numbers):
            keys.pop("", None)

    def by_number(self, number: str) -> str | None:
        """The only student with this id on the platform."""
        return _only(self._numbers.get(number, ()))

    def by_id(self, *texts: str) -> str | None:
        """The only student whose id, address or account one of these is."""
        return next(filter(None, (_only(self._ids.get(_plain_id(text or ""), ()))
                                  for text in texts)), None)

    def by_name(self, *names: str) -> str | None:
        """The only student whom one of these names, ids or addresses fits."""
        return next(filter(None, (_only(self._names.get(plain_name(name or ""), ()))
                                  for name in names)), None)

    def within(self, text: str) -> str | None:
        """The only student whose id stands in a text as a word of its own."""
        text = unicodedata.normalize("NFC", text).removesuffix(".ipynb")
        found = [student for student in self.roster if _stands_in(student, text)]
        # `anna smith` is not `smith` as well
        return _only({one for one in found
                      if not any(one != other and one in other for other in found)})


def _stands_in(word: str, text: str) -> bool:
    at = text.find(word)
    while at >= 0:
        around = text[max(at - 1, 0):at] + text[at + len(word):at + len(word) + 1]
        if not any(c.isalnum() or c in WITHIN_WORDS for c in around):
            return True
        at = text.find(word, at + 1)
    return False


def _plain_id(text: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())


def _only(students) -> str | None:
    return next(iter(students)) if len(students) == 1 else None
