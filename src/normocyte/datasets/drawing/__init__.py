"""This package makes synthetic red cells: layers that absorb, then light, lens, sensor, cut-out."""
