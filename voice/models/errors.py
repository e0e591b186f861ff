"""What can go wrong with the embedded models. Every message says what to do."""

from __future__ import annotations


class ModelError(RuntimeError):
    """Trouble with an embedded model; the text is meant for the user."""


class UnknownModel(ModelError):
    """There is no model of that name in the catalogue."""


class MissingModel(ModelError):
    """The model is not in the cache, or not verified."""


class FetchFailed(ModelError):
    """A wheel or a file could not be fetched. What was fetched before is kept."""


class DamagedModel(ModelError):
    """What was fetched or stored is not what the catalogue says. What is good is kept."""


class NoRoom(ModelError):
    """The disk is full, or has too little room to begin. What was fetched before is kept."""


class NotWritable(ModelError):
    """The cache can't be written to."""
