"""Runs the study."""

from studies.formats.run import main

main()
