"""Folders of synthetic cells and smears."""
