"""The rules of the desk: plain Python without Django, clock, settings or wording."""
