"""Runs the study."""

from studies.speed.run import main

main()
