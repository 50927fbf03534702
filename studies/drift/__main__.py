"""Runs the study."""

from studies.drift.run import main

main()
