"""Runs the study."""

from studies.segmentation.run import main

main()
