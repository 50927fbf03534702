"""What the statistics of a smear give: false alarms, parasites missed, and intervals that hold the truth."""
