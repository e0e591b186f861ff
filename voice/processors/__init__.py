"""Pipecat shells: frames in, events out. They decide nothing."""
