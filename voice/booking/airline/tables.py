"""The database: what flies, what is booked, and what was done. Money is in whole US dollars, moments are in UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    MetaData,
    String,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

CABINS = ("economy", "premium", "business")


class Moment(TypeDecorator[datetime]):
    """An aware moment, kept in UTC on every database (SQLite keeps no zone)."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store UTC without a zone.

        Raises:
            ValueError: the moment has no zone, so it would be stored hours off.
        """
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a moment needs a time zone, got {value!r}")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give UTC."""
        return value.replace(tzinfo=UTC) if value is not None else None


class Base(DeclarativeBase):
    """All tables; names of constraints are fixed, so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class AirportRow(Base):
    """An airport that is served; local times of its flights are in its ``timezone``."""

    __tablename__ = "airports"

    code: Mapped[str] = mapped_column(String(3), primary_key=True)
    city: Mapped[str] = mapped_column(String(60))
    timezone: Mapped[str] = mapped_column(String(40))


class FlightRow(Base):
    """One flight on one day. ``day`` is the local date of departure. A cabin that it lacks has no seats."""

    __tablename__ = "flights"
    __table_args__ = (
        UniqueConstraint("number", "day"),
        Index(None, "origin", "day", "destination"),
        Index(None, "destination", "day"),
        *(CheckConstraint(f"sold_{c} BETWEEN 0 AND seats_{c}", name=f"sold_{c}") for c in CABINS),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(8))
    day: Mapped[date] = mapped_column(Date)
    origin: Mapped[str] = mapped_column(ForeignKey("airports.code"))
    destination: Mapped[str] = mapped_column(ForeignKey("airports.code"))
    departs_at: Mapped[datetime] = mapped_column(Moment)
    arrives_at: Mapped[datetime] = mapped_column(Moment)
    seats_economy: Mapped[int]
    seats_premium: Mapped[int]
    seats_business: Mapped[int]
    sold_economy: Mapped[int]
    sold_premium: Mapped[int]
    sold_business: Mapped[int]
    fare_economy: Mapped[int]
    fare_premium: Mapped[int]
    fare_business: Mapped[int]


class BookingRow(Base):
    """A booking. ``paid`` is what was charged less what was returned; ``status`` is ``confirmed`` or ``cancelled``."""

    __tablename__ = "bookings"

    locator: Mapped[str] = mapped_column(String(6), primary_key=True)
    status: Mapped[str] = mapped_column(String(12))
    paid: Mapped[int]
    policy_version: Mapped[str] = mapped_column(ForeignKey("policy_versions.version"))
    created_at: Mapped[datetime] = mapped_column(Moment)
    passengers: Mapped[list[PassengerRow]] = relationship(order_by="PassengerRow.position", lazy="selectin")
    legs: Mapped[list[LegRow]] = relationship(order_by="LegRow.position", lazy="selectin")
    bags: Mapped[list[BagRow]] = relationship(order_by="BagRow.id", lazy="selectin")


class PassengerRow(Base):
    """Someone who flies; ``name`` may follow later."""

    __tablename__ = "passengers"
    __table_args__ = (UniqueConstraint("locator", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    locator: Mapped[str] = mapped_column(ForeignKey("bookings.locator"))
    position: Mapped[int]
    name: Mapped[str | None] = mapped_column(String(80))


class LegRow(Base):
    """One leg of a booking: a flight, or several with connections. ``fare`` is for one passenger.

    The first ``seats`` passengers of the booking fly it.
    """

    __tablename__ = "legs"
    __table_args__ = (UniqueConstraint("locator", "position"), CheckConstraint("seats > 0", name="seats"))

    id: Mapped[int] = mapped_column(primary_key=True)
    locator: Mapped[str] = mapped_column(ForeignKey("bookings.locator"))
    position: Mapped[int]
    cabin: Mapped[str] = mapped_column(String(8))
    seats: Mapped[int]
    fare: Mapped[int]
    segments: Mapped[list[SegmentRow]] = relationship(
        order_by="SegmentRow.position", lazy="selectin", cascade="all, delete-orphan"
    )


class SegmentRow(Base):
    """A flight that a leg takes."""

    __tablename__ = "segments"
    __table_args__ = (UniqueConstraint("leg_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    leg_id: Mapped[int] = mapped_column(ForeignKey("legs.id"))
    position: Mapped[int]
    flight_id: Mapped[int] = mapped_column(ForeignKey("flights.id"), index=True)
    flight: Mapped[FlightRow] = relationship(lazy="joined")


class BagRow(Base):
    """Checked bags that were added in one go, and the fee that was charged for them."""

    __tablename__ = "bags"
    __table_args__ = (CheckConstraint("count > 0", name="count"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    locator: Mapped[str] = mapped_column(ForeignKey("bookings.locator"), index=True)
    count: Mapped[int]
    fee: Mapped[int]


class AuditRow(Base):
    """One write: who asked (the call), what was done, and the booking before and after."""

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment)
    call_id: Mapped[str] = mapped_column(String(80))
    key: Mapped[str] = mapped_column(String(80), unique=True)
    action: Mapped[str] = mapped_column(String(12))
    locator: Mapped[str] = mapped_column(ForeignKey("bookings.locator"), index=True)
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    after: Mapped[dict[str, Any]] = mapped_column(JSON)


class KeyRow(Base):
    """A write that was done. ``key`` names what was approved, ``turn_key`` the turn that approved it.

    Either of them seen again gives ``result`` again instead of a second write.
    """

    __tablename__ = "idempotency_keys"

    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    turn_key: Mapped[str] = mapped_column(String(120), unique=True)
    result: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(Moment)


class PolicyVersionRow(Base):
    """A version of the policy file that bookings were made under, with its fees as they were."""

    __tablename__ = "policy_versions"

    version: Mapped[str] = mapped_column(String(20), primary_key=True)
    fees: Mapped[dict[str, Any]] = mapped_column(JSON)


class WorldRow(Base):
    """What the schedule was made from: one row. Flights are on sale up to ``last_day``."""

    __tablename__ = "world"

    seed: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    first_day: Mapped[date] = mapped_column(Date)
    last_day: Mapped[date] = mapped_column(Date)
