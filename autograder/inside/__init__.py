"""Exactly what is mounted into a sandbox; of ours it imports nncourse's given and values only."""


def __getattr__(name):
    if name == "Limits":
        import warnings

        from autograder.sandbox.limits import Limits
        warnings.warn("autograder.inside.Limits: import it from autograder.api",
                      DeprecationWarning, stacklevel=2)
        return Limits
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
