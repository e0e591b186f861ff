"""The first shape of the desk's tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "airports",
        sa.Column("code", sa.String(length=3), nullable=False),
        sa.Column("city", sa.String(length=60), nullable=False),
        sa.Column("timezone", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("code", name="pk_airports"),
    )
    op.create_table(
        "idempotency_keys",
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("turn_key", sa.String(length=120), nullable=False),
        sa.Column("result", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_idempotency_keys"),
        sa.UniqueConstraint("turn_key", name="uq_idempotency_keys_turn_key"),
    )
    op.create_table(
        "policy_versions",
        sa.Column("version", sa.String(length=20), nullable=False),
        sa.Column("fees", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("version", name="pk_policy_versions"),
    )
    op.create_table(
        "world",
        sa.Column("seed", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("seed", name="pk_world"),
    )
    op.create_table(
        "bookings",
        sa.Column("locator", sa.String(length=6), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("paid", sa.Integer(), nullable=False),
        sa.Column("policy_version", sa.String(length=20), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["policy_version"], ["policy_versions.version"], name="fk_bookings_policy_version"),
        sa.PrimaryKeyConstraint("locator", name="pk_bookings"),
    )
    op.create_table(
        "flights",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=8), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("origin", sa.String(length=3), nullable=False),
        sa.Column("destination", sa.String(length=3), nullable=False),
        sa.Column("departs_at", sa.DateTime(), nullable=False),
        sa.Column("arrives_at", sa.DateTime(), nullable=False),
        sa.Column("seats_economy", sa.Integer(), nullable=False),
        sa.Column("seats_premium", sa.Integer(), nullable=False),
        sa.Column("seats_business", sa.Integer(), nullable=False),
        sa.Column("sold_economy", sa.Integer(), nullable=False),
        sa.Column("sold_premium", sa.Integer(), nullable=False),
        sa.Column("sold_business", sa.Integer(), nullable=False),
        sa.Column("fare_economy", sa.Integer(), nullable=False),
        sa.Column("fare_premium", sa.Integer(), nullable=False),
        sa.Column("fare_business", sa.Integer(), nullable=False),
        sa.CheckConstraint("sold_business BETWEEN 0 AND seats_business", name="ck_flights_sold_business"),
        sa.CheckConstraint("sold_economy BETWEEN 0 AND seats_economy", name="ck_flights_sold_economy"),
        sa.CheckConstraint("sold_premium BETWEEN 0 AND seats_premium", name="ck_flights_sold_premium"),
        sa.ForeignKeyConstraint(["destination"], ["airports.code"], name="fk_flights_destination"),
        sa.ForeignKeyConstraint(["origin"], ["airports.code"], name="fk_flights_origin"),
        sa.PrimaryKeyConstraint("id", name="pk_flights"),
        sa.UniqueConstraint("number", "day", name="uq_flights_number_day"),
    )
    op.create_index("ix_flights_destination_day", "flights", ["destination", "day"])
    op.create_index("ix_flights_origin_day_destination", "flights", ["origin", "day", "destination"])

    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("call_id", sa.String(length=80), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("action", sa.String(length=12), nullable=False),
        sa.Column("locator", sa.String(length=6), nullable=False),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["locator"], ["bookings.locator"], name="fk_audit_locator"),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
        sa.UniqueConstraint("key", name="uq_audit_key"),
    )
    op.create_index("ix_audit_locator", "audit", ["locator"])

    op.create_table(
        "bags",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("locator", sa.String(length=6), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("fee", sa.Integer(), nullable=False),
        sa.CheckConstraint("count > 0", name="ck_bags_count"),
        sa.ForeignKeyConstraint(["locator"], ["bookings.locator"], name="fk_bags_locator"),
        sa.PrimaryKeyConstraint("id", name="pk_bags"),
    )
    op.create_index("ix_bags_locator", "bags", ["locator"])

    op.create_table(
        "legs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("locator", sa.String(length=6), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("cabin", sa.String(length=8), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("fare", sa.Integer(), nullable=False),
        sa.CheckConstraint("seats > 0", name="ck_legs_seats"),
        sa.ForeignKeyConstraint(["locator"], ["bookings.locator"], name="fk_legs_locator"),
        sa.PrimaryKeyConstraint("id", name="pk_legs"),
        sa.UniqueConstraint("locator", "position", name="uq_legs_locator_position"),
    )
    op.create_table(
        "passengers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("locator", sa.String(length=6), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(["locator"], ["bookings.locator"], name="fk_passengers_locator"),
        sa.PrimaryKeyConstraint("id", name="pk_passengers"),
        sa.UniqueConstraint("locator", "position", name="uq_passengers_locator_position"),
    )
    op.create_table(
        "segments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("leg_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("flight_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["flight_id"], ["flights.id"], name="fk_segments_flight_id"),
        sa.ForeignKeyConstraint(["leg_id"], ["legs.id"], name="fk_segments_leg_id"),
        sa.PrimaryKeyConstraint("id", name="pk_segments"),
        sa.UniqueConstraint("leg_id", "position", name="uq_segments_leg_id_position"),
    )
    op.create_index("ix_segments_flight_id", "segments", ["flight_id"])


def downgrade() -> None:
    """Drop them."""
    op.drop_table("segments")
    op.drop_table("passengers")
    op.drop_table("legs")

    op.drop_table("bags")

    op.drop_table("audit")

    op.drop_table("flights")
    op.drop_table("bookings")
    op.drop_table("world")
    op.drop_table("policy_versions")
    op.drop_table("idempotency_keys")
    op.drop_table("airports")
