"""The page."""


def write_page(found, cells, options):
    """Say nothing yet."""
    return f"{len(found)}"
