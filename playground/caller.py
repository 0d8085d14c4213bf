"""What every Bot API method gets besides its parameters: the world, the bot, the files."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from playground.bots import Bot
from playground.errors import BadRequest
from playground.files import StoredFile, Upload
from playground.world import World


@dataclass(frozen=True, slots=True)
class Caller:
    """A bot in the middle of a call."""

    world: World
    bot: Bot
    uploads: Mapping[str, Upload] = field(default_factory=dict)

    def stored_file(self, kind: str, given: str) -> StoredFile:
        """Return the file a parameter means: an upload, attach://NAME or a known file id."""
        upload = self.uploads.get(given.removeprefix("attach://")) if given else None
        upload = upload or (None if given else self.uploads.get(kind))
        if upload is not None:
            files = self.world.files
            return files.add_photo(upload) if kind == "photo" else files.add_document(upload)
        if not given:
            raise BadRequest(f"there is no {kind} in the request")
        if "://" in given:
            raise BadRequest("wrong file identifier/HTTP URL specified")
        return self.world.files.get(given)
