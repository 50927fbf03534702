"""Runs the study."""

from studies.cross_validation.run import main

main()
