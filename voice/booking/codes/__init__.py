"""The codes of bookings as callers spell them: found, put together, matched with those that exist, and mended."""
