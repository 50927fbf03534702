"""How many annotated cells a segmenter finds in fields of two laboratories, and in what time."""
