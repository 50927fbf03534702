"""The contract of a detector."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

from normocyte.core.cancel import CancelToken, current
from normocyte.core.errors import ConfigError, check_installed
from normocyte.core.fields import Declared
from normocyte.core.files import write_bytes
from normocyte.core.progress import Progress, Silent
from normocyte.core.registry import part_name
from normocyte.core.types import Batch, Maps, Pixels

GRAPH = "network.onnx"


@dataclass(frozen=True)
class Training:
    """What surrounds one training.

    The seed, a folder for checkpoints (resumed from when it holds some), a listener, the token that is
    asked between two steps whether to stop, and the file that a network keeps its Keras model in, if any.
    """

    seed: int = 0
    folder: Path | None = None
    progress: Progress = field(default_factory=Silent)
    cancel: CancelToken = field(default_factory=current)
    keras_file: Path | None = None


@dataclass(frozen=True)
class Curve:
    """The loss after each epoch, on the training cells and on the held-out healthy patients.

    `best_epoch` counts from 1 and names the epoch whose weights were kept, that of the lowest held-out loss.
    A detector that learns without epochs has an empty curve and the best epoch 0. `variance_explained` is of
    the healthy cells of held-out patients, at most 1; None where that has no meaning, or nobody measured it.
    """

    loss: tuple[float, ...] = ()
    held_out_loss: tuple[float, ...] = ()
    best_epoch: int = 0
    variance_explained: float | None = None

    @classmethod
    def of(cls, table: dict[str, Any]) -> "Curve":
        """The curve that a bundle holds as a table; one of an earlier version knows no variance explained."""
        explained = table.get("variance_explained")
        return cls(tuple(table["loss"]), tuple(table["held_out_loss"]), table["best_epoch"], explained)


@dataclass
class Detector(Declared, ABC):
    """Fields are parameters, what is learnt ends in an underscore; a second fit forgets the first.

    Whatever learns, the result is one ONNX graph, `graph_`, which takes pixels (n, height, width, channels).
    It gives what a healthy cell in their place would look like, in the same shape; or, where a detector
    compares without drawing (`gives_expected` False), the map itself, (n, height, width, 1). Scoring runs on
    that graph alone.
    """

    gives_expected: ClassVar[bool] = True
    draws_anew: ClassVar[bool] = True
    """False where the answer is the cell less what was taken off: nearly all is then explained unlearnt."""
    learns: ClassVar[bool] = True
    """False for a rule: `fit` only builds its graph, whatever the cells are."""
    is_seeded: ClassVar[bool] = False
    """True where learning draws random numbers from the seed, so that another seed gives another graph."""
    needs_to_learn: ClassVar[tuple[str, ...]] = ()
    """Packages of the extra "train" without which it cannot be fitted; scoring never needs them."""

    graph_: bytes = field(init=False, default=b"", repr=False)
    curve_: Curve = field(init=False, default=Curve(), repr=False)
    kept_s_: float = field(init=False, default=0.0, repr=False, compare=False)
    """How many seconds of its last training an earlier call did, which was stopped."""

    @property
    def trained_to(self) -> str:
        """What a network that gives what it expects was trained to do with healthy cells, in words."""
        return "reproduce them"

    @property
    def unused_fields(self) -> tuple[str, ...]:
        """The names of fields that do not count with the values of the others."""
        return ()

    @property
    def fewest(self) -> int:
        """From how many healthy cells it can learn, at least: better known before their preparation."""
        return 1

    @property
    def remembers(self) -> bool:
        """Whether an image that was learnt from is less unusual than another healthy one, as it is known."""
        return False

    def check_can_learn(self) -> None:
        """MissingExtraError when a package that fitting needs is not installed: better known before."""
        for package in self.needs_to_learn:
            check_installed(package, "train")

    def check_shape(self, shape: tuple[int, int, int]) -> None:
        """ConfigError when pictures of (height, width, channels) do not fit: better known before, too."""

    @abstractmethod
    def fit(self, healthy: Batch, held_out: Batch, training: Training) -> None:
        """Learn from healthy samples; `held_out` are healthy samples of other patients, to know when to stop.

        Raises TrainingError when the samples are too few or the loss is not a number.
        """

    @abstractmethod
    def expected(self, batch: Batch) -> Pixels:
        """What was expected in place of each sample, (n, height, width, channels) float32.

        The sample itself where the detector has no such picture (`gives_expected` False).
        """

    def healthy(self, batch: Batch) -> tuple[Pixels, bool]:
        """Each sample as a healthy one, to be looked at, and whether it is so throughout.

        What was expected, unless scoring trusts that only in part.
        """
        return self.expected(batch), True

    @abstractmethod
    def maps(self, batch: Batch) -> Maps:
        """How unusual each pixel is, (n, height, width) float32, positive where darker than expected."""

    def keras_model(self, file: Path) -> Any:  # noqa: ARG002 - networks have one
        """The trained keras.Model that was kept in this file; it answers as the graph does.

        ConfigError for a detector that is no network, BundleError when the file is not this network's.
        """
        raise ConfigError(
            f"The detector '{part_name(self)}' is no Keras network, so there is no Keras model of it; train "
            "one that is, such as 'conv_autoencoder'."
        )

    def save(self, folder: Path) -> None:
        """Write `network.onnx` into the folder."""
        write_bytes(folder / GRAPH, self.graph_)

    def load(self, folder: Path) -> None:
        """Read `network.onnx` from the folder; nothing else is needed to score."""
        self.graph_ = folder.joinpath(GRAPH).read_bytes()
