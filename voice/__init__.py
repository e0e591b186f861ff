"""A real-time voice agent with a model cascade."""
