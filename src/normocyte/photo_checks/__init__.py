"""This package decides whether a photo may be assessed as a blood field, by a few cheap measures."""
