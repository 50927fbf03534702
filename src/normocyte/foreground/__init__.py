"""This room says what of a crop is cell and what of a photo is lit: one definition for all other rooms."""
