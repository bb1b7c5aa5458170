"""Paper letters: entered with a photo, with links to the person, the window and the unit that they are about."""
