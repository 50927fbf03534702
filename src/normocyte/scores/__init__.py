"""This package turns maps into numbers; it uses only NumPy and SciPy."""
