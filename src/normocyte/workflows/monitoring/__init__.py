"""The report of drift."""
