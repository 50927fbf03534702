"""File names as people, tables and folders can take them."""
