"""Why something can't be learned from."""


class CannotTeach(ValueError):
    """What was given can't be learned from, or not as asked; the message says why and what to do."""
