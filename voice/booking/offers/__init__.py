"""From a caller's words to what the airline is asked, and from what it has to what the caller is told."""
