"""Whom the checks of quality refuse: healthy and infected cells, other stains, and what is no red cell."""
