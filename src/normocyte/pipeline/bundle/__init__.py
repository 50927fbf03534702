"""A trained pipeline kept in a folder."""
