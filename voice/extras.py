"""What is not installed with everybody's copy."""


class MissingExtra(RuntimeError):
    """A library that only some commands need is not installed; the message says how to get it."""
