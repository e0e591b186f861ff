"""What all readers of words share: patterns, spans, numbers and prices, and the words that say nothing."""
