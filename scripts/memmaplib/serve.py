# SPDX-License-Identifier: GPL-2.0-only
"""The what-if page on loopback: what comes in is checked here, what is read runs elsewhere.

    browser ──► Host, token, size ──► a file in a folder of ours ──► whatif.py, a process with
                                                                     limits ──► JSON ──► browser

The address has a random token: other users of this machine cannot guess it, and pages of other
sites cannot ask (the Host and Origin of a request must be ours).  Nothing is fetched from
anywhere, and the page may connect to nothing but this server.
"""

import hmac
import json
import os
import resource
import secrets
import subprocess
import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote

from memmaplib.place import own_text, program
from memmaplib.story import human

UPLOAD_MOST = 64 << 20          # bytes of a log that may be dropped
ASK_MOST = 64 << 10             # bytes of any other request
LOGS_KEPT = 16
SECONDS = 60                    # for one answer
WORKER_BYTES = 3 << 30
DRAIN_MOST, DRAIN_SECONDS = 1 << 16, 2      # a refused body is read for so long, in such pieces
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'unsafe-inline'; style-src "
                               "'unsafe-inline'; img-src data:; connect-src 'self'; form-action "
                               "'none'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store", "Cross-Origin-Resource-Policy": "same-origin",
}


class No(Exception):
    """A request that is refused: status and words."""

    def __init__(self, status, words):
        super().__init__(words)
        self.status = status


def limit_worker():
    """In the child: the reader may grow to so much.  (The simulator lifts it for itself.)"""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    most = resource.getrlimit(resource.RLIMIT_AS)[1]
    resource.setrlimit(resource.RLIMIT_AS, (WORKER_BYTES, most))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))


class Desk:
    """The logs that are here, and the worker that answers questions about them."""

    def __init__(self, files, maps, build, folder):
        self.folder, self.build = Path(folder), build
        self.offered = {}           # name in the list -> path
        self.taken = {}             # id -> name, oldest first
        self.busy = threading.Lock()
        for path in [*files, *maps]:
            name = path.name
            while name in self.offered:
                name += "'"
            self.offered[name] = path

    def work(self, *words):
        """Run the worker; its JSON.  One at a time: there may be few cores."""
        command = [*program(), "whatif-worker", *words]
        with self.busy:
            try:
                run = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True,
                                     timeout=SECONDS, preexec_fn=limit_worker, check=False)
            except subprocess.TimeoutExpired:
                return {"refused": f"no answer within {SECONDS} seconds: the log is too large or too odd"}
        try:
            return json.loads(run.stdout)
        except ValueError:
            last = (run.stderr.decode("utf-8", "replace").strip().splitlines() or ["no word"])[-1]
            why = "ran out of time or memory" if run.returncode < 0 or "MemoryError" in last else last
            return {"refused": f"the reader ended with status {run.returncode}: {why[:300]}"}

    def take(self, path, name):
        """Read a log that lies in a file.  Return: {"id", "name"} or {"refused"}."""
        key = secrets.token_hex(8)
        out = self.work("take", str(path), name, str(self.folder / key))
        if "refused" in out:
            return out
        self.taken[key] = out["name"]
        while len(self.taken) > LOGS_KEPT:
            (self.folder / self.taken_first()).unlink(missing_ok=True)
        return {"id": key, "name": out["name"]}

    def taken_first(self):
        key = next(iter(self.taken))
        del self.taken[key]
        return key

    def upload(self, data, name):
        with tempfile.NamedTemporaryFile(dir=self.folder, prefix="up-") as file:
            file.write(data)
            file.flush()
            return self.take(file.name, name)

    def choose(self, name):
        if name not in self.offered:        # a name of the list, never a path
            raise No(404, "no such log in the list")
        return self.take(self.offered[name], name)

    def ask(self, key, cmdlines):
        if key not in self.taken:
            raise No(404, "that log is not here any more: drop it again")
        if not 1 <= len(cmdlines) <= 2 or not all(isinstance(line, str) for line in cmdlines):
            raise No(400, "one or two command lines")
        if any("\0" in line for line in cmdlines):
            raise No(400, "a command line ends at a zero byte")
        return self.work("answer", str(self.folder / key), str(self.build), *cmdlines)


class Door(BaseHTTPRequestHandler):
    """One request.  The server has @token, @desk and @page."""

    server_version, sys_version, protocol_version = "memmap", "", "HTTP/1.1"
    timeout = 30

    def log_message(self, format, *args):       # noqa: A002  the base class names it so
        pass

    def path_inside(self):
        """The path behind the token; raises No for every stranger."""
        port = self.server.server_address[1]
        ours = (f"127.0.0.1:{port}", f"localhost:{port}")
        if self.headers.get("Host") not in ours:
            raise No(403, "this address is for this machine only")
        origin = self.headers.get("Origin")
        if origin is not None and origin not in tuple(f"http://{host}" for host in ours):
            raise No(403, "another site may not ask")
        parts = self.path.split("/")
        token = self.server.token.encode()
        if len(parts) != 3 or not hmac.compare_digest(parts[1].encode(), token):
            raise No(403, "wrong token: use the address that was printed")
        return parts[2]

    def body(self, most):
        """The request's body, at most so many bytes."""
        try:
            size = int(self.headers.get("Content-Length", ""))
        except ValueError as error:
            raise No(411, "how long is it?") from error
        if size < 0:
            raise No(400, "less than nothing")
        if size > most:
            self.drain(size)
            raise No(413, f"{human(size)} are too much: at most {human(most)}; cut the log to its "
                     "first megabytes, where memory is spoken of, or compress it")
        return self.rfile.read(size)

    def drain(self, size):
        """Read some of what is refused: a browser listens only when it has spoken."""
        end = time.monotonic() + DRAIN_SECONDS
        self.connection.settimeout(DRAIN_SECONDS)
        try:
            while size > 0 and time.monotonic() < end and (data := self.rfile.read1(DRAIN_MOST)):
                size -= len(data)
        except TimeoutError:
            pass
        self.close_connection = True

    def answer(self, status, kind, data):
        self.send_response(status)
        for name, value in {**HEADERS, "Content-Type": kind, "Content-Length": str(len(data))}.items():
            self.send_header(name, value)
        if status >= 400:
            self.close_connection = True
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def say(self, thing, status=200):
        self.answer(status, "application/json", json.dumps(thing, separators=(",", ":")).encode())

    def guarded(self, function):
        try:
            function(self.path_inside())
        except No as no:
            self.say({"refused": str(no)}, no.status)
        except (BrokenPipeError, ConnectionResetError, TimeoutError):
            self.close_connection = True

    def do_GET(self):
        self.guarded(self.get)

    def do_POST(self):
        self.guarded(self.post)

    def get(self, path):
        if path == "":
            self.answer(200, "text/html; charset=utf-8", self.server.page)
        elif path == "logs":
            self.say({"logs": list(self.server.desk.offered), "most": UPLOAD_MOST})
        else:
            raise No(404, "there is nothing of that name")

    def post(self, path):
        desk = self.server.desk
        if path == "log":
            name = os.path.basename(unquote(self.headers.get("X-Name", "")))[:100]
            name = "".join(sign for sign in name if sign.isprintable()) or "a log"
            self.say(desk.upload(self.body(UPLOAD_MOST), name))
            return
        if path not in ("choose", "ask"):
            raise No(404, "there is nothing of that name")
        try:
            asked = json.loads(self.body(ASK_MOST))
            if path == "choose":
                self.say(desk.choose(str(asked["name"])))
            else:
                self.say(desk.ask(str(asked["id"]), list(asked["cmdlines"])))
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise No(400, "not what this page asks") from error


def page_text():
    """The page, whole: nothing of it is fetched later."""
    return own_text("whatif.html").replace("@SCRIPT@", own_text("whatif.js"))


def serve(files, maps, build, port=0, ready=lambda url: None):
    """Serve until interrupted.  @ready gets the address."""
    with tempfile.TemporaryDirectory(prefix="daybreak-") as folder, \
            ThreadingHTTPServer(("127.0.0.1", port), Door) as server:
        server.daemon_threads = True
        server.token, server.desk = secrets.token_urlsafe(16), Desk(files, maps, build, folder)
        server.page = page_text().encode()
        ready(f"http://127.0.0.1:{server.server_address[1]}/{server.token}/")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print()
