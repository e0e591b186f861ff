"""The pure core: it decides, and does nothing else. Standard library only."""
