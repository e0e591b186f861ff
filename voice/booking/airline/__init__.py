"""The airline: its database, timetable and policy; searches, quotes and writes."""
