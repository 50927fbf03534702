"""A pool of processes, and images decoded for it."""
