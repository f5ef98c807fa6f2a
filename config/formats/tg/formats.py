"""Tajik dates: «21 июли соли 2026». Django's own Tajik formats are Russian ones with untouched month names."""

DATE_FORMAT = r"j E \с\о\л\и Y"
DATETIME_FORMAT = r"j E \с\о\л\и Y, H:i"
TIME_FORMAT = "H:i"
MONTH_DAY_FORMAT = "j E"
YEAR_MONTH_FORMAT = r"F \с\о\л\и Y"
SHORT_DATE_FORMAT = "d.m.Y"
SHORT_DATETIME_FORMAT = "d.m.Y H:i"
FIRST_DAY_OF_WEEK = 1
DECIMAL_SEPARATOR = ","
THOUSAND_SEPARATOR = "\xa0"
NUMBER_GROUPING = 3
