"""Choosing how to learn from images that nobody has described."""
