"""The report of several smears."""
