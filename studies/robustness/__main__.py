"""Runs the study."""

from studies.robustness.run import main

main()
