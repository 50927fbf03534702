"""This room turns maps into numbers; it knows only NumPy and SciPy."""
