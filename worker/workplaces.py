"""Where trainings lie while they are under way: one folder each, gone when they have ended.

What a training has done so far stands there, so that the next attempt on this host goes on with it.
"""

import shutil
from pathlib import Path

from core.settings import Settings
from core.training import TrainingResult

FOLDER = "trainings"
JUDGEMENT = "judgement.json"


def workplace_of(settings: Settings, order_id: str) -> Path:
    """Return a training's folder, which need not be there yet."""
    return settings.var_dir / FOLDER / order_id


def clear_workplaces(settings: Settings, but: str | None) -> None:
    """Remove the folders of all trainings except the one that has the place."""
    for folder in (settings.var_dir / FOLDER).glob("*"):
        if folder.name != but:
            shutil.rmtree(folder, ignore_errors=True)


def judgement_of(folder: Path) -> Path:
    """Return where stands what came of a challenger; whole, or not there at all."""
    return folder / JUDGEMENT


def read_judgement(folder: Path) -> TrainingResult | None:
    """Return what an earlier attempt found of its challenger; None while none was judged."""
    path = judgement_of(folder)
    return TrainingResult.model_validate_json(path.read_text()) if path.exists() else None


def write_judgement(folder: Path, judged: TrainingResult) -> None:
    """Write down that a challenger is to be promoted or kept, and why."""
    part = folder / f"{JUDGEMENT}.part"
    part.write_text(judged.model_dump_json())
    part.replace(judgement_of(folder))
