"""The pages of a hall: for people who wait, for those who guide, serve and run it."""
