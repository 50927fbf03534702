"""This package turns flagged and counted cells of a smear into a parasitaemia, a test and a decision.

It uses only NumPy and SciPy.
"""
