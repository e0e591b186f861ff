"""The steps that bring a database to the shape of `voice.booking.airline.tables`; run by `migrate`."""

from __future__ import annotations

import threading
from importlib.resources import as_file, files

from alembic import command
from alembic.config import Config

from voice.booking.airline.store import Store, writing

_ONE_AT_A_TIME = threading.Lock()  # alembic keeps the migration that runs in a global


def migrate(store: Store) -> None:
    """Bring the database to the newest shape, in one transaction; does nothing where it already is.

    Raises:
        StoreError: the database is locked, full, missing, broken …
    """
    with _ONE_AT_A_TIME, as_file(files("voice.booking.airline.migrations")) as folder, writing(store) as connection:
        config = Config()
        config.set_main_option("script_location", str(folder).replace("%", "%%"))
        config.set_main_option("path_separator", "os")
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
