"""This room finds the cells in a field of a smear: a photo goes in, boxes with masks and kinds come out."""
