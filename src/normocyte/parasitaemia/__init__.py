"""This room turns flagged and counted cells of a smear into a parasitaemia, a test and a decision.

It knows only NumPy and SciPy.
"""
