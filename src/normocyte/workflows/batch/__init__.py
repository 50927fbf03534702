"""Scoring very many images: in units, with a manifest, so that it goes on where it was stopped."""
