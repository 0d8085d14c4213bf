"""Fits a model directory's temperature anew on held-out texts and stores it in its manifest."""

import tempfile
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from ml import manifest as manifests
from ml import metrics
from ml.calibration import LEAST_TEXTS, cross_fitted, fit_temperature
from ml.errors import DataError, RegistryError
from ml.measured import Measured
from ml.registry import Registry
from ml.temperature import Temperature


@dataclass(frozen=True, slots=True)
class Recalibration:
    """What fitting a temperature changes; what is said of after was measured by cross-fitting."""

    task: str
    n: int
    temperature_before: Temperature
    temperature: Temperature
    ece_before: float
    ece: float
    log_loss_before: float
    log_loss: float

    def figures(self) -> dict[str, Any]:
        """Return them JSON-safe."""
        return asdict(self) | {
            "temperature_before": self.temperature_before.to_json(),
            "temperature": self.temperature.to_json(),
        }


def recalibrate(measured: Measured) -> Recalibration:
    """Fit the temperature of a table's task. Raises DataError where the texts are too few."""
    if len(measured.truth) < LEAST_TEXTS:
        raise DataError(
            f"{measured.table.path}: {len(measured.truth)} texts can't show a temperature; give at "
            f"least {LEAST_TEXTS}, better some hundreds"
        )
    fitted = cross_fitted(measured.logits, measured.truth)
    return Recalibration(
        task=measured.table.task,
        n=len(measured.truth),
        temperature_before=measured.temperature,
        temperature=fit_temperature(measured.logits, measured.truth),
        ece_before=metrics.calibration_error(measured.truth, measured.probabilities),
        ece=metrics.calibration_error(measured.truth, fitted),
        log_loss_before=metrics.log_loss(measured.truth, measured.probabilities),
        log_loss=metrics.log_loss(measured.truth, fitted),
    )


def store(directory: Path, found: Recalibration, measured: Measured) -> None:
    """Put the temperature into manifest.json, which readers see before or after, never between.

    What the manifest says of calibration on other files was measured before, so where the new
    temperature comes from stands beside it.
    """
    manifest = manifests.read(directory)
    origin = {
        "data": measured.table.path.name,
        "sha256": measured.table.sha256,
        "n": found.n,
        "ece": round(found.ece, 4),
        "fitted_at": manifests.now(),
    }
    calibration: dict[str, Any] = {
        **manifest.metrics.get("calibration", {}),
        found.task: origin,
    }
    changed = replace(
        manifest,
        temperatures={**manifest.temperatures, found.task: found.temperature},
        metrics={**manifest.metrics, "calibration": calibration},
    )
    with tempfile.TemporaryDirectory(dir=directory, prefix=".calibrated-") as fresh:
        manifests.write(changed, Path(fresh))
        (Path(fresh) / manifests.FILE).replace(directory / manifests.FILE)


def require_unregistered(model: str, directory: Path, registry: Registry) -> None:
    """Raise RegistryError for a version of a registry: those never change once they are added.

    `directory` is where the name `model` led to.
    """
    found = directory.resolve()
    of_this = registry.owns(found)
    of_another = (found.parent / "champion").is_file()
    if found != Path(model).resolve() or of_this or of_another:
        raise RegistryError(
            f"{model} is a registered version, which never changes; copy its directory, calibrate "
            "the copy and add that to the registry"
        )
