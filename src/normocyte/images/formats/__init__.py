"""One file a format: its bytes become pixels, or a refusal that names what is not read."""
