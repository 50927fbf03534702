"""What every call from Python stands on: checks of what is given, and the folder of what it writes."""
