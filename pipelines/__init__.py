"""One short file a pipeline, its stages listed in the order audio flows."""
