"""The flights that a turn speaks of: where each starts and ends, when it goes and who is on it."""
