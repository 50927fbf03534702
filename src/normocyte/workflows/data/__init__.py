"""Making, checking and downloading data."""
