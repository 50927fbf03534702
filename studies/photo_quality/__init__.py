"""Which photos of fields are good, usable or unusable, and from what their limits were learnt."""
