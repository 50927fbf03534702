"""This package turns figures into pages and pictures; only this one draws."""
