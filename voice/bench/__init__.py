"""Plays recorded callers against an agent and reads latency off the recording."""
