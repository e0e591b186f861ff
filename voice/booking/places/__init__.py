"""The cities and airports that are served, and places as callers name them: found, and told apart."""
