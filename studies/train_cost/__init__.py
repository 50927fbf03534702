"""What it costs to train the default configuration, against the classic one and others, in the same run."""
