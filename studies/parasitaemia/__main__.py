"""Runs the study."""

from studies.parasitaemia.run import main

main()
