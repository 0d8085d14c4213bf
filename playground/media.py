"""Pictures and files as parts of albums and edits name them: an upload, or a file that is known."""

from playground.caller import Caller
from playground.calls import InputMedia
from playground.errors import BadRequest
from playground.formatting import caption_content
from playground.messages import MEDIA
from playground.shapes import Json


def media_content(caller: Caller, media: InputMedia) -> Json:
    """Return the fields that a medium and its caption fill; raises BadRequest for other kinds."""
    if media.type not in MEDIA:
        raise BadRequest(f"can't parse InputMedia: unsupported type {media.type!r}")
    content = caption_content(caller.world.people, media)
    stored = caller.stored_file(media.type, media.media)
    shown = stored.photo() if media.type == "photo" else stored.document()
    return content | {media.type: shown}
