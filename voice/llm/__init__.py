"""Tiers over any OpenAI-compatible endpoint, and the embedded server."""
