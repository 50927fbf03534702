"""This package turns pixels into pixels, one step a file; the mask of what counts is passed on."""
