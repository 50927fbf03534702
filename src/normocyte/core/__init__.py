"""This cellar holds types, errors, the registry, configuration, seeds and atomic files; it knows no room."""
