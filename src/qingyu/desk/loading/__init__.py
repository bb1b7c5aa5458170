"""Loading what a city has: units, topics, routes, staff, calendars, answers and messages from files."""
