"""This room turns pixels into pixels, one step a file; the mask of what counts travels along."""
