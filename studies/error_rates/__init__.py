"""What every rule that needs no labelled anomaly really gives on patients whom nobody has seen."""
