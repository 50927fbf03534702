"""This room turns figures into pages and pictures; it alone draws."""
