"""Names for the arrays that are passed around, by what they hold."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Doubles = npt.NDArray[np.float64]
    Singles = npt.NDArray[np.float32]
    Floats = npt.NDArray[np.floating[Any]]
    Integers = npt.NDArray[np.int64]
    Indices = npt.NDArray[np.intp]
    Mask = npt.NDArray[np.bool_]
    Bytes = npt.NDArray[np.uint8]
else:  # numpy takes longer to import than an unchanged build may last
    Doubles = Singles = Floats = Integers = Indices = Mask = Bytes = Any
