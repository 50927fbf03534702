"""Runs the study."""

from studies.score_speed.run import main

main()
