"""This package holds the verbs: one file does one job from start to end."""
