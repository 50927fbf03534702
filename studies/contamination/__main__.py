"""Runs the study."""

from studies.contamination.run import main

main()
