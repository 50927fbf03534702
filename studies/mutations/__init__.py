"""Damages small files in thousands of ways and counts what is not a picture or one sentence."""
