"""This package is the command line: each file parses, calls one workflow and prints."""
