"""Normocyte learns what healthy cells look like and flags what does not fit."""

__version__ = "0.1.0"
