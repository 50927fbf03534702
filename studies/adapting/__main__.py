"""Runs the study."""

from studies.adapting.run import main

main()
