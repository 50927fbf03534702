"""This room says which files exist, whose they are and where they stand in a split: paths, not pixels."""
