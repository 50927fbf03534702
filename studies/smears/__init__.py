"""What `normocyte smear` finds in real fields of other laboratories: photos, cells, verdicts, smears."""
