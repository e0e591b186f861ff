"""Reads traces: what was decided, what it cost, and what another rule would have decided."""
