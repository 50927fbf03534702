"""The recipes in another stain: P. vivax fields, cells cut by their boxes, fields apart, five splits."""
