"""This package turns calibration scores into a threshold and p-values; it never sees an image."""
