"""What the arrays that travel are called, once for all packages."""

import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.float32]
Mask = npt.NDArray[np.uint8]
Maps = npt.NDArray[np.float32]
Scores = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int8]
Names = npt.NDArray[np.str_]

Image8 = npt.NDArray[np.uint8]
"""Pixels as they are read: (height, width, 3) RGB, 0 to 255."""
Plane = npt.NDArray[np.float32]
"""One channel of an image, (height, width)."""
Floats = npt.NDArray[np.float64]
Table = Floats
"""Numbers by row and column, (rows, columns)."""
Flags = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.intp]
Numbers = Rows
"""Whole numbers that count or point to rows."""
