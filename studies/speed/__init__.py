"""What a user waits for, whole processes with their start, against decoding the same files."""
