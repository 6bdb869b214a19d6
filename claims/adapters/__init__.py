"""The outside world as this service sees it: database, mail, time, chance."""
