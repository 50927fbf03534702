"""This room asks whether new patients are still like the calibration patients.

It knows only NumPy and SciPy.
"""
