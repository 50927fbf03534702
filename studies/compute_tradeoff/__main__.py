"""Runs the study."""

from studies.compute_tradeoff.run import main

main()
