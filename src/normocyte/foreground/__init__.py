"""This package finds what of a crop is cell and what of a photo is lit, once for all packages."""
