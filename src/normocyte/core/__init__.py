"""This package holds types, errors, the registry, configuration, seeds and files; it imports no other."""
