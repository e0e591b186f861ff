"""Carries a turn out at the airline: what its actions do, and what is said to them."""
