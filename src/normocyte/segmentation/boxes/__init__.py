"""Boxes of cells that somebody drew, in every form that they are kept in."""
