"""The cast of a set: how many cells each patient has, and which of them house a parasite."""

from dataclasses import dataclass

from normocyte.core.seeds import generator

NAME_PATTERN = r"C\d+P\d+thinF_IMG_20260101_000000_cell_\d+\.png"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for: shares of infected cells among all cells, and of patients without any parasite."""

    cells: int
    patients: int
    infected_fraction: float
    clean_patients: float

    @property
    def infected(self) -> int:
        """How many cells are infected."""
        return round(self.cells * self.infected_fraction)

    @property
    def carriers(self) -> int:
        """How many patients have parasites."""
        return self.patients - round(self.patients * self.clean_patients)

    def faults(self) -> list[str]:
        """What makes such a set impossible, a clause each; empty when it can be made."""
        faults = []
        if not 1 <= self.patients <= self.cells:
            faults.append(f"{self.patients} patients and {self.cells} cells; every patient needs a cell")
        return faults or self._crowding()

    def _crowding(self) -> list[str]:
        """Every patient with parasites needs an infected and a healthy cell."""
        smallest = _shares(self.cells, self.patients)[self.patients - self.carriers :]
        most = sum(smallest) - self.carriers
        if self.carriers <= self.infected <= most:
            return []
        return [
            f"infected_fraction {self.infected_fraction} makes {self.infected} infected cells, but the "
            f"{self.carriers} patients with parasites, who need a healthy cell each as well, "
            f"{_possible(self.carriers, most)}; change cells, infected_fraction or clean_patients"
        ]


@dataclass(frozen=True, slots=True)
class PlannedCell:
    """One cell to be drawn; patients and cells are counted from 1."""

    patient: int
    number: int
    is_infected: bool

    @property
    def file_name(self) -> str:
        """A name of the form that the NIH set uses."""
        return f"C{self.patient}P{self.patient}thinF_IMG_20260101_000000_cell_{self.number}.png"


def plan(seed: int, wanted: Wanted) -> list[PlannedCell]:
    """All cells of a set that can exist, patient by patient."""
    order = generator(seed, "clean patients").permutation(wanted.patients)
    carriers = sorted(order[: wanted.carriers].tolist())
    infected = dict(zip(carriers, _shares(wanted.infected, len(carriers)), strict=True))
    counts = _shares(wanted.cells, wanted.patients)
    return [
        PlannedCell(patient + 1, number + 1, _is_infected(number, infected.get(patient, 0), count))
        for patient, count in enumerate(counts)
        for number in range(count)
    ]


def _possible(least: int, most: int) -> str:
    return f"can have {least} to {most}" if least <= most else "have too few cells for that"


def _shares(whole: int, parts: int) -> list[int]:
    """A whole split as evenly as whole numbers allow, larger shares first."""
    return [whole // parts + (part < whole % parts) for part in range(parts)]


def _is_infected(number: int, infected: int, count: int) -> bool:
    """Infected cells stand evenly among the healthy ones, so that numbers tell nothing."""
    return number * infected // count != (number + 1) * infected // count
