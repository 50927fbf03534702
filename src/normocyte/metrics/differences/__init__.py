"""Two scores compared on the same cells."""
