"""A detector for any healthy images, from a folder to a report."""
