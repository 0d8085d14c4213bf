"""Finds out once and quickly whether the hub answers, so that nothing waits for it in vain."""

import os
import threading
import urllib.error
import urllib.request

_PROBE_SECONDS = 3.0


def hub_answers() -> bool:
    """Say, after three seconds at the most, whether the hub can be reached; proxies are heeded."""
    from huggingface_hub import constants

    if constants.HF_HUB_OFFLINE:
        return False
    answered: list[bool] = []
    # A thread, since a timeout bounds the connection but not the look-up of its name.
    probe = threading.Thread(target=_ask, args=(constants.ENDPOINT, answered), daemon=True)
    probe.start()
    probe.join(_PROBE_SECONDS)
    return bool(answered)


def forbid_the_hub() -> None:
    """Let processes started from now on look for weights on this machine alone."""
    os.environ["HF_HUB_OFFLINE"] = "1"


def _ask(address: str, answered: list[bool]) -> None:
    try:
        urllib.request.urlopen(address, timeout=_PROBE_SECONDS).close()
    except urllib.error.HTTPError:
        pass  # an answer all the same
    except OSError:
        return
    answered.append(True)
