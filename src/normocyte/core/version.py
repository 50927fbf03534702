"""The version of Normocyte."""

__version__ = "0.1.0"
