"""Alembic runs this file: the connection comes from `migrate`, the target from `voice.booking.airline.tables`."""

from __future__ import annotations

from alembic import context

from voice.booking.airline.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    transactional_ddl=False,  # the transaction is the caller's
)
context.run_migrations()
