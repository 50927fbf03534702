"""Compares what is read of every layout and of public test files with what other libraries read."""
