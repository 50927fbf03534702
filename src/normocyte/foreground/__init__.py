"""This room says what in a crop is the cell and what is background: one definition for all other rooms."""
