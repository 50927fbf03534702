"""A data set that was opened: its records, what is known of them, and how they are split."""
