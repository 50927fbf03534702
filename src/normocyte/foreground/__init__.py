"""This room says what in a crop is the cell, and what of a photo is lit: one definition for all other rooms."""
