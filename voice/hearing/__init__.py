"""Ears: speech to text and the end of a turn."""
