"""Runs the study."""

from studies.mutations.run import main

main()
