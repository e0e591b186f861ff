"""What a search gives: flights, legs of one or more flights, and trips of one or more legs. Plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from voice.booking.places.network import network


@dataclass(frozen=True, slots=True)
class Flight:
    """A flight in one cabin. Moments are local to their airport; ``fare`` is for one passenger in whole US dollars."""

    id: int
    number: str
    origin: str
    destination: str
    departs: datetime
    arrives: datetime
    fare: int
    seats_left: int

    @property
    def international(self) -> bool:
        """Whether it crosses a border."""
        airports = network().airports
        return airports[self.origin].country != airports[self.destination].country


@dataclass(frozen=True, slots=True)
class Leg:
    """A way from one place to another on one or more flights, for ``passengers`` people in one cabin."""

    flights: tuple[Flight, ...]
    cabin: str
    passengers: int

    @property
    def origin(self) -> str:
        """The airport it starts from."""
        return self.flights[0].origin

    @property
    def destination(self) -> str:
        """The airport it ends at."""
        return self.flights[-1].destination

    @property
    def departs(self) -> datetime:
        """Local departure."""
        return self.flights[0].departs

    @property
    def arrives(self) -> datetime:
        """Local arrival."""
        return self.flights[-1].arrives

    @property
    def fare(self) -> int:
        """What one passenger pays."""
        return sum(flight.fare for flight in self.flights)

    @property
    def stops(self) -> tuple[str, ...]:
        """The airports where it changes planes."""
        return tuple(flight.destination for flight in self.flights[:-1])

    @property
    def duration(self) -> timedelta:
        """From departure to arrival."""
        return self.arrives - self.departs

    def as_dict(self) -> dict[str, Any]:
        """Give JSON values."""
        return {
            "from": self.origin,
            "to": self.destination,
            "departs": self.departs.isoformat(),
            "arrives": self.arrives.isoformat(),
            "cabin": self.cabin,
            "passengers": self.passengers,
            "fare": self.fare,
            "flights": [{"id": f.id, "number": f.number, "from": f.origin, "to": f.destination} for f in self.flights],
        }


@dataclass(frozen=True, slots=True)
class Trip:
    """Legs in the order they are flown."""

    legs: tuple[Leg, ...]

    @property
    def fare(self) -> int:
        """What a passenger pays who flies every leg."""
        return sum(leg.fare for leg in self.legs)

    @property
    def total(self) -> int:
        """What all passengers pay together."""
        return sum(leg.fare * leg.passengers for leg in self.legs)

    @property
    def passengers(self) -> int:
        """How many people fly at least one leg."""
        return max(leg.passengers for leg in self.legs)

    def as_dict(self) -> Mapping[str, Any]:
        """Give JSON values."""
        return {"fare": self.fare, "total": self.total, "legs": [leg.as_dict() for leg in self.legs]}
