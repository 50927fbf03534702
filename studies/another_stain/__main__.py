"""Runs the study."""

from studies.another_stain.run import main

main()
