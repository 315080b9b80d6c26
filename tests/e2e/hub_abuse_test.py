"""Requests as nobody sends them in good faith. The hub stays up, answers others, and takes no more than it should."""
import concurrent.futures
import gzip
import http.client
import os
import re
import resource
import socket
import struct
import threading
import time
import unittest
import urllib.parse
import zipfile
import zlib
from io import BytesIO

from hub import NONE, Desk, HubTest, make_pack, object_id, pack_entry, pack_of, packet
from people import LONG, main

IDLE = 10_000 if LONG else 2_500
HUB_MAX, CHILDREN_MAX = 700 << 20, 1500 << 20  # Bytes of memory.
PUSH, FETCH = "application/x-git-receive-pack-request", "application/x-git-upload-pack-request"


class Pulse:
    """Somebody who works on meanwhile: /healthz answers, pushes go through, and memory stays within its bound."""

    def __init__(self, test, slowest_s=8.0):
        self.test, self.slowest_allowed = test, slowest_s
        self.ended, self.faults = threading.Event(), []
        self.slowest = self.hub_memory = self.children_memory = self.pushes = 0

    def __enter__(self):
        self.threads = [threading.Thread(target=self.keep, args=(what, pause)) for what, pause in
                        ((self.ask, 0.1), (self.push, 1.0), (self.weigh, 0.02))]
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *thrown):
        self.ended.set()
        for thread in self.threads:
            thread.join()
        if thrown[0] is None:
            self.check()

    def check(self):
        self.test.assertEqual(self.faults, [])
        self.test.assertGreater(self.pushes, 0)
        self.test.assertLess(self.slowest, self.slowest_allowed, "seconds for /healthz")
        self.test.assertLess(self.hub_memory, HUB_MAX, "bytes of the hub")
        self.test.assertLess(self.children_memory, CHILDREN_MAX, "bytes of what the hub has started")
        if os.environ.get("AECOS_TELL"):
            print(f"{self.test.id()}: {self.slowest:.2f} s, {self.hub_memory >> 20} and {self.children_memory >> 20} MiB,"
                  f" {self.pushes} pushes")

    def keep(self, what, pause_s):
        while True:
            try:
                what()
            except Exception as fault:  # Whatever it is, it is told at the end.
                self.faults.append(f"{what.__name__}: {fault}")
                return
            if self.ended.wait(pause_s):
                return

    def ask(self):
        began = time.monotonic()
        status, _, answer = self.test.hub.ask("GET", "/healthz")
        self.slowest = max(self.slowest, time.monotonic() - began)
        if (status, answer) != (200, b"ok\n"):
            raise AssertionError(f"{status} {answer}")

    def push(self):
        desk = self.test.ben
        self.pushes += 1
        desk.commit(**{f"pulse__{self.test.id().rsplit('.')[-1]}.md": f"# {self.pushes}\n"})
        done = desk.push(check=False)
        if done.returncode != 0:
            raise AssertionError(done.stderr)

    def weigh(self):
        hub = self.test.hub.process.pid
        self.hub_memory = max(self.hub_memory, memory_of(hub))
        children = 0
        with open(f"/proc/{hub}/task/{hub}/children") as file:
            found = file.read().split()
        for task in os.listdir(f"/proc/{hub}/task"):
            try:
                with open(f"/proc/{hub}/task/{task}/children") as file:
                    found += file.read().split()
            except OSError:
                pass
        for child in set(found):
            children += memory_of(child)
        self.children_memory = max(self.children_memory, children)


def memory_of(process):
    """VmRSS in bytes; 0: it has ended."""
    try:
        with open(f"/proc/{process}/status") as file:
            for line in file:
                if line.startswith("VmRSS:"):
                    return int(line.split()[1]) << 10
    except OSError:
        pass
    return 0


class AbuseTest(HubTest):
    @classmethod
    def setUpClass(cls):
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        cls.addClassCleanup(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))
        cls.share_hub()
        for login in ("ana", "ben", "eve"):
            cls.hub.user(login, scope="admin" if login == "ana" else "write")
        cls.hub.admin("project", "add", "house", "--owner", "ana")
        for login in ("ben", "eve"):
            cls.hub.admin("project", "member", "house", login, "write")
        ana = Desk(cls.hub, "house", "ana")
        ana.commit("first", a_json='{"a": 1}\n')
        ana.push("HEAD:develop")
        cls.ben, cls.eve = Desk(cls.hub, "house", "ben"), Desk(cls.hub, "house", "eve")
        cls.address = urllib.parse.urlsplit(cls.hub.url)

    def setUp(self):
        self.eve.pull()

    def connect(self, timeout=30):
        return socket.create_connection((self.address.hostname, self.address.port), timeout=timeout)

    def say(self, data, timeout=30):
        """Sends it all and gives what comes until the hub closes the connection, or says nothing for long."""
        with self.connect(timeout) as wire:
            try:
                wire.sendall(data)
            except OSError:
                pass  # It may have heard enough.
            return self.hear(wire)

    @staticmethod
    def hear(wire):
        answer = b""
        try:
            while piece := wire.recv(65536):
                answer += piece
        except OSError:
            pass
        return answer

    @staticmethod
    def status_of(answer):
        return int(answer.split(b" ", 2)[1]) if answer.startswith(b"HTTP/1.1 ") else 0

    def head(self, path, length, kind=PUSH, login="eve", more=""):
        return (f"POST {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {self.hub.tokens[login]}\r\n"
                f"Content-Type: {kind}\r\nContent-Length: {length}\r\n{more}\r\n").encode()

    def quarantines(self):
        objects = self.hub.data / "repositories/house.git/objects"
        return [path.name for path in objects.iterdir() if path.name.startswith("tmp_objdir-")]

    def assert_no_quarantine(self):
        deadline = time.monotonic() + 20
        while self.quarantines():
            self.assertLess(time.monotonic(), deadline, "quarantines are left")
            time.sleep(0.05)

    def push(self, ref, commit, pack, login="eve"):
        return self.hub.push_raw("house", login, [(None, commit, ref)], pack, timeout=300)

    def commit_of(self, tree, parents=(), message="x"):
        lines = [f"tree {tree}", *(f"parent {parent}" for parent in parents), "author E <e@x> 1700000000 +0000",
                 "committer E <e@x> 1700000000 +0000", "", message, ""]
        return "\n".join(lines).encode()

    def push_files(self, files, ref="refs/heads/eve", login="eve"):
        """A root commit with these files, made past git."""
        blobs = {name: object_id("blob", content) for name, content in files.items()}
        tree = b"".join(b"100644 " + name.encode() + b"\0" + bytes.fromhex(blobs[name]) for name in sorted(files))
        commit = self.commit_of(object_id("tree", tree))
        pack = make_pack(("commit", commit), ("tree", tree), *(("blob", content) for content in files.values()))
        return self.push(ref, object_id("commit", commit), pack, login)


class Requests(AbuseTest):
    """HTTP as it should not be."""

    def test_requests_that_can_be_understood_in_two_ways(self):
        hidden = b"GET /api/v1 HTTP/1.1\r\nHost: x\r\n\r\n"
        post = b"POST /api/v1/session HTTP/1.1\r\nHost: x\r\n"
        length = b"Content-Length: %d\r\n" % (len(hidden) + 5)
        chunked = b"Transfer-Encoding: chunked\r\n"
        cases = {
            "both lengths": post + length + chunked + b"\r\n0\r\n\r\n" + hidden,
            "both, the other way round": post + chunked + b"Content-Length: 4\r\n\r\n0\r\n\r\n" + hidden,
            "two lengths": post + b"Content-Length: 0\r\n" + length + b"\r\n" + hidden,
            "one length twice": post + b"Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}" + hidden,
            "a list of lengths": post + b"Content-Length: 2, 2\r\n\r\n{}" + hidden,
            "a signed length": post + b"Content-Length: +2\r\n\r\n{}" + hidden,
            "a negative length": post + b"Content-Length: -1\r\n\r\n" + hidden,
            "a length in hex": post + b"Content-Length: 0x2\r\n\r\n{}" + hidden,
            "a length too large": post + b"Content-Length: 18446744073709551618\r\n\r\n{}" + hidden,
            "an unknown coding": post + b"Transfer-Encoding: gzip\r\n" + length + b"\r\n" + hidden,
            "a coding behind": post + b"Transfer-Encoding: chunked, foo\r\n\r\n0\r\n\r\n" + hidden,
            "a coding before": post + b"Transfer-Encoding: identity, chunked\r\n\r\n0\r\n\r\n" + hidden,
            "chunked twice": post + chunked + chunked + b"\r\n0\r\n\r\n" + hidden,
            "chunked, with a tab": post + b"Transfer-Encoding:\tchunked\x0b\r\n\r\n0\r\n\r\n" + hidden,
            "chunked in 1.0": post.replace(b"1.1", b"1.0") + chunked + b"\r\n0\r\n\r\n" + hidden,
            "a blank before the colon": post + b"Content-Length : 2\r\n\r\n{}" + hidden,
            "a folded line": post + b"X: a\r\n Content-Length: 2\r\n\r\n" + hidden,
            "a folded coding": post + b"Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n" + hidden,
            "a bare CR": post + b"X: a\rContent-Length: 2\r\n\r\n{}" + hidden,
            "a bare LF": post.replace(b"\r\n", b"\n") + b"Content-Length: 2\n\n{}" + hidden,
            "a NUL": post + b"X: a\0b\r\n\r\n" + hidden,
            "a line without a colon": post + b"Content-Length\r\n\r\n" + hidden,
            "no name": post + b": x\r\n\r\n" + hidden,
            "no host": b"GET /api/v1 HTTP/1.1\r\n\r\n" + hidden,
            "two hosts": b"GET /api/v1 HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n" + hidden,
            "a host that is none": b"GET /api/v1 HTTP/1.1\r\nHost: a b/\r\n\r\n" + hidden,
            "a chunk too large": post + chunked + b"\r\nFFFFFFFFFFFFFFFFF\r\n{}\r\n0\r\n\r\n" + hidden,
            "a chunk of nothing": post + chunked + b"\r\n\r\n0\r\n\r\n" + hidden,
            "a chunk with a sign": post + chunked + b"\r\n+2\r\n{}\r\n0\r\n\r\n" + hidden,
            "a chunk not ended": post + chunked + b"\r\n2\r\n{}X0\r\n\r\n" + hidden,
            "a long extension": post + chunked + b"\r\n2;" + b"x" * 100_000 + b"\r\n{}\r\n0\r\n\r\n" + hidden,
            "two blanks": b"GET  /api/v1 HTTP/1.1\r\nHost: x\r\n\r\n" + hidden,
            "another version": b"GET /api/v1 HTTP/1.2\r\nHost: x\r\n\r\n" + hidden,
            "an old version": b"GET /api/v1\r\n\r\n" + hidden,
            "a new version": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + hidden,
            "a method that is none": b"G@T /api/v1 HTTP/1.1\r\nHost: x\r\n\r\n" + hidden,
            "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"x" * 200 + b"\r\n\r\n" + hidden,
        }
        with Pulse(self):
            for what, data in cases.items():
                with self.subTest(what):
                    answer = self.say(data)
                    self.assertIn(self.status_of(answer), (400, 431, 501, 505), answer[:200])
                    self.assertEqual(len(re.findall(rb"(?m)^HTTP/1\.1 \d", answer)), 1, answer)
                    self.assertNotIn(b"aecos hub", answer)

    def test_trailers_are_no_headers(self):
        answer = self.say(b"POST /api/v1/projects/house/locks HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                          b"Transfer-Encoding: chunked\r\nTrailer: Authorization\r\n\r\n2\r\n{}\r\n0\r\nAuthorization: Bearer "
                          + self.hub.tokens["ana"].encode() + b"\r\n\r\n")
        self.assertIn(self.status_of(answer), (400, 401))

    def test_too_much_at_once(self):
        get = b"GET /api/v1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
        cases = {
            "a long header": (get + b"X: " + b"x" * (1 << 20) + b"\r\n\r\n", (400, 431)),
            "many headers": (get + b"".join(b"X-%d: x\r\n" % n for n in range(50_000)) + b"\r\n", (400, 431)),
            "headers without end": (get + b"X: y\r\n" * 100_000, (400, 431)),
            "a long address": (b"GET /" + b"x" * (1 << 20) + b" HTTP/1.1\r\nHost: x\r\n\r\n", (400, 414, 431)),
            "a long query": (b"GET /api/v1?" + b"x=y&" * 7000 + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
                             (200, 400, 414, 431)),
            "a long body": (self.head("/api/v1/session", 1 << 30, "application/json") + b"{" * (4 << 20), (413,)),
            "a long body in pieces": (b"POST /api/v1/session HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                                      + (b"10000\r\n" + b"x" * 65536 + b"\r\n") * 40, (413,)),
            "deep JSON": (self.json_post(b"[" * 500_000), (400, 401, 422)),
            "deep objects": (self.json_post(b'{"login":' * 100_000), (400, 401, 422)),
            "a long number": (self.json_post(b'{"login": ' + b"9" * 900_000 + b"}"), (400, 401, 422)),
            "odd UTF-8": (self.json_post(b'{"login": "\xff\xfe\xc0\xaf", "password": "\\ud800"}'), (400, 401, 422)),
            "many members": (self.json_post(b"{" + b",".join(b'"%d":0' % n for n in range(90_000)) + b"}"), (400, 401, 422)),
        }
        with Pulse(self):
            for what, (data, statuses) in cases.items():
                with self.subTest(what):
                    self.assertIn(self.status_of(self.say(data)), statuses)

    def json_post(self, body):
        return (f"POST /api/v1/session HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n"
                f"Content-Length: {len(body)}\r\n\r\n").encode() + body

    def test_wrong_types_methods_and_addresses(self):
        ask = self.hub.ask
        for path, kind in (("git-receive-pack", FETCH), ("git-upload-pack", PUSH), ("git-receive-pack", "text/plain"),
                           ("git-upload-pack", "application/json"), ("git-receive-pack", "multipart/form-data")):
            self.assertEqual(ask("POST", f"/house.git/{path}", "eve", b"0000", {"Content-Type": kind})[0], 415)
        self.assertEqual(ask("POST", "/house.git/git-receive-pack", "eve", gzip.compress(b"0000"),
                             {"Content-Type": PUSH, "Content-Encoding": "gzip"})[0], 415)
        for body in (b"", b"x", b"0004", b"0001", b"fffff", b"00zz", b"0000x", b"0032want ", b"\0" * 1000):
            self.assertIn(ask("POST", "/house.git/git-receive-pack", "eve", body, {"Content-Type": PUSH})[0], (200, 400))
            self.assertIn(ask("POST", "/house.git/git-upload-pack", "eve", body, {"Content-Type": FETCH})[0], (200, 400))
        for service in ("git-upload-archive", "upload-pack", "git-receive-pack;id", "", "../../bin/sh"):
            status = ask("GET", "/house.git/info/refs?service=" + urllib.parse.quote(service), "eve")[0]
            self.assertIn(status, (400, 403, 404), service)
        paths = ("/%", "/%z", "/%zz", "/%2", "/%00", "/house.git%00/info/refs", "/%2e%2e/%2e%2e/etc/passwd", "/..%2f..",
                 "/house.git%2finfo/refs", "/%c0%ae%c0%ae/", "/%ff%fe", "/house.git/./info/refs",
                 "/house.git/../house.git/info/refs", "/house.git//info/refs", "/%e2%80%8bhouse.git/info/lfs/locks",
                 "/house.git/HEAD", "/house.git/objects/info/packs", "/house.git/config", "/house.git/info/refs/",
                 "/api/v1/projects/%2e%2e%2f", "/api/v1/projects/house%0d%0aX:%20y", "/\\..\\..\\x", "/house.git/info/lfs",
                 "/HOUSE.git/info/lfs/locks", "/house/info/lfs/locks", "/hub.db", "/control.json", "//etc/passwd", "/a" * 10_000)
        for path in paths:
            with self.subTest(path[:40]):
                line = f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer "
                answer = self.say((line + self.hub.tokens["eve"] + "\r\n\r\n").encode())
                self.assertIn(self.status_of(answer), (400, 404, 414))
                self.assertNotIn(str(self.hub.data).encode(), answer)
        for method in ("TRACE", "CONNECT", "PROPFIND", "get", "DELETE"):
            answer = self.say(f"{method} /house.git/info/refs HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
            self.assertIn(self.status_of(answer), (400, 405, 501), method)

    def test_many_idle_connections(self):
        wires = []
        try:
            with Pulse(self, slowest_s=20 if LONG else 8):
                for _ in range(IDLE):
                    wires.append(self.connect())
                for number, wire in enumerate(wires):
                    if number % 3 == 0:
                        wire.sendall(b"GET /api/v1 HTTP/1.1\r\nHost: x\r\n")  # And never an end.
                time.sleep(2)
                text = self.hub.ask("GET", "/metrics")[2].decode()
                count = int(next(line for line in text.splitlines() if line.startswith("aecos_connections ")).split()[1])
                self.assertGreaterEqual(count, IDLE)
        finally:
            for wire in wires:
                wire.close()

    def test_slow_headers_and_bodies(self):
        wires = [self.connect() for _ in range(240)]
        ends = time.monotonic() + (90 if LONG else 20)
        try:
            with Pulse(self):
                for number, wire in enumerate(wires):
                    if number < 80:
                        wire.sendall(b"GET /api/v1 HTTP/1.1\r\nHost: x\r\nX: ")
                    elif number < 160:  # More than the hub has threads for.
                        wire.sendall(self.head("/house.git/git-receive-pack", 100_000)
                                     + packet(f"{NONE} {'1' * 40} refs/heads/slow{number}\0 report-status") + b"0000PACK")
                    elif number < 200:
                        wire.sendall(self.head("/house.git/git-upload-pack", 100_000, FETCH) + b"0011")
                    else:
                        oid = "%064x" % number
                        wire.sendall(self.head(f"/house.git/info/lfs/objects/{oid}", 1 << 20, "x/y").replace(
                            b"POST", b"PUT"))
                while time.monotonic() < ends:
                    for wire in wires:
                        try:
                            wire.send(b"x")
                        except OSError:
                            pass  # The hub has had enough of it.
                    time.sleep(1)
            said = b"".join(self.receive_some(wire) for wire in wires[:80])
            self.assertEqual(said.count(b"HTTP/1.1 408 "), 80)
        finally:
            for wire in wires:
                wire.close()

    @staticmethod
    def receive_some(wire):
        wire.settimeout(5)
        try:
            return wire.recv(4096)
        except OSError:
            return b""

    def test_event_streams_that_nobody_reads(self):
        wires = []
        request = (f"GET /api/v1/projects/house/stream HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
                   f"{self.hub.tokens['eve']}\r\nLast-Event-ID: 0\r\n\r\n").encode()
        try:
            with Pulse(self):
                for _ in range(100):
                    wire = self.connect()
                    wire.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
                    wire.sendall(request)
                    wires.append(wire)
                for number in range(60):
                    lock = self.hub.ask("POST", "/api/v1/projects/house/locks", "eve", {
                        "kind": "path", "target": f"x{number}", "reason": "r" * 900})[2]["id"]
                    self.hub.ask("DELETE", f"/api/v1/projects/house/locks/{lock}", "eve")
        finally:
            for wire in wires:
                wire.close()

    def test_many_wrong_passwords(self):
        def sign_in(number):
            return self.hub.ask("POST", "/api/v1/session", body={"login": f"nobody{number}", "password": "x" * 20})[0]

        with Pulse(self), concurrent.futures.ThreadPoolExecutor(40) as pool:
            self.assertLessEqual(set(pool.map(sign_in, range(80))), {401, 429, 503})


class Pushes(AbuseTest):
    """What is sent to git."""

    def test_half_closed_and_cut_off(self):
        commit = self.eve.build({"x.md": b"# X\n" + os.urandom(300_000).hex().encode()})
        pack = self.eve.pack(commit, "^HEAD")

        def body(ref):
            return packet(f"{NONE} {commit} {ref}\0 report-status") + b"0000" + pack

        with Pulse(self):
            for number, share in enumerate((0.0, 0.01, 0.3, 0.9, 0.999, 1.0)):
                for way in ("half", "cut", "reset"):
                    ref = f"refs/heads/{way}{number}"
                    whole = body(ref)
                    data = self.head("/house.git/git-receive-pack", len(whole)) + whole
                    with self.connect() as wire:
                        wire.sendall(data[:int(len(data) * share)])
                        if way == "half":
                            wire.shutdown(socket.SHUT_WR)
                            answer = self.hear(wire)
                            taken = b"ok " + ref.encode() in answer
                            self.assertEqual(taken, ref in self.hub.refs("house"), answer)
                        if way == "reset":
                            wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    if share < 1:
                        self.assertNotIn(ref, self.hub.refs("house"))
            self.assert_no_quarantine()
        self.assert_sound()

    def test_packs_that_unpack_to_very_much(self):
        large = 3 << 30 if LONG else 1 << 30
        zeros = zlib.compressobj(9)
        packed = b"".join(zeros.compress(bytes(1 << 20)) for _ in range(large >> 20)) + zeros.flush()
        head = pack_entry("blob", b"")[:-len(zlib.compress(b""))]
        self.assertEqual(len(head), 1)
        size, head = large, bytearray([3 << 4 | large & 15 | 128])
        size >>= 4
        while size:
            size, rest = size >> 7, size & 127
            head.append(rest | (128 if size else 0))
        cases = {
            "one large file": [bytes(head) + packed],
            "the same among many": [bytes(head) + packed] + [pack_entry("blob", b"%d" % n) for n in range(150)],
            "a delta that repeats": self.repeating(4096, bytes((16 << 20) - 1)),
            "the same among many more": self.repeating(4096, bytes((16 << 20) - 1)) + [pack_entry("blob", b"%d" % n) for n in range(150)],
        }
        if LONG:  # These are ended by time and by what they take of the disk.
            cases["many deltas"] = self.repeating(8, bytes((16 << 20) - 1), 90)
            cases["many deltas of what cannot be compressed"] = self.repeating(8, os.urandom((16 << 20) - 1), 90)
        before = self.disk()
        for what, entries in cases.items():
            with self.subTest(what), Pulse(self):
                status, report = self.push("refs/heads/bomb", "1" * 40, pack_of(entries))
                self.assertEqual(status, 200)
                self.assertTrue(any(line.startswith("ng ") for line in report), report)
        self.assert_no_quarantine()
        self.assertLess(self.disk() - before, 20 << 20)

    def disk(self):
        return sum(path.lstat().st_size for path in self.hub.data.rglob("*") if path.is_file())

    @staticmethod
    def repeating(times, base, count=1):
        """A file of 16 MB, and deltas that are so many copies of it."""

        def number(value):
            text = bytearray()
            while True:
                text.append(value & 127 | (128 if value > 127 else 0))
                value >>= 7
                if not value:
                    return bytes(text)

        name = bytes.fromhex(object_id("blob", base))
        copy = bytes([0x80 | 0x10 | 0x20 | 0x40, 0xff, 0xff, 0xff])
        deltas = [number(len(base)) + number(len(base) * times + n + 1) + copy * times + bytes([n + 1]) + bytes(n + 1)
                  for n in range(count)]
        return [pack_entry("blob", base), *(pack_entry("delta", delta, name) for delta in deltas)]

    def test_trees_that_unfold_to_very_much(self):
        blob = b"x"
        leaf = b"".join(b"100644 f%02d\0" % n + bytes.fromhex(object_id("blob", blob)) for n in range(10))
        wide, trees = leaf, [leaf]
        for _ in range(12):
            name = bytes.fromhex(object_id("tree", wide))
            wide = b"".join(b"40000 d%02d\0" % n + name for n in range(10))
            trees.append(wide)
        deep, tower = leaf, [leaf]
        for _ in range(20_000):
            deep = b"40000 d\0" + bytes.fromhex(object_id("tree", deep))
            tower.append(deep)
        for what, top, all_trees in (("wide", wide, trees), ("deep", deep, tower)):
            commit = self.commit_of(object_id("tree", top))
            pack = make_pack(("blob", blob), ("commit", commit), *(("tree", tree) for tree in all_trees))
            for ref in ("refs/heads/eve/x", "refs/for/develop"):
                with self.subTest(f"{what} {ref}"), Pulse(self):
                    status, report = self.push(ref, object_id("commit", commit), pack)
                    self.assertEqual(status, 200)
                    self.assertTrue(any(line.startswith("ng ") for line in report), report)

    def test_files_that_are_hard_to_read(self):
        ifc = b"ISO-10303-21;\nHEADER;\nFILE_SCHEMA(('IFC4'));\nENDSEC;\nDATA;\n%s\nENDSEC;\nEND-ISO-10303-21;\n"
        archive = BytesIO()
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
            file.writestr("x.ifc", ifc % (b" " * (600 << 20)))
        files = {
            "deep.json": b"[" * 3_000_000,
            "deeper.json": b'{"a":' * 1_000_000 + b"1" + b"}" * 1_000_000,
            "deep.md": b"> " * 500_000 + b"x\n",
            "lists.md": b"".join(b" " * n + b"- x\n" for n in range(3000)),
            "stars.md": b"*a **a " * 300_000,
            "brackets.md": b"[" * 1_000_000,
            "deep.ifc": ifc % (b"#1=IFCWALL(" + b"(" * 2_000_000 + b");"),
            "long.ifc": ifc % (b"#1=IFCWALL('" + b"\\X2\\0041\\X0\\" * 500_000 + b"');"),
            "circle.ifc": ifc % b"#1=IFCLOCALPLACEMENT(#2,$);\n#2=IFCLOCALPLACEMENT(#1,$);",
            "chain.ifc": ifc % b"\n".join(b"#%d=IFCLOCALPLACEMENT(#%d,$);" % (n, n + 1) for n in range(1, 200_000)),
            "numbers.ifc": ifc % (b"#99999999999999999999=IFCWALL();\n#0=IFCWALL();#1=IFCWALL(1E999999,-.5E-99999);"),
            "bomb.ifczip": archive.getvalue(),
            "roles.json": b"{" * 10,
        }
        for name, content in files.items():
            with self.subTest(name), Pulse(self):
                status, report = self.push_files({name: content, "other.md": b"# Other\n"}, "refs/heads/eve-" + name.replace(".", "-"))
                self.assertEqual(status, 200, report)
                self.push_files({name: content + b" ", "other.md": b"# Other\n"}, "refs/for/develop")
                self.assertEqual(self.hub.ask("GET", "/healthz")[0], 200)

    def test_much_in_a_fetch(self):
        bomb = gzip.compress(bytes(1 << 30), 9)
        junk = gzip.compress(b"0032want " + b"1" * 40 + b"\n" + b"0032have " * 10)
        head = self.eve.head("origin/develop")
        wants = gzip.compress(b"".join(packet(f"want {head}\n") for _ in range(100_000)) + b"0000" + packet("done\n"))

        def fetch(body):
            try:
                return self.hub.ask("POST", "/house.git/git-upload-pack", "eve", body,
                                    {"Content-Type": FETCH, "Content-Encoding": "gzip"})[0]
            except http.client.IncompleteRead:
                return 200  # Begun, and cut off where git gave up.

        before = memory_of(self.hub.process.pid)
        with Pulse(self) as pulse, concurrent.futures.ThreadPoolExecutor(24) as pool:
            self.assertLessEqual(set(pool.map(fetch, [bomb] * 24)), {400, 413, 503})
            for body in (junk, wants, b"", b"\x1f\x8b", gzip.compress(b"0000")[:-4], b"not gzip at all"):
                self.assertIn(fetch(body), (200, 400, 413))
        self.assertLess(pulse.hub_memory - before, 200 << 20)  # What is refused was not unpacked.

    def test_many_refs_and_many_events(self):
        head = self.eve.head("origin/develop")
        commands = [(None, head, f"refs/heads/many/{n:05d}") for n in range(12_000)]
        with Pulse(self):
            self.assertEqual(self.hub.push_raw("house", "eve", commands)[0], 400)
            status, report = self.hub.push_raw("house", "eve", [(None, head, f"refs/x/{n}") for n in range(2000)])
            self.assertEqual((status, sum(line.startswith("ng ") for line in report)), (200, 2000))
            status, report = self.hub.push_raw("house", "eve", commands[:300])
            self.assertEqual((status, sum(line.startswith("ok ") for line in report)), (200, 300))
        self.assert_sound()


if __name__ == "__main__":
    main()
