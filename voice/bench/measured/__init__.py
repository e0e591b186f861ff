"""What is read off one call: waits, what was said and understood, the database, what it took of the machine."""
