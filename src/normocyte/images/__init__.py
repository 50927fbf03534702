"""This package turns bytes into pixels, safely; it has the formats, limits and clear errors."""
