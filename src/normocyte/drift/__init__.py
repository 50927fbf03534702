"""This package asks whether new patients are still like the calibration patients.

It uses only NumPy and SciPy.
"""
