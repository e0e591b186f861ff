"""Percentiles and shares, and how sure they are."""
