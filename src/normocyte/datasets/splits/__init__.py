"""Which patient is in which part, and the file that keeps it."""
