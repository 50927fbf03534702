"""Whether planted differences of acquisition are found, and how often there is a false alarm."""
