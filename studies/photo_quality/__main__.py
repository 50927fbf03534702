"""Runs the study."""

from studies.photo_quality.run import main

main()
