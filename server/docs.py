"""`/docs`: the API to read and to try, from this server alone."""

from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import FileResponse, HTMLResponse, Response

from server.errors import NotFound

router = APIRouter(include_in_schema=False)

DIST = Path(__file__).parent / "web" / "dist" / "swagger"
FILES = {"swagger-ui-bundle.js": "text/javascript", "swagger-ui.css": "text/css"}
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; font-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Heddle API</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,"><link rel="stylesheet" href="/docs/swagger-ui.css"></head>
<body><div id="swagger-ui"></div>
<noscript>This page needs JavaScript; the description itself is at <a href="/openapi.json">/openapi.json</a>.
</noscript>
<script src="/docs/swagger-ui-bundle.js"></script><script src="/docs/start.js"></script></body></html>
"""
_NOT_BUILT = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Heddle API</title></head>
<body><p>The pages of this server are not built. The description of the API is at
<a href="/openapi.json">/openapi.json</a>; <code>make setup</code> builds the pages.</p></body></html>
"""
_START = """SwaggerUIBundle({url: "/openapi.json", dom_id: "#swagger-ui", deepLinking: true,
  persistAuthorization: true, validatorUrl: null});
"""


@router.get("/docs")
async def docs() -> HTMLResponse:
    built = (DIST / "swagger-ui-bundle.js").is_file()
    return HTMLResponse(_PAGE if built else _NOT_BUILT, headers={"Content-Security-Policy": CSP})


@router.get("/docs/start.js")
async def start() -> Response:
    return Response(_START, media_type="text/javascript")


@router.get("/docs/{name}")
async def file(name: str) -> FileResponse:
    if name not in FILES or not (DIST / name).is_file():
        raise NotFound("There is no such file.")
    return FileResponse(DIST / name, media_type=FILES[name], headers={"Cache-Control": "max-age=86400"})
