"""The command line: thin, for scripts, tests and measurements. `mlpcore/__main__.py` reads its arguments."""

from mlpcore.errors import MLPLabError


class UsageError(MLPLabError):
    """What was given on the command line cannot be used; the exit status is 2."""
