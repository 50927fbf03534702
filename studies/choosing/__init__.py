"""How often the recipe that `normocyte new` chooses without labels is about as good as the best candidate."""
