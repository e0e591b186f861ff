"""A turn read by rules alone: what it asks for, and whether that is certain."""
