"""Dates and times of day as callers say them: found, and resolved against a day."""
