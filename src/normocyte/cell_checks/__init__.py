"""This package decides whether an image can be assessed at all, by a few cheap measures of healthy cells."""
