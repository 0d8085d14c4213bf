"""The parameters of a Bot API call, wherever the caller put them: query, form, files or JSON."""

import json
from collections.abc import Mapping
from typing import Any

from aiohttp import MultipartReader, web
from aiohttp.web_request import FileField

from playground.errors import BadRequest
from playground.files import Upload

Parameters = dict[str, Any]
Uploads = dict[str, Upload]


async def read_parameters(request: web.Request) -> tuple[Parameters, Uploads]:
    """Return a request's parameters and files; raises BadRequest for broken JSON."""
    parameters: Parameters = dict(request.query)
    uploads: Uploads = {}
    if request.content_type == "application/json":
        parameters |= read_json(await request.read())
    elif request.can_read_body:
        _split(await request.post(), parameters, uploads)
    return parameters, uploads


def read_json(body: bytes) -> Parameters:
    """Return a JSON object's fields; an empty body has none."""
    try:
        parameters = json.loads(body) if body else {}
    except ValueError as broken:
        raise BadRequest("can't parse request JSON object") from broken
    if not isinstance(parameters, dict):
        raise BadRequest("object expected as request")
    return parameters


async def read_multipart(reader: MultipartReader) -> tuple[Parameters, Uploads]:
    """Return what a webhook answered as a form: the parameters of a call, and files."""
    parameters: Parameters = {}
    uploads: Uploads = {}
    async for part in reader:
        if part is None or isinstance(part, MultipartReader):
            continue
        name, data = part.name or "", bytes(await part.read(decode=True))
        if part.filename is None:
            parameters[name] = data.decode()
        else:
            kind = part.headers.get("Content-Type", "application/octet-stream")
            uploads[name] = Upload(part.filename, data, kind)
    return parameters, uploads


def _split(
    form: Mapping[str, str | bytearray | FileField | bytes], into: Parameters, uploads: Uploads
) -> None:
    for name, value in form.items():
        if isinstance(value, FileField):
            data = value.file.read()
            uploads[name] = Upload(value.filename or name, data, value.content_type)
        else:
            into[name] = value if isinstance(value, str) else bytes(value).decode()
