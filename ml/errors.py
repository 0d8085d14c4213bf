"""What goes wrong in ways that a person can mend; each message says where, and what to do."""


class MlError(Exception):
    """The base of them all; commands print it as one line and exit with 2."""


class DataError(MlError):
    """A data file can't be used as it is."""


class TooFewLabelsError(DataError):
    """A community has labelled too little to train on."""

    def __init__(self, labels: int, needed: int) -> None:
        super().__init__(f"{labels} labels can't train; at least {needed} are needed")
        self.labels, self.needed = labels, needed


class CheckpointError(MlError):
    """A model directory can't be loaded."""


class RegistryError(MlError):
    """No such version, or none at all."""


class ParityError(MlError):
    """An exported graph doesn't give the probabilities of the model that it came from."""


class Cancelled(Exception):  # noqa: N818 - nothing went wrong
    """Whoever asked for a long piece of work wants it no more."""
