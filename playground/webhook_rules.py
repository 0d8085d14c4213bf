"""How webhooks are delivered: what the control API may change to make tests quick."""

from dataclasses import dataclass


@dataclass(slots=True)
class WebhookRules:
    """Waits between tries of one update, in seconds; the last one repeats."""

    backoff_seconds: tuple[float, ...] = (1, 2, 5, 10, 30, 60)
    timeout_seconds: float = 60

    def wait_seconds(self, failures: int) -> float:
        """Return how long to wait after so many failures in a row."""
        return self.backoff_seconds[min(failures, len(self.backoff_seconds)) - 1]
