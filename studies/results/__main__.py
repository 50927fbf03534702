"""Runs the study."""

from studies.results.run import main

main()
