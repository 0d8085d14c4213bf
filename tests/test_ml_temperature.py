"""A temperature may depend on how far a text's best label leads."""

import json

import numpy as np
import pytest

from ml import manifest as manifests
from ml import metrics
from ml.calibration import class_probabilities, fit_temperature
from ml.errors import CheckpointError
from ml.temperature import Temperature

BENT = Temperature((0.5, 1.5, 2.0), (0.6, 0.6, 0.3))


def timid(texts: int) -> tuple[np.ndarray, np.ndarray]:
    """Draw logits that say too little, least where they are sure, and truth as likely as it was."""
    random = np.random.default_rng(1)
    logits = random.normal(size=(texts, 3))
    shares = class_probabilities(logits, BENT).cumsum(axis=1)
    return logits, (random.random((texts, 1)) > shares).sum(axis=1)


def test_is_linear_between_margins_and_constant_beyond() -> None:
    leads = np.array([[0.1, 0.0], [1.75, 0.0], [9.0, 0.0]])
    np.testing.assert_allclose(BENT.divide(leads)[:, 0], [0.1 / 0.6, 1.75 / 0.45, 9.0 / 0.3])
    assert [BENT.at(row) for row in leads.tolist()] == pytest.approx([0.6, 0.45, 0.3])


def test_yes_or_no_leads_by_its_distance_from_even() -> None:
    np.testing.assert_allclose(BENT.divide(np.array([[-2.5]])), [[-2.5 / 0.3]])
    assert BENT.at([-2.5]) == 0.3


def test_bends_where_one_number_is_wrong_at_either_end() -> None:
    logits, truth = timid(6_000)
    fitted = fit_temperature(logits[:3_000], truth[:3_000])
    assert fitted.values[-1] < 0.8 * fitted.values[0]
    losses = [
        metrics.log_loss(truth[3_000:], class_probabilities(logits[3_000:], each))
        for each in (fitted, *map(Temperature.constant, np.linspace(0.3, 1.0, 15)))
    ]
    assert losses[0] == min(losses)


def test_few_texts_bend_nothing() -> None:
    assert len(fit_temperature(*timid(499)).values) == 1


def test_no_label_changes_rank() -> None:
    logits = np.random.default_rng(2).normal(size=(200, 3)) * 2
    np.testing.assert_array_equal(BENT.divide(logits).argsort(axis=1), logits.argsort(axis=1))


@pytest.mark.parametrize("found", [BENT, Temperature.constant(0.483)])
def test_is_read_as_it_was_stored(found: Temperature) -> None:
    assert Temperature.from_json(found.to_json()) == found


@pytest.mark.parametrize("stored", ["hot", None, [], [[1, 0.5], [1, 0.4]], [[0, 0]], [[0, 1, 2]]])
def test_nonsense_in_a_manifest_is_named(stored: object) -> None:
    text = b'{"name": "a", "version": "b", "tasks": {}, "temperatures": {"mood": %s}}'
    told = json.dumps(stored).encode()
    with pytest.raises(CheckpointError, match=r"where is not a manifest: .* is no temperature"):
        manifests.parse(text % told, "where")
