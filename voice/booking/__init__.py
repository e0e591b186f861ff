"""The booking desk: database, tools, policies, airports and dates as callers say them."""
