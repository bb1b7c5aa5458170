"""The citizen's door: file, track, add, rate. No account, no script needed, one thing a page."""
