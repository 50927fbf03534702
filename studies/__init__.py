"""Measurements: one folder a study, run as `python -m studies.NAME` from the root of the project."""
