"""This package asks whether healthy and anomalous images differ in how they were taken or stored.

It uses only NumPy. One file is one baseline, found by its name.
"""
