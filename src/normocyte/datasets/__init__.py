"""This room says which files exist, whose they are and which split they fall in; it hands out paths, not pixels."""
