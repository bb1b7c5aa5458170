"""How dates read in Chinese: with the weekday, since a promise is a day of the week to people."""

DATE_FORMAT = "Y年n月j日 l"
SHORT_DATE_FORMAT = "n月j日"
DATETIME_FORMAT = "Y年n月j日 l H:i"
SHORT_DATETIME_FORMAT = "n月j日 H:i"
TIME_FORMAT = "H:i"
