"""This package lists which files exist, whose they are and their part of a split: paths, not pixels."""
