"""Scoring end to end against decoding alone, on the same files, in the same run."""
