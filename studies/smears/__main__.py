"""Runs the study."""

from studies.smears.run import main

main()
