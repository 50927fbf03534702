"""Runs the study."""

from studies.face.run import main

main()
