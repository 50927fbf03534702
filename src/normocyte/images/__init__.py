"""This room turns bytes into pixels, safely; it knows formats, limits and clear errors."""
