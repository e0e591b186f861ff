"""What changing, cancelling and adding bags come to, in words: the sum comes first, then what it is for."""

from __future__ import annotations

from voice.booking.airline.bookings import Booking
from voice.booking.dialogue import AddBags, BookTrip, CancelBooking, ChangeLeg, Write
from voice.booking.offers.speech import (
    Teller,
    booked,
    cabin_name,
    city,
    in_cabin,
    listed,
    number,
    plural,
    route,
    trip_price,
    with_stops,
)
from voice.booking.trips import Leg


def change_price(fee: int, difference: int, teller: Teller) -> str:
    """``It's $60 in all: a $50 change fee and $10 more in fare.``."""
    due = fee + difference
    if not fee and not difference:
        return "There is no fee, and the fare is the same."
    if not fee:
        return f"It's {_fare(difference, teller)}, without a change fee."
    if not difference:
        return f"It's just the {teller.money(fee)} change fee."
    total = f"It's {teller.money(due)} in all" if due > 0 else _nothing_due(due, teller)
    return f"{total}: {_parts(fee, difference, teller)}."


def changing(old: Leg, leg: Leg, fee: int, difference: int, teller: Teller) -> tuple[str, ...]:
    """Tell what a change would be. What it costs comes first, then the new day and time, then which flight it is.

    ``For $60 in all I can move it to Friday, December 11th at 9:15 AM.``
    ``That's Boston to Denver, with a $50 change fee and $10 more in fare.``
    """
    due, more = fee + difference, bool(fee and difference)
    if due > 0:
        in_all = f"{teller.money(due)} in all" if more else f"the {teller.money(fee)} change fee" if fee else ""
        cost, join = f"For {in_all or _fare(difference, teller)}", " "
    else:
        cost, join = _nothing_due(due, teller), ", and "
    detail = f", with {_parts(fee, difference, teller)}" if more else ""
    if leg.cabin != old.cabin and [one.id for one in leg.flights] == [one.id for one in old.flights]:
        what = f"{cost}{join}I can put you in {cabin_name(leg.cabin)}."
        return (what, f"That's {city(leg.origin)} to {city(leg.destination)} on {teller.when(leg)}{detail}.")
    way = f"{with_stops(leg)}{in_cabin(leg, old.cabin)}"
    if (leg.origin, leg.destination) == (old.origin, old.destination):
        what = f"{cost}{join}I can move it to {teller.when(leg)}."
        return (what, f"That's {city(leg.origin)} to {city(leg.destination)}{way}{detail}.")
    what = f"{cost}{join}you can fly {route(leg)} instead, on {teller.when(leg)}{way}."
    return (what, f"That's {_parts(fee, difference, teller)}.") if more else (what,)


def price(write: Write, teller: Teller) -> str:
    """Tell what a write comes to, in one sentence."""
    match write:
        case BookTrip(trip):
            return f"It's {trip_price(trip, teller)}."
        case ChangeLeg():
            return change_price(write.fee, write.difference, teller)
        case CancelBooking():
            return giving_back(write.refund, write.fee, teller)
        case AddBags():
            return f"The bags are {teller.money(write.fee) if write.fee else 'free'}."


def told(write: Write, booking: Booking, teller: Teller) -> tuple[str, ...]:
    """Tell what was written, from the booking after it."""
    match write:
        case BookTrip():
            return booked(booking, teller)
        case ChangeLeg():
            due = write.fee + write.difference
            money = f"You were charged {teller.money(due)}." if due > 0 else f"You get {teller.money(-due)} back."
            what = f"Your flight {route(write.leg)} now leaves on {teller.when(write.leg)}."
            return ("Done.", what, money) if due else ("Done.", what)
        case CancelBooking():
            what = f"Booking {teller.code(booking.locator)} is cancelled."
            return (what, going_back(write.refund, teller)) if write.refund else (what,)
        case AddBags():
            price = f" for {teller.money(write.fee)}" if write.fee else ""
            return (
                f"I've added {plural(write.count, 'checked bag')} to booking {teller.code(booking.locator)}{price}.",
            )


def going_back(refund: int, teller: Teller) -> str:
    """``$359 goes back to your card within seven business days.``."""
    return f"{teller.money(refund)} goes back to your card within seven business days."


def _nothing_due(due: int, teller: Teller) -> str:
    return f"You get {teller.money(-due)} back" if due else "It costs nothing more"


def _parts(fee: int, difference: int, teller: Teller) -> str:
    return f"{_a(teller.money(fee))} change fee and {_fare(difference, teller)}"


def _fare(difference: int, teller: Teller) -> str:
    return f"{teller.money(abs(difference))} {'more' if difference > 0 else 'less'} in fare"


def giving_back(refund: int, fee: int, teller: Teller) -> str:
    """``You get $359 back, after a $75 fee.``: what cancelling comes to."""
    if not refund and fee:
        return f"You get nothing back, since the fee of {teller.money(fee)} takes all of it."
    if not refund:
        return "You get nothing back, since it leaves so soon."
    kept = f", after {_a(teller.money(fee))} fee" if fee else ", without a fee"
    return f"You get {teller.money(refund)} back{kept}."


def whole_trip(booking: Booking, teller: Teller) -> str:
    """``That's booking Q, T, 4, 4, L, Z, Boston to Denver and back.``: what would be cancelled."""
    cities = [city(leg.leg.origin) for leg in booking.legs] + [city(booking.legs[-1].leg.destination)]
    if len(booking.legs) == 2 and cities[0] == cities[2]:
        way = f"{cities[0]} to {cities[1]} and back"
    else:
        way = f"{cities[0]} to {listed(list(dict.fromkeys(cities[1:])), 'and')}"
    return f"That's booking {teller.code(booking.locator)}, {way}."


def adding_bags(booking: Booking, count: int, fee: int, flights: int, teller: Teller) -> str:
    """``It's $160 for two checked bags, on both flights of booking Q, T, 4, 4, L, Z.``."""
    more = "more checked bag" if booking.bags else "checked bag"
    ways = {1: "on", 2: "on both flights of"}.get(flights, f"on all {number(flights)} flights of")
    where = f"{ways} booking {teller.code(booking.locator)}"
    if fee:
        return f"It's {teller.money(fee)} for {plural(count, more)}, {where}."
    return f"{plural(count, more).capitalize()} {'is' if count == 1 else 'are'} free, {where}."


def _a(money: str) -> str:
    return f"an {money}" if money[1:] in ("11", "18") or money[1] == "8" else f"a {money}"
