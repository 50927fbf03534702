"""This room says whether a picture can be assessed at all, by a few cheap measures of healthy cells."""
