"""Pages of the staff door; each asks the clock once and calls one operation or query."""
