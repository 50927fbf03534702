"""This package finds the cells in a field of a smear: a photo in, boxes with masks and kinds out."""
