"""What a person brings: folders, zips, file kinds, text and tables."""
