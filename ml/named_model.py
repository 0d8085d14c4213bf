"""Which model a command means: a directory, a version, the champion, or the shipped one."""

from pathlib import Path

from ml.registry import Registry

SHIPPED = Path(__file__).parent.parent / "models" / "nastroi-tiny"
CHAMPION = "champion"


def model_path(model: str | None, registry: Registry) -> Path:
    """Return the directory that `--model` means; without it the champion's or the shipped one."""
    if model == CHAMPION or (model is None and registry.has_champion()):
        return registry.path(registry.champion())
    return SHIPPED if model is None else registry.path(model)
