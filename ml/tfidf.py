"""TF-IDF over words and characters with logistic regression: the classical line, and a teacher."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import FeatureUnion, Pipeline, make_pipeline

from ml.errors import DataError

_WORD = r"(?u)\w+|[^\w\s]"  # marks and emoji are words here: they carry the mood
_RARE = 2  # n-grams in fewer texts are left out


class TfidfClassifier:
    """Word 1-2-grams and character 2-5-grams, weighted by TF-IDF, under logistic regression."""

    def __init__(self, strength: float = 0.3) -> None:
        """`strength` is the inverse of the regularisation (scikit-learn's C)."""
        self._strength = strength
        self._classes = 0
        self._pipeline: Pipeline | None = None

    def fit(
        self,
        texts: Sequence[str],
        labels: Sequence[int],
        classes: int,
        weights: NDArray[np.float64] | None = None,
    ) -> "TfidfClassifier":
        """Learn from texts; `labels` are below `classes`, which count the same whatever their rows.

        `weights` are (texts,): how much each counts. Raises DataError where the texts are too few.
        """
        self._classes = classes
        rare = min(_RARE, len(texts))
        features = FeatureUnion([("words", _words(rare)), ("characters", _characters(rare))])
        regression = LogisticRegression(
            C=self._strength, class_weight="balanced", max_iter=200, tol=1e-3
        )
        self._pipeline = make_pipeline(features, regression)
        try:
            self._pipeline.fit(texts, labels, logisticregression__sample_weight=weights)
        except ValueError as error:  # no n-gram occurs twice, or one class alone
            raise DataError(
                f"TF-IDF can't learn from {len(texts)} texts ({error}); give more labelled texts"
            ) from None
        return self

    @property
    def n_grams(self) -> list[str]:
        """The features: what was counted, in the order of the regression's weights."""
        return [] if self._pipeline is None else list(self._pipeline[0].get_feature_names_out())

    def probabilities(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Return (texts, classes); a class that was never seen has probability 0."""
        if self._pipeline is None:
            raise RuntimeError("fit first")
        found = np.zeros((len(texts), self._classes))
        if len(texts):
            found[:, self._pipeline[-1].classes_] = self._pipeline.predict_proba(texts)
        return found


def _words(rare: int) -> TfidfVectorizer:
    return TfidfVectorizer(
        token_pattern=_WORD, ngram_range=(1, 2), min_df=rare, sublinear_tf=True, dtype=np.float32
    )


def _characters(rare: int) -> TfidfVectorizer:
    return TfidfVectorizer(
        analyzer="char_wb", ngram_range=(2, 5), min_df=rare, sublinear_tf=True, dtype=np.float32
    )
