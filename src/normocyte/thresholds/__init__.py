"""This room turns calibration scores into a cut-off and p-values; it never sees an image."""
