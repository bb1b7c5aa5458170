"""How dates read in English: with the weekday, in 24 hours."""

DATE_FORMAT = "l j F Y"
SHORT_DATE_FORMAT = "j M"
DATETIME_FORMAT = "l j F Y H:i"
SHORT_DATETIME_FORMAT = "j M H:i"
TIME_FORMAT = "H:i"
