"""Cuts cells of another laboratory and sets a few healthy ones apart, to calibrate a bundle on."""
