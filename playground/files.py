"""Files that people and bots have sent, kept in memory up to a bound."""

import struct
from dataclasses import dataclass
from itertools import count
from pathlib import PurePosixPath

from playground.errors import BadRequest
from playground.shapes import Json

BYTES_KEPT = 128 * 1024 * 1024
PHOTO_BYTES = 10 * 1024 * 1024
DOCUMENT_BYTES = 50 * 1024 * 1024
DOWNLOAD_BYTES = 20 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came in a request."""

    name: str
    data: bytes
    mime_type: str = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A kept file with the ids and the path that Telegram would give it."""

    id: str
    unique_id: str
    path: str
    upload: Upload
    width: int = 0
    height: int = 0

    def photo(self) -> list[Json]:
        """Return it as Telegram's list of PhotoSize objects."""
        return [self._named() | {"width": self.width, "height": self.height}]

    def document(self) -> Json:
        """Return it as Telegram's Document object."""
        upload = self.upload
        return {"file_name": upload.name, "mime_type": upload.mime_type} | self._named()

    def file(self) -> Json:
        """Return what getFile answers."""
        return self._named() | {"file_path": self.path}

    def _named(self) -> Json:
        size = len(self.upload.data)
        return {"file_id": self.id, "file_unique_id": self.unique_id, "file_size": size}


class Files:
    """Every file by id and by path; the oldest go when the bound is passed."""

    def __init__(self) -> None:
        self._by_id: dict[str, StoredFile] = {}
        self._numbers = count(1)
        self._bytes = 0

    def add_photo(self, upload: Upload) -> StoredFile:
        """Keep a picture; raises BadRequest for what is no picture or too big."""
        if len(upload.data) > PHOTO_BYTES:
            raise BadRequest("too big for a photo")
        width, height = image_size(upload.data)
        kind = image_kind(upload.data)
        drawn = Upload(f"{PurePosixPath(upload.name).stem}.{kind}", upload.data, f"image/{kind}")
        return self._add("photo", drawn, width, height)

    def add_document(self, upload: Upload) -> StoredFile:
        """Keep any file; raises BadRequest for an empty or too big one."""
        if not upload.data:
            raise BadRequest("file must be non-empty")
        if len(upload.data) > DOCUMENT_BYTES:
            raise BadRequest("file is too big")
        return self._add("document", upload, 0, 0)

    def get(self, file_id: str) -> StoredFile:
        """Return a file by its id; raises BadRequest for an unknown one."""
        if file_id not in self._by_id:
            raise BadRequest("invalid file_id")
        return self._by_id[file_id]

    def at(self, path: str) -> StoredFile | None:
        """Return the file that getFile said lies at a path."""
        return next((stored for stored in self._by_id.values() if stored.path == path), None)

    def _add(self, kind: str, upload: Upload, width: int, height: int) -> StoredFile:
        number = next(self._numbers)
        path = f"{kind}s/file_{number}{PurePosixPath(upload.name).suffix}"
        file_id = f"{kind}-{number:06d}"
        stored = StoredFile(file_id, f"u{number:06d}", path, upload, width, height)
        self._by_id[stored.id] = stored
        self._bytes += len(upload.data)
        self._forget_oldest()
        return stored

    def _forget_oldest(self) -> None:
        while self._bytes > BYTES_KEPT and len(self._by_id) > 1:
            oldest = next(iter(self._by_id))
            self._bytes -= len(self._by_id.pop(oldest).upload.data)


def image_kind(data: bytes) -> str:
    """Tell a picture's format by its first bytes; raises BadRequest for what is none."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if data[:6] in (b"GIF87a", b"GIF89a"):
        return "gif"
    if data.startswith(b"\xff\xd8"):
        return "jpeg"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    raise BadRequest("IMAGE_PROCESS_FAILED")


def image_size(data: bytes) -> tuple[int, int]:
    """Read a picture's width and height; raises BadRequest for what is none."""
    kind = image_kind(data)
    if kind == "png":
        return _pair(">II", data, 16)
    if kind == "gif":
        return _pair("<HH", data, 6)
    return _jpeg_size(data) if kind == "jpeg" else _webp_size(data)


def _pair(layout: str, data: bytes, offset: int) -> tuple[int, int]:
    try:
        first, second = struct.unpack_from(layout, data, offset)
    except struct.error as broken:
        raise BadRequest("IMAGE_PROCESS_FAILED") from broken
    return int(first), int(second)


def _jpeg_size(data: bytes) -> tuple[int, int]:
    place = 2
    while place + 9 < len(data) and data[place] == 0xFF:
        marker, length = data[place + 1], int.from_bytes(data[place + 2 : place + 4])
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = _pair(">HH", data, place + 5)
            return width, height
        place += 2 + length
    raise BadRequest("IMAGE_PROCESS_FAILED")


def _webp_size(data: bytes) -> tuple[int, int]:
    if data[12:16] == b"VP8X":
        width = int.from_bytes(data[24:27], "little") + 1
        return width, int.from_bytes(data[27:30], "little") + 1
    if data[12:16] == b"VP8L":
        bits = int.from_bytes(data[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    width, height = _pair("<HH", data, 26)
    return width & 0x3FFF, height & 0x3FFF
