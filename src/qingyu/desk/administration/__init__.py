"""The pages of the administrator under /admin-desk/: people, units, roles, routes, limits, calendars, words, changes."""
