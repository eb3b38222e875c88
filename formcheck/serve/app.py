"""The web application: every path of ``docs/protocol.md`` and what answers it."""

from __future__ import annotations

import json
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from formcheck.coaching.coach.phrases import Phrases, languages
from formcheck.desk.carried import App
from formcheck.errors import FormcheckError, UsageError
from formcheck.version import __version__

from . import past
from .catalogue import exercises_data, plans_data, words_data
from .certificates import Authority
from .guard import DeviceGuard, Rates, cookie_name, problem
from .hello import PROTOCOL, read_hello, saved_plans
from .pairing import LASTS_S, Pairing, RefusedError
from .place import Data, Place
from .qr import qr_svg
from .reports import find_file, page_policy, report_row, reports_data
from .sessions import Sessions
from .settings import SettingsFile
from .socket import talk
from .spoken import clip_sound
from .static import HASHED, static_files
from .uploads import MAX_BYTES, SPARE, NoFilmError, Upload, Uploads

#: Largest question in JSON (bytes).
MAX_JSON = 64 << 10
#: Most reports and sessions in a list.
MOST_ROWS = 500
#: Seconds for which a browser keeps what has a hash in its name, and the model.
_LONG = "private, max-age=31536000, immutable"


@dataclass
class Parts:
    """What the application works with.

    Attributes
    ----------
    place : Place
    data : Data
    pairing : Pairing
    sessions : Sessions
    settings : SettingsFile
    uploads : Uploads
    model : callable
        Gives the pose model; may raise ModelError.
    authority : Authority or None
        Of the certificate, where there is TLS.
    static : dict
        Files of the page and their types by path.
    """

    place: Place
    data: Data
    pairing: Pairing
    sessions: Sessions
    settings: SettingsFile
    uploads: Uploads
    model: Callable[[], Path]
    authority: Authority | None = None
    static: dict[str, tuple[Path, str]] = field(default_factory=static_files)


def make_app(parts: Parts, rates: Rates | None = None) -> App:
    """Return the application, guarded."""
    w = _Web(parts)
    routes = [
        Route("/api/state", w.state),
        Route("/api/pair", w.pair, methods=["POST"]),
        Route("/api/pair", w.unpair, methods=["DELETE"]),
        Route("/api/pair/offer", w.offer),
        Route("/api/devices", w.devices),
        Route("/api/devices/{device:str}", w.forget_device, methods=["DELETE"]),
        Route("/api/exercises", w.exercises),
        Route("/api/words", w.words),
        Route("/api/plans", w.plans),
        Route("/api/coaching", w.coaching),
        Route("/api/reports", w.reports),
        Route("/reports/{folder:str}/{name:str}", w.report_file),
        Route("/api/history", w.history),
        Route("/progress", w.progress),
        Route("/api/settings", w.settings, methods=["GET", "PUT"]),
        Route("/api/doctor", w.doctor),
        Route("/api/model", w.model),
        Route("/models/pose_landmarker_full.task", w.model_file),
        Route("/api/uploads", w.upload, methods=["POST"]),
        Route("/api/jobs", w.jobs),
        Route("/api/jobs/{job:str}", w.forget_job, methods=["DELETE"]),
        Route("/voice/{lang:str}/{number:int}.wav", w.voice),
        Route("/trust/{name:str}", w.trust),
        WebSocketRoute("/ws/coach", w.coach),
        Route("/{path:path}", w.page),
    ]

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        yield
        await parts.sessions.close()
        await run_in_threadpool(parts.uploads.close)

    handlers: dict[Any, Any] = {FormcheckError: _said, HTTPException: _http, ClientDisconnect: _gone}
    app = Starlette(routes=routes, lifespan=lifespan, exception_handlers=handlers)
    return DeviceGuard(app, parts.place, parts.pairing, rates)


def _said(_request: Request, error: Exception) -> Response:
    assert isinstance(error, FormcheckError)
    status = 400 if isinstance(error, UsageError) else 503
    return problem(status, "refused", error.message, error.hint)


def _http(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return problem(error.status_code, "not-found" if error.status_code == 404 else "refused", str(error.detail))


def _gone(_request: Request, _error: Exception) -> Response:
    return problem(400, "gone", "the question did not come whole")


class _Web:
    """The answers."""

    def __init__(self, parts: Parts) -> None:
        self._p = parts
        self._history = parts.data.history

    # ---- pairing -------------------------------------------------------------------------------
    async def state(self, request: Request) -> Response:
        p = self._p
        return JSONResponse(
            {
                "formcheck": __version__,
                "protocol": PROTOCOL,
                "paired": request.state.device is not None,
                "lan": p.place.lan,
                "tls": p.place.lan,
                "fingerprint": p.authority.fingerprint if p.authority is not None else None,
                "languages": languages(),
                "lang": p.settings.now.lang,
                "person": p.data.name if request.state.device is not None else None,
                "name": p.place.names[0] if p.place.names else "localhost",
            }
        )

    async def pair(self, request: Request) -> Response:
        data = await _json(request)
        code, device = data.get("code"), data.get("device")
        if not isinstance(code, str) or len(code) > 200:
            return problem(400, "refused", "expected a code", 'as in {"code": "493 028"}')
        try:
            cookie = await run_in_threadpool(self._p.pairing.pair, code, device if isinstance(device, str) else "")
        except RefusedError as e:
            if e.wait_s > 0:
                hint = f"look at the terminal for the new code, and try again in {e.wait_s:.0f} s"
                return problem(429, "too-many", "too many wrong codes", hint, wait_s=round(e.wait_s))
            return problem(403, "wrong-code", "this is not the code", "look at the terminal", left=e.left)
        response = Response(status_code=204)
        self._set_cookie(response, cookie, int(LASTS_S))
        return response

    async def unpair(self, request: Request) -> Response:
        await run_in_threadpool(self._p.pairing.forget, request.state.device.id)
        response = Response(status_code=204)
        self._set_cookie(response, "", 0)
        return response

    def _set_cookie(self, response: Response, value: str, max_age: int) -> None:
        name, secure = cookie_name(self._p.place), self._p.place.lan
        response.set_cookie(name, value, max_age=max_age, path="/", secure=secure, httponly=True, samesite="strict")

    async def offer(self, _request: Request) -> Response:
        p = self._p
        link = f"{p.place.address}/#pair={p.pairing.token}"
        return JSONResponse({"code": p.pairing.shown, "link": link, "qr": qr_svg(link)})

    async def devices(self, request: Request) -> Response:
        own = request.state.device.id
        rows = [
            {
                "id": d.id,
                "name": d.name,
                "paired_at": _moment(d.paired_at),
                "seen_at": _moment(d.seen_at),
                "this": d.id == own,
            }
            for d in self._p.pairing.devices()
        ]
        return JSONResponse({"devices": rows})

    async def forget_device(self, request: Request) -> Response:
        found = await run_in_threadpool(self._p.pairing.forget, request.path_params["device"])
        return Response(status_code=204) if found else problem(404, "not-found", "there is no such device")

    # ---- what there is -------------------------------------------------------------------------
    def _phrases(self, request: Request) -> Phrases:
        return Phrases(request.query_params.get("lang") or self._p.settings.now.lang)

    async def exercises(self, request: Request) -> Response:
        phrases, options = self._phrases(request), self._p.settings.now.options
        return JSONResponse({"exercises": await run_in_threadpool(exercises_data, phrases, options)})

    async def words(self, request: Request) -> Response:
        return JSONResponse(words_data(self._phrases(request).lang))

    async def plans(self, request: Request) -> Response:
        rows = await run_in_threadpool(plans_data, self._phrases(request), saved_plans(self._p.data))
        return JSONResponse({"plans": rows})

    async def coaching(self, request: Request) -> Response:
        phrases = self._phrases(request)
        rows = []
        for c in self._p.sessions.all:
            exercise = c.coach.workout.exercise.id
            rows.append(
                {
                    "id": c.id,
                    "name": c.work.plan.name,
                    "exercise": exercise,
                    "title": phrases.title(exercise),
                    "started": c.began.isoformat(timespec="seconds"),
                    "camera": c.camera is not None,
                    "screens": len(c.screens),
                }
            )
        return JSONResponse({"sessions": rows, "most": self._p.sessions.most})

    async def reports(self, request: Request) -> Response:
        last = _count(request, "last", 50)
        rows = await run_in_threadpool(reports_data, self._p.data, self._phrases(request), last)
        return JSONResponse({"reports": rows})

    async def report_file(self, request: Request) -> Response:
        where = request.path_params["folder"], request.path_params["name"]
        found = await run_in_threadpool(find_file, self._p.data, *where)
        if found is None:
            return problem(404, "not-found", "there is no such report")
        file, kind = found
        headers = {}
        if kind.startswith("text/html"):
            headers["Content-Security-Policy"] = await run_in_threadpool(page_policy, file)
        return FileResponse(file, media_type=kind, headers=headers)

    async def history(self, request: Request) -> Response:
        return JSONResponse(await run_in_threadpool(past.history_data, self._history, _count(request, "last", 20)))

    async def progress(self, request: Request) -> Response:
        made = await run_in_threadpool(past.progress_page, self._history, self._phrases(request).lang)
        if made is None:
            return problem(404, "nothing-yet", "nothing has been done yet")
        page, policy = made
        return HTMLResponse(page, headers={"Content-Security-Policy": policy})

    async def settings(self, request: Request) -> Response:
        if request.method == "PUT":
            data = await _json(request)
            plan = data.pop("plan", None)
            if plan is not None:
                await run_in_threadpool(past.remember_plan, self._history, plan)
            await run_in_threadpool(self._p.settings.change, data)
        plan = await run_in_threadpool(past.plan, self._history)
        return JSONResponse({**self._p.settings.now.kept(), "plan": plan})

    async def doctor(self, _request: Request) -> Response:
        from formcheck.doctor import examine

        checks = await run_in_threadpool(lambda: list(examine()))
        rows = [{"name": c.name, "state": c.state, "text": c.text, "advice": c.advice} for c in checks]
        return JSONResponse({"checks": rows})

    # ---- the model, films ----------------------------------------------------------------------
    async def model(self, _request: Request) -> Response:
        file = await run_in_threadpool(self._p.model)
        there = file.stat()
        # Another model has another address, so that a browser may keep this one.
        mark = f"{there.st_mtime_ns:x}-{there.st_size:x}"
        return JSONResponse({"url": f"/models/pose_landmarker_full.task?{mark}", "bytes": there.st_size})

    async def model_file(self, request: Request) -> Response:
        file = await run_in_threadpool(self._p.model)
        cache = _LONG if request.url.query else "private, no-cache"
        return _file(request, file, "application/octet-stream", cache)

    async def upload(self, request: Request) -> Response:
        query, uploads = request.query_params, self._p.uploads
        name, exercise = query.get("name", "")[:1000], query.get("exercise", "auto")
        length = request.headers.get("content-length", "")
        size = int(length) if length.isascii() and length.isdigit() and len(length) < 20 else None
        if size is not None and size > MAX_BYTES:
            return _too_large()
        if shutil.disk_usage(self._p.data.root).free < (size or 0) + SPARE:
            return problem(507, "no-space", "there is no space left on the disk", "free some on the computer")
        try:
            upload = uploads.expect(name, exercise, history=query.get("history") == "1")
        except NoFilmError as e:
            return problem(415, "refused", e.message, e.hint)
        try:
            whole = await _receive(request, upload.file)
        except BaseException as e:
            # The first stops it, the second takes it off the list: whoever sent it is gone.
            await run_in_threadpool(uploads.forget, upload.id)
            await run_in_threadpool(uploads.forget, upload.id)
            if isinstance(e, OSError):
                return problem(507, "no-space", "the film cannot be written", "free some space on the computer")
            raise
        if not whole:
            await run_in_threadpool(uploads.forget, upload.id)
            return _too_large()
        uploads.begin(upload)
        return JSONResponse(self._job(upload, self._phrases(request)), status_code=202)

    def _job(self, u: Upload, phrases: Phrases) -> dict[str, Any]:
        report = report_row(u.report, phrases) if u.report is not None else None
        return {
            "id": u.id,
            "name": u.name,
            "exercise": u.exercise,
            "state": u.state,
            "progress": None if u.progress is None else round(u.progress, 3),
            "error": u.error,
            "report": report,
        }

    async def jobs(self, request: Request) -> Response:
        phrases = self._phrases(request)
        rows = await run_in_threadpool(lambda: [self._job(u, phrases) for u in self._p.uploads.all()])
        return JSONResponse({"jobs": rows})

    async def forget_job(self, request: Request) -> Response:
        found = await run_in_threadpool(self._p.uploads.forget, request.path_params["job"])
        return Response(status_code=204) if found else problem(404, "not-found", "there is no such film")

    # ---- coaching ------------------------------------------------------------------------------
    async def coach(self, ws: WebSocket) -> None:
        p = self._p
        await talk(ws, p.sessions, lambda m: read_hello(m, p.settings.now, saved_plans(p.data)))

    async def voice(self, request: Request) -> Response:
        lang, number = request.path_params["lang"], request.path_params["number"]
        sound = await run_in_threadpool(clip_sound, lang, number) if lang in languages() else None
        if sound is None:
            return problem(404, "not-found", "there is no such clip")
        return Response(sound, media_type="audio/wav", headers={"Cache-Control": "private, max-age=3600"})

    # ---- the page ------------------------------------------------------------------------------
    async def trust(self, request: Request) -> Response:
        authority = self._p.authority
        if authority is None or request.path_params["name"] not in ("ca.crt", "ca.pem"):
            return problem(404, "not-found", "there is no such certificate")
        if request.path_params["name"] == "ca.pem":
            return Response(authority.pem, media_type="application/x-pem-file")
        return Response(authority.der, media_type="application/x-x509-ca-cert")

    async def page(self, request: Request) -> Response:
        path = request.path_params["path"] or "index.html"
        found = self._p.static.get(path)
        if found is None:
            return problem(404, "not-found", "there is no such page")
        file, kind = found
        return _file(request, file, kind, _LONG if path.startswith(HASHED) else "no-cache")


def _file(request: Request, file: Path, kind: str, cache: str) -> Response:
    """Return a file, or that it is the one that the browser has."""
    headers = {"Cache-Control": cache}
    answer = FileResponse(file, media_type=kind, headers=headers, stat_result=file.stat())
    mark = answer.headers["etag"]
    if mark in [m.strip() for m in request.headers.get("if-none-match", "").split(",")]:
        return Response(status_code=304, headers={**headers, "ETag": mark})
    return answer


async def _json(request: Request) -> dict[str, Any]:
    """Return the object that a question holds.

    Raises
    ------
    UsageError
        If it is none, or too large.
    """
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MAX_JSON:
            raise UsageError(f"a question has at most {MAX_JSON} bytes")
    try:
        data = json.loads(bytes(body))
    except (ValueError, RecursionError):
        raise UsageError("the question has to be JSON") from None
    if not isinstance(data, dict):
        raise UsageError("the question has to be a JSON object")
    return data


async def _receive(request: Request, file: Path) -> bool:
    """Write what comes to a file; return False where it is too much."""
    got = 0
    with await run_in_threadpool(open, str(file), "xb") as sink:
        async for part in request.stream():
            got += len(part)
            if got > MAX_BYTES:
                return False
            await run_in_threadpool(sink.write, part)
    return True


def _too_large() -> Response:
    return problem(413, "too-large", f"a film has at most {MAX_BYTES >> 30} GB", "cut it into pieces")


def _count(request: Request, name: str, default: int) -> int:
    text = request.query_params.get(name, "")
    return min(int(text), MOST_ROWS) if text.isascii() and text.isdigit() and len(text) < 6 else default


def _moment(t: float) -> str:
    return datetime.fromtimestamp(t, UTC).astimezone().isoformat(timespec="seconds")
