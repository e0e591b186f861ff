"""What a model is asked, what it may answer, and whether that holds."""
