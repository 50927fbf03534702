"""This package turns the p-values of one smear into a list of cells with a controlled share of false alarms.

It uses only NumPy and SciPy.
"""
