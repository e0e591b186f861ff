"""What is put right before a turn is read: words that callers take back, and those that transcribers mistook."""
