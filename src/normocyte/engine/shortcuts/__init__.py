"""Shortcut baselines: their numbers, taken where images are decoded, and their place beside a detector."""
