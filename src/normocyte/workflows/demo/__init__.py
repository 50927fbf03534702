"""The demo: from data to a report, with one recipe or with several side by side."""
