"""Fetches one large file over a bad line: it goes on where it was cut, and checks what came."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

import httpx
import tenacity

from normocyte.core.cancel import Stopped, current
from normocyte.core.errors import DownloadError, Interrupted
from normocyte.core.files import make_folder, sha256_of
from normocyte.core.progress import Progress

_WHOLE, _PARTIAL, _PAST_THE_END = 200, 206, 416
_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+|\*)")
_PAST = re.compile(r"bytes \*/(\d+)")


@dataclass(frozen=True)
class Patience:
    """How often in a row to try without one new byte, and how long to wait: doubling from the first wait."""

    attempts: int = 6
    first_wait_s: float = 1.0
    longest_wait_s: float = 60.0
    timeout_s: float = 30.0


@dataclass(frozen=True)
class Expected:
    """What is known of the file beforehand; an unknown size is -1, an unknown SHA-256 empty."""

    size: int = -1
    sha256: str = ""

    def fault(self, path: Path) -> str:
        """How a file differs from what is expected; empty when it does not."""
        size = path.stat().st_size
        if self.size not in (-1, size):
            return f"has {size:,} bytes instead of {self.size:,}"
        if self.sha256 and (found := sha256_of(path)) != self.sha256.lower():
            return f"has SHA-256 {found} instead of {self.sha256.lower()}"
        return ""


class _Again(DownloadError):
    """A passing failure: worth another attempt."""


@dataclass
class _Download:
    """One file under way: `.part` holds the bytes so far, `.part.json` says of which version they are."""

    url: str
    part: Path
    expected: Expected
    progress: Progress
    total: int = -1
    best: int = 0
    shown: int = -1
    is_ended: bool = False

    @property
    def offset(self) -> int:
        """How many bytes are there."""
        return self.part.stat().st_size if self.part.exists() else 0

    @property
    def note(self) -> Path:
        """The file beside `.part`."""
        return self.part.with_name(self.part.name + ".json")

    def pull(self, client: httpx.Client) -> None:
        """Fetch what is missing, as far as the line holds; _Again when not one new byte came."""
        start, validator = self._resume()
        headers = {"Accept-Encoding": "identity"}
        if start:
            headers |= {"Range": f"bytes={start}-"} | ({"If-Range": validator} if validator else {})
        reason = "the connection was closed early"
        try:
            with client.stream("GET", self.url, headers=headers) as response:
                self._take(response, start)
        except httpx.TransportError as error:
            reason = str(error) or type(error).__name__
        if not self.is_ended and self.offset <= self.best:
            raise _Again(
                f"{self.url} cannot be fetched: {reason}. Check the connection and run the command again; "
                "what came so far is kept."
            )
        self.best = max(self.best, self.offset)

    def _resume(self) -> tuple[int, str]:
        """Where to go on, and the server's mark of that version; 0 when the bytes may be of another one."""
        note = _read_note(self.note)
        validator = note["validator"] if note["url"] == self.url else ""
        if validator or self.expected.sha256:
            return self.offset, validator
        self.discard()
        return 0, ""

    def _take(self, response: httpx.Response, start: int) -> None:
        if response.status_code == _PAST_THE_END:
            self._take_nothing(response)
            return
        _check_status(response)
        found = _RANGE.fullmatch(response.headers.get("Content-Range", ""))
        if response.status_code == _WHOLE:
            start = 0
        elif found is None or int(found[1]) != start:
            self.discard()
            raise _Again(f"{self.url} sent another range than was asked for, from byte {start}.")
        self._set_total(response, start)
        self._write(response, start)

    def _take_nothing(self, response: httpx.Response) -> None:
        """The server says that nothing lies behind our bytes: they are whole, or of another version."""
        past = _PAST.fullmatch(response.headers.get("Content-Range", ""))
        self.is_ended = past is not None and int(past[1]) == self.offset
        if not self.is_ended:
            self.discard()

    def _set_total(self, response: httpx.Response, start: int) -> None:
        length = response.headers.get("Content-Length", "")
        self.total = start + int(length) if length.isdigit() else self.expected.size
        if self.expected.size not in (-1, self.total):
            raise DownloadError(
                f"{self.url} has {self.total:,} bytes, not {self.expected.size:,} as expected: it is another "
                "file. Check the address."
            )

    def _write(self, response: httpx.Response, start: int) -> None:
        self._show(start)
        try:
            if not start:
                self._note(response)
            with self.part.open("ab" if start else "wb") as file:
                for chunk in response.iter_raw():
                    file.write(chunk)
                    self.progress.advance(len(chunk))
                    self.shown += len(chunk)
                    current().check()
        except OSError as error:
            raise DownloadError(
                f"Cannot write {self.part}: {error.strerror}. Free some space, or choose another place, and "
                f"run the command again: it goes on from {self.offset:,} bytes."
            ) from error
        self.is_ended = self.total in (-1, self.offset)

    def _show(self, start: int) -> None:
        """Bring the listener to where we are; a new beginning is a new bar."""
        if self.shown != start:
            self.progress.begin(f"Downloading {self.part.stem}", max(self.total, 0))
            self.progress.advance(start)
            self.shown = start

    def _note(self, response: httpx.Response) -> None:
        """Remember the server's mark of this version; a weak ETag may not be used for ranges."""
        tag = response.headers.get("ETag", "")
        validator = tag if tag.startswith('"') else response.headers.get("Last-Modified", "")
        self.note.write_text(json.dumps({"url": self.url, "validator": validator}), encoding="utf-8")

    def discard(self) -> None:
        """Forget what came."""
        self.part.unlink(missing_ok=True)
        self.note.unlink(missing_ok=True)


def fetch(url: str, target: Path, expected: Expected, progress: Progress, patience: Patience) -> Path:
    """Fetch a file to `target`, or leave it when it is there already and right.

    An interrupted download goes on where it stopped, now or in a later call, if the server can prove that it
    is still the same file or the SHA-256 will. DownloadError when it cannot be had or is not what was
    expected; Interrupted when it is stopped, with what came kept.
    """
    _check_url(url)
    if target.exists():
        _check_present(target, expected)
        return target
    make_folder(target.parent)
    download = _Download(url, target.with_name(target.name + ".part"), expected, progress)
    try:
        _pull_all(download, patience)
    except Stopped as error:
        raise Interrupted(
            f"Stopped; {download.offset:,} bytes are kept in {download.part}. Run the same command to go on."
        ) from error
    _finish(download, target)
    return target


def _pull_all(download: _Download, patience: Patience) -> None:
    again = tenacity.Retrying(
        retry=tenacity.retry_if_exception_type(_Again),
        stop=tenacity.stop_after_attempt(patience.attempts),
        wait=tenacity.wait_exponential(multiplier=patience.first_wait_s, max=patience.longest_wait_s),
        reraise=True,
    )
    download.best = download.offset
    with httpx.Client(timeout=patience.timeout_s, follow_redirects=True) as client:
        while not download.is_ended:
            again(download.pull, client)


def _finish(download: _Download, target: Path) -> None:
    fault = download.expected.fault(download.part)
    if fault:
        download.discard()
        raise DownloadError(
            f"What came from {download.url} {fault}; it was removed. Try again, or check the address."
        )
    download.part.replace(target)
    download.note.unlink(missing_ok=True)


def _check_url(url: str) -> None:
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise DownloadError(
            f"'{url}' is not an address: {error}. Give one that begins with https://."
        ) from error
    if parsed.scheme not in ("http", "https") or not parsed.host:
        raise DownloadError(f"'{url}' is not an address. Give one that begins with https://.")


def _check_present(target: Path, expected: Expected) -> None:
    fault = expected.fault(target)
    if fault:
        raise DownloadError(f"{target} is there already but {fault}. Remove it, or choose another folder.")


def _check_status(response: httpx.Response) -> None:
    if response.status_code in (_WHOLE, _PARTIAL):
        return
    said = f"{response.url} answers {response.status_code} {response.reason_phrase}"
    if response.status_code in _PASSING:
        raise _Again(f"{said}. Try again later; what came so far is kept.")
    raise DownloadError(f"{said}. Check the address, or give another one.")


def _read_note(path: Path) -> dict[str, str]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return {"url": str(content["url"]), "validator": str(content["validator"])}
    except (OSError, ValueError, KeyError, TypeError):
        return {"url": "", "validator": ""}
