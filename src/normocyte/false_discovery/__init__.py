"""This room turns the p-values of one smear into a list of cells with a controlled share of false alarms.

It knows only NumPy and SciPy.
"""
