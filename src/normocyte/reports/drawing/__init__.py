"""What every report draws with."""
