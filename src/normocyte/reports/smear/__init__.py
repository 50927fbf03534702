"""The report of one smear."""
