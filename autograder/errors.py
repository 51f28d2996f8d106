"""The one exception that ends in a one-line message for the person at the terminal."""

import errno


class AutograderError(Exception):
    """Something a person has to put right; the text is one line: what, where and the remedy."""


# what the machine lacks, and no file or submission can be blamed for: how to give it more
OF_THE_MACHINE = {
    **dict.fromkeys((errno.ENOSPC, errno.EDQUOT, errno.ENOMEM, errno.EIO, errno.EROFS),
                    "make room"),
    **dict.fromkeys((errno.EMFILE, errno.ENFILE), "allow more (ulimit -n)"),
    errno.EAGAIN: "allow more processes (ulimit -u)"}


def of_this_machine(error: BaseException) -> AutograderError | None:
    """The line to say where the machine lacks something; None where it is not to blame."""
    if isinstance(error, OSError) and (remedy := OF_THE_MACHINE.get(error.errno or 0)):
        return AutograderError(f"{error.filename or 'this machine'}: {error.strerror}: {remedy}, "
                               "then run the command again")
    return None
