"""This drawer paints red cells under a microscope: layers that absorb, then light, lens, sensor, cut-out."""
