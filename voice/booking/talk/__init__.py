"""Turns known by their words alone: answers, courtesies, questions about rules or flights."""
