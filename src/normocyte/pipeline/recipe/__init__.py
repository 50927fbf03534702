"""What a configuration file states, as parts."""
