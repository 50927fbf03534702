"""Folders of drawn cells and smears."""
