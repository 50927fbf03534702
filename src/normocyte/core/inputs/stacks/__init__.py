"""Files that hold many pictures: a `.npz` of arrays, a NIfTI volume; each picture has a name inside."""
