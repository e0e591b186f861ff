"""What callers want of a trip, by the words for it: cabins, company, stays, another shape."""
