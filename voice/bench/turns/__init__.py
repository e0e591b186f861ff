"""Labelled turns of text: read strictly, decided, scored, and recorded so that policies compare without models."""
