"""Teaches a model of the desk its own callers' turns: labelled turns in, a small adapter beside the weights out."""
