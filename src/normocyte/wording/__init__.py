"""Words for what several packages show: a table of scores, a report, a message."""
