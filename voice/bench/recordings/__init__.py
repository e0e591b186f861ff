"""Recordings: calls as a folder holds them, where there is sound in one, and what ears make of it."""
