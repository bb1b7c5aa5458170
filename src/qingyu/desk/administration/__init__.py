"""The pages of the administrator under /admin-desk/: people, units, roles, policy, calendars, words, changes."""
