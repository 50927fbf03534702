"""Names the own part that failed in use, so that a user sees whose fault it is and where to mend it."""

import traceback
from numbers import Real
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeGuard

from normocyte.core.errors import NormocyteError, PartError
from normocyte.core.registry import KINDS, own_file, own_parts, part_name

if TYPE_CHECKING:
    import numpy as np


class OwnPartsNamed:
    """A block in which what an own part raises becomes a PartError that names it; all else passes."""

    def __enter__(self) -> None:
        """Nothing is watched yet."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """PartError where an own file is in the trace of what was raised."""
        if not isinstance(error, Exception) or isinstance(error, NormocyteError):
            return
        who = {str(file): f"The {KINDS[room]} '{name}'" for (room, name), file in own_parts().items()}
        frames = [frame for frame in traceback.extract_tb(trace) if frame.filename in who]
        if frames:
            said = f"{type(error).__name__}: {error}".rstrip(": .")
            place = f"{frames[-1].filename}, line {frames[-1].lineno}"
            raise PartError(
                f"{who[frames[-1].filename]} failed: {said} ({place}). Correct it there."
            ) from error


def check_answer(part: object, answer: object, shape: tuple[int, ...]) -> None:
    """PartError where an own part gave anything but an array of this shape; others are known to be right."""
    file = own_file(part)
    if file is not None and not (_is_array(answer) and answer.shape == shape):
        raise PartError(
            f"The {kind_of(part)} '{part_name(part)}' gave {described_answer(answer)}, but an array of the "
            f"shape {shape} is needed ({file}). Correct it there."
        )


def check_number(part: object, answer: object) -> None:
    """PartError where an own part gave anything but one number."""
    file = own_file(part)
    is_one = isinstance(answer, Real) or (_is_array(answer) and answer.shape == ())
    if file is not None and not is_one:
        raise PartError(
            f"The {kind_of(part)} '{part_name(part)}' gave {described_answer(answer)}, but one number is "
            f"needed ({file}). Correct it there."
        )


def _is_array(answer: object) -> TypeGuard["np.ndarray[Any, Any]"]:
    import numpy as np  # help needs none

    return isinstance(answer, np.ndarray)


def kind_of(part: object) -> str:
    """What a part is, such as a score."""
    return KINDS[type(part).__module__.split(".")[1]]


def described_answer(answer: object) -> str:
    """What a part gave, in words."""
    if _is_array(answer):
        return f"an array of the shape {answer.shape}"
    return f"a value of the type {type(answer).__name__}"
