"""Stand-ins for Slack, Discord, Teams, a program's webhook and a mail server, on this machine, for tests.

    with StandIns() as them:
        them.url("slack")                 # where to post; also "slack/other": as many channels of a kind as wanted
        them.url("teams card")            # a Teams workflow that takes a bare card
        them.url("webhook"), them.secret  # the receiver checks the signature with this secret; "webhook/NAME" too
        them.url("mail"), them.user, them.password, them.ca_file    # SMTP: STARTTLS and AUTH are required
        ...
        them.wait_for("slack", 3)         # the first 3 that were taken; AssertionError after a time
        them.received("slack")            # [Received]: those that were taken, in order
        them.faults                       # [str]: what a real service would have refused or lost; should be empty

They are as strict as the real ones: schemas, sizes, rate limits (429), signatures, time stamps. A message that a real
service refuses is refused and noted in `faults`. What is too fast gets 429 and is noted in `too_fast`.

Trouble: each call takes what it does in order of request; ways that end in "!" took the message all the same, so that a
sender that tries again posts it twice (`Received.is_repeat` where the id tells).

    them.fail_next("slack", "500", "hang")   # the next two requests to any Slack channel; also "slack/NAME"
    them.failing(0.3, seed=1)                # from now on, of all kinds, in any way; failing(0) ends it
    them.failing(0.3, 1, ways=["429", "500"], kinds=["slack", "mail"])
    them.kill("discord")                     # the channel is dead from now on, as its service says it; revive() ends it

Ways of HTTP: see WAYS; of mail: see MAIL_WAYS. `hang_s` is how long "hang" lasts.

Of Python's standard library alone but for mail, which needs PyPI's aiosmtpd: HAS_MAIL says whether it is there.
Nothing here is used by the program.
"""
import asyncio
import base64
import collections
import dataclasses
import email
import email.policy
import hashlib
import hmac
import http.server
import json
import logging
import math
import pathlib
import random
import re
import socket
import ssl
import subprocess
import tempfile
import threading
import time
import urllib.parse

try:
    from aiosmtpd.controller import Controller
    from aiosmtpd.smtp import AuthResult
    HAS_MAIL = True
    logging.getLogger("mail.log").setLevel(logging.CRITICAL + 1)  # Of aiosmtpd: each connection that breaks.
except ImportError:
    HAS_MAIL = False

KINDS = ("slack", "discord", "teams", "webhook", "mail")
# "429": with Retry-After of one second; "429 bare": without; "200 429": as Teams' connectors hide it; "close": without
# an answer; "cut": in the middle of one; "slow!": a few bytes now and then, but right; "garbage": no HTTP; "page": 200
# with HTML; "type!": taken, with a wrong Content-Type.
WAYS = ("429", "429 bare", "500", "502", "503", "hang", "close", "close!", "cut", "cut!", "slow!", "garbage", "page",
        "type!")
MAIL_WAYS = ("451", "421", "hang", "close", "close!")
NEVER_WAYS = ("400", "413", "550", "554")  # Refusals for good; only by fail_next or `ways`.
TOLERANCE_S = 300  # Of a webhook's time stamp.


@dataclasses.dataclass
class Received:
    kind: str
    name: str          # "slack", "slack/other"
    time: float        # Seconds since 1970.
    headers: dict      # Names in lower case.
    body: bytes
    json: object = None     # Of HTTP.
    mail: object = None     # Of mail: email.message.EmailMessage.
    to: tuple = ()          # Of mail: the envelope's recipients.
    id: str = ""            # webhook-id, Message-ID; else a hash of the body.
    is_repeat: bool = False  # The same id came before.


# ---- What the services say of a message; empty: nothing.

def units(text):
    """As Discord counts, or more: UTF-16 code units."""
    return len(text.encode("utf-16-le")) // 2


def slack_fault(payload):
    """docs.slack.dev: blocks, composition objects."""
    if not isinstance(payload, dict) or not (payload.get("text") or payload.get("blocks")):
        return "no_text"
    if units(payload.get("text", "")) > 40_000:
        return "msg_too_long"
    blocks = payload.get("blocks", [])
    if not 1 <= len(blocks) <= 50:
        return "invalid_blocks: number of blocks"
    for at, block in enumerate(blocks):
        if fault := slack_block_fault(block):
            return f"invalid_blocks: block {at}: {fault}"
    return ""


def slack_text_fault(text, most, kinds=("plain_text", "mrkdwn")):
    if not isinstance(text, dict) or text.get("type") not in kinds:
        return f"no text of {kinds}"
    if set(text) - {"type", "text", "emoji", "verbatim"}:
        return f"unknown members of a text: {sorted(text)}"
    if ("emoji" in text) and text["type"] != "plain_text" or ("verbatim" in text) and text["type"] != "mrkdwn":
        return "emoji is for plain_text, verbatim for mrkdwn"
    if not isinstance(text.get("text"), str) or not 1 <= units(text["text"]) <= most:
        return f"a text of {units(text.get('text') or '')} characters"
    return ""


def slack_block_fault(block):
    kind = block.get("type")
    if kind == "header":
        return slack_text_fault(block.get("text"), 150, ("plain_text",))
    if kind == "section":
        if "text" not in block and not block.get("fields"):
            return "a section of nothing"
        if "text" in block and (fault := slack_text_fault(block["text"], 3000)):
            return fault
        fields = block.get("fields", [])
        if "fields" in block and not 1 <= len(fields) <= 10:
            return "number of fields"
        return next(filter(None, (slack_text_fault(field, 2000) for field in fields)), "")
    if kind == "context":
        elements = block.get("elements", [])
        if not 1 <= len(elements) <= 10:
            return "number of elements"
        return next(filter(None, (slack_text_fault(element, 2000) for element in elements)), "")
    if kind == "actions":
        elements = block.get("elements", [])
        if not 1 <= len(elements) <= 25 or len({element.get("action_id") for element in elements}) != len(elements):
            return "number or ids of elements"
        for element in elements:
            if element.get("type") != "button" or len(element.get("action_id", "")) > 255:
                return "no button"
            if not re.match(r"https?://[^\s]+$", element.get("url", "")) or len(element["url"]) > 3000:
                return "no URL"
            if fault := slack_text_fault(element.get("text"), 75, ("plain_text",)):
                return fault
        return ""
    return "" if kind == "divider" else f"unknown block {kind}"


def discord_fault(payload):
    """discord-api-docs: webhook.mdx, message.mdx."""
    if not isinstance(payload, dict):
        return "no object"
    embeds, content = payload.get("embeds", []), payload.get("content", "")
    if not content and not embeds:
        return "Cannot send an empty message"
    if units(content) > 2000 or len(embeds) > 10:
        return "content or embeds: too many"
    in_all = 0
    for embed in embeds:
        sizes = [("title", embed.get("title", ""), 256), ("description", embed.get("description", ""), 4096),
                 ("footer", embed.get("footer", {}).get("text", ""), 2048),
                 ("author", embed.get("author", {}).get("name", ""), 256)]
        if len(embed.get("fields", [])) > 25:
            return "more than 25 fields"
        for field in embed.get("fields", []):
            if not field.get("name") or not field.get("value"):
                return "an empty field"
            sizes += [("field name", field["name"], 256), ("field value", field["value"], 1024)]
        for what, text, most in sizes:
            if units(text) > most:
                return f"{what}: {units(text)} of {most} characters"
            in_all += units(text)
        if "timestamp" in embed and not re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$", embed["timestamp"]):
            return "timestamp"
        if "url" in embed and not re.match(r"https?://\S{1,2048}$", embed["url"]):
            return "url"
        if not any((embed.get("title"), embed.get("description"), embed.get("fields"))):
            return "an empty embed"
    if in_all > 6000:
        return f"{in_all} characters in all embeds"
    return ""


def teams_fault(payload, bare=False):
    """learn.microsoft.com: a workflow's trigger, and what Teams shows of Adaptive Cards 1.5."""
    if len(json.dumps(payload, ensure_ascii=False).encode()) > 28_000:
        return "RequestEntityTooLarge"
    if bare:
        card = payload
    else:
        attachments = payload.get("attachments")
        if payload.get("type") != "message" or not isinstance(attachments, list) or not attachments:
            return "foreach 'attachments' is of type 'Null'"
        if attachments[0].get("contentType") != "application/vnd.microsoft.card.adaptive":
            return "contentType"
        card = attachments[0].get("content")
    if not isinstance(card, dict) or card.get("type") != "AdaptiveCard" or card.get("version") not in (
            "1.2", "1.3", "1.4", "1.5"):
        return "no AdaptiveCard"
    if not card.get("body"):
        return "an empty card"
    for action in card.get("actions", []):
        if action.get("type") not in ("Action.OpenUrl", "Action.ShowCard", "Action.ToggleVisibility"):
            return f"action {action.get('type')}"
        if not re.match(r"https?://\S+$", action.get("url", "")) or not action.get("title"):
            return "an action without title or url"
    for element in card["body"]:
        if element.get("type") not in ("TextBlock", "RichTextBlock", "FactSet", "Container", "ColumnSet"):
            return f"element {element.get('type')}"
    return ""


def key_of(secret):
    """As Standard Webhooks has it."""
    return base64.b64decode(secret[6:], validate=True) if secret.startswith("whsec_") else secret.encode()


def webhook_fault(headers, body, secrets, now=None):
    """Standard Webhooks 1.0, CloudEvents 1.0."""
    missing = [name for name in ("webhook-id", "webhook-timestamp", "webhook-signature") if not headers.get(name)]
    if missing:
        return f"no {', '.join(missing)}"
    if not headers["webhook-timestamp"].isdigit():
        return "the time stamp is no number"
    if abs((now or time.time()) - int(headers["webhook-timestamp"])) > TOLERANCE_S:
        return "the time stamp is too old or too new"
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    right = {"v1," + base64.b64encode(hmac.digest(key_of(secret), signed, hashlib.sha256)).decode()
             for secret in secrets}
    if not any(hmac.compare_digest(given, one) for given in headers["webhook-signature"].split() for one in right):
        return "the signature is wrong"
    if headers.get("content-type", "").split(";")[0].strip() != "application/cloudevents+json":
        return "no CloudEvents by its Content-Type"
    event = json.loads(body)
    for name in ("specversion", "id", "source", "type"):
        if not isinstance(event.get(name), str) or not event[name]:
            return f"no CloudEvents: {name}"
    return "" if event["specversion"] == "1.0" else "specversion"


def mail_fault(content):
    """RFC 5322, and what mail servers hold against programs."""
    if re.search(rb"(?<!\r)\n|\r(?!\n)", content):
        return "lines that do not end with CRLF"
    if any(len(line) > 998 for line in content.split(b"\r\n")):
        return "a line of more than 998 characters"
    message = email.message_from_bytes(content, policy=email.policy.SMTP)
    for name in ("From", "To", "Date", "Message-ID", "Subject", "MIME-Version"):
        if len(message.get_all(name, [])) != 1:
            return f"{name}: not once"
    defects = [str(defect) for part in message.walk() for defect in part.defects]
    defects += [f"{name}: {defect}" for name, value in message.items() for defect in value.defects]
    return "; ".join(defects)


# ---- How they behave.

class Trouble:
    """What goes wrong next, by plan or by chance."""

    def __init__(self):
        self.lock = threading.Lock()
        self.planned = collections.defaultdict(collections.deque)
        self.dead = set()
        self.probability, self.random, self.ways, self.kinds = 0.0, random.Random(0), None, KINDS

    def next(self, kind, name):
        """A way, "dead", or "" for none."""
        with self.lock:
            if kind in self.dead or name in self.dead:
                return "dead"
            for who in (name, kind):
                if self.planned[who]:
                    return self.planned[who].popleft()
            if kind not in self.kinds or self.random.random() >= self.probability:
                return ""
            own = MAIL_WAYS if kind == "mail" else WAYS
            ways = [way for way in self.ways if way in own or way in NEVER_WAYS] if self.ways else list(own)
            if kind == "webhook" and "page" in ways:
                ways.remove("page")  # Any 200 is a webhook's yes.
            return self.random.choice(ways) if ways else ""


class Bucket:
    """So many in so many seconds."""

    def __init__(self, most, window_s):
        self.most, self.window_s, self.times = most, window_s, collections.deque()

    def take(self):
        """Seconds to wait; 0: taken."""
        now = time.monotonic()
        while self.times and now - self.times[0] >= self.window_s:
            self.times.popleft()
        if len(self.times) >= self.most:
            return self.window_s - (now - self.times[0])
        self.times.append(now)
        return 0.0

    def left(self):
        return self.most - len(self.times)

    def reset_after(self):
        return max(0.0, self.window_s - (time.monotonic() - self.times[0])) if self.times else 0.0


# A little more than is promised: clocks and networks are not exact.
RATES = {"slack": (1, 0.95), "discord": (5, 2.0), "teams": (4, 1.0), "webhook": (1000, 1.0)}


class StandIns:
    def __init__(self, rates=True, hang_s=30.0):
        """`rates`: whether to insist on the services' rate limits; False makes tests quicker."""
        self.has_rates, self.hang_s = rates, hang_s
        self.secret = "whsec_" + base64.b64encode(hashlib.sha256(b"stand-ins").digest()).decode()
        self.secrets = [self.secret]  # Of the receiver: more while one is being replaced.
        self.user, self.password = "hub", "a pass word"
        self.faults, self.too_fast, self.trouble = [], [], Trouble()
        self.taken = []
        self.ids = set()
        self.buckets = {}
        self.changed = threading.Condition()
        self.stopping = threading.Event()
        self.server = self.controller = self.folder = None

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()

    def start(self):
        self.server = Server(("127.0.0.1", 0), Handler)
        self.server.stand_ins = self
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        self.folder = tempfile.TemporaryDirectory()
        if HAS_MAIL:
            self.start_mail()

    def start_mail(self):
        folder = pathlib.Path(self.folder.name)
        self.ca_file = folder / "certificate.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                        "-keyout", folder / "key.pem", "-out", self.ca_file, "-days", "2", "-subj", "/CN=stand-ins",
                        "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost"], check=True, capture_output=True)
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(self.ca_file, folder / "key.pem")
        for _ in range(20):  # Until a port is free.
            self.controller = Controller(
                MailHandler(self), hostname="127.0.0.1", port=free_port(), tls_context=tls, require_starttls=True,
                auth_required=True, auth_require_tls=True, authenticator=self.sign_in, data_size_limit=5_000_000)
            try:
                self.controller.start()
                return
            except OSError:
                continue
        raise AssertionError("no port for a mail server")

    def stop(self):
        self.stopping.set()
        if self.controller:
            self.controller.stop()
        if self.server:
            self.server.shutdown()
            self.server.server_close()
        if self.folder:
            self.folder.cleanup()

    def url(self, kind):
        """kind: "slack", "discord", "teams", "teams card", "webhook", "mail"; with "/NAME" one of its own."""
        kind, _, name = kind.partition("/")
        if kind == "mail":
            assert HAS_MAIL, "PyPI's aiosmtpd is not installed"
            return f"smtp://127.0.0.1:{self.controller.port}"
        path = {"slack": f"/services/T00000000/B00000000/{name or 'default'}-secret-part",
                "discord": f"/api/webhooks/1234567890/{name or 'default'}-secret-part",
                "teams": f"/workflows/message/{name or 'default'}/triggers/manual/paths/invoke?api-version=2016-06-01"
                         "&sig=secret-part",
                "teams card": f"/workflows/card/{name or 'default'}/triggers/manual/paths/invoke?sig=secret-part",
                "webhook": f"/hook/{name or 'default'}"}[kind]
        return f"http://127.0.0.1:{self.server.server_address[1]}{path}"

    def failing(self, probability, seed=0, ways=None, kinds=KINDS):
        with self.trouble.lock:
            self.trouble.probability, self.trouble.random = probability, random.Random(seed)
            self.trouble.ways, self.trouble.kinds = ways, kinds

    def fail_next(self, kind, *ways):
        with self.trouble.lock:
            self.trouble.planned[kind].extend(ways)

    def kill(self, kind):
        with self.trouble.lock:
            self.trouble.dead.add(kind)

    def revive(self, kind):
        with self.trouble.lock:
            self.trouble.dead.discard(kind)

    def received(self, kind=None):
        """Of a kind ("slack": of all its channels), of one channel ("slack/other"), or all."""
        with self.changed:
            return [one for one in self.taken if kind is None or kind in (one.kind, one.name)]

    def wait_for(self, kind, count, timeout=30):
        deadline = time.monotonic() + timeout
        with self.changed:
            while True:
                found = [one for one in self.taken if kind in (one.kind, one.name)]
                if len(found) >= count:
                    return found[:count]
                left = deadline - time.monotonic()
                if left <= 0:
                    raise AssertionError(f"{kind}: {len(found)} of {count} after {timeout} s; faults: {self.faults}")
                self.changed.wait(left)

    # Of the servers below.

    def take(self, received):
        with self.changed:
            received.is_repeat = (received.name, received.id) in self.ids
            self.ids.add((received.name, received.id))
            self.taken.append(received)
            self.changed.notify_all()

    def fault(self, name, what):
        with self.changed:
            self.faults.append(f"{name}: {what}")

    def bucket(self, kind, name):
        with self.changed:
            return self.buckets.setdefault(name, Bucket(*RATES[kind]))

    def sign_in(self, server, session, envelope, mechanism, data):
        right = mechanism in ("PLAIN", "LOGIN") and (data.login, data.password) == (
            self.user.encode(), self.password.encode())
        return AuthResult(success=right)


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request, client_address):
        pass  # Who was cut off on purpose complains.


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    @property
    def them(self):
        return self.server.stand_ins

    def do_GET(self):
        self.answer(405, "", {"Allow": "POST"})

    def do_POST(self):
        found = self.where()
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if not found:
            return self.answer(404, "Not Found")
        kind, self.name, form = found
        headers = {name.lower(): value for name, value in self.headers.items()}
        way = self.them.trouble.next(kind, self.name)
        if way and not way.endswith("!"):
            return self.fail(kind, way)
        if wait := self.them.has_rates and self.them.bucket(kind, self.name).take():
            self.them.too_fast.append(self.name)
            return self.limit(kind, wait)
        status, text, fault = self.judge(kind, form, headers, body)
        if fault:
            self.them.fault(self.name, fault)
            return self.answer(status, text)
        self.take(kind, headers, body)
        return self.fail(kind, way[:-1], status, text) if way else self.agree(kind, status, text)

    def where(self):
        """Kind, name and form of Teams."""
        path = urllib.parse.urlsplit(self.path).path.split("/")[1:]
        for start, kind, at in ((["services"], "slack", 3), (["api", "webhooks"], "discord", 3),
                                (["hook"], "webhook", 1), (["workflows", "message"], "teams", 2),
                                (["workflows", "card"], "teams", 2)):
            if path[:len(start)] == start and len(path) > at:
                name = path[at].removesuffix("-secret-part")
                return kind, kind if name == "default" else f"{kind}/{name}", path[1]
        return None

    def judge(self, kind, form, headers, body):
        """Status, text and what is wrong with it."""
        if kind == "webhook":
            fault = webhook_fault(headers, body, self.them.secrets)
            return (401, fault, fault) if fault else (204, "", "")
        try:
            payload = json.loads(body)
        except ValueError:
            return 400, "invalid_payload", "no JSON"
        if headers.get("content-type", "").split(";")[0].strip() != "application/json":
            return 400, "invalid_payload", f"Content-Type {headers.get('content-type')}"
        if kind == "slack":
            fault = slack_fault(payload)
            return (400, fault.split(":")[0], fault) if fault else (200, "ok", "")
        if kind == "discord":
            return self.judge_discord(payload)
        fault = teams_fault(payload, form == "card")
        return (413 if "TooLarge" in fault else 400, json.dumps({"error": {"code": "TriggerInputSchemaMismatch"}}),
                fault) if fault else (202, "", "")

    def judge_discord(self, payload):
        query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(self.path).query))
        fault = discord_fault(payload)
        if not fault and payload.get("allowed_mentions") != {"parse": []}:
            fault = "mentions of users are allowed"
        if query.get("wait") != "true":
            return 204, "", fault or "without wait=true messages are lost in silence"
        if not fault and not re.fullmatch(r"\d*", query.get("thread_id", "")):
            fault = "thread_id"
        if fault:
            return 400, json.dumps({"code": 50035, "message": "Invalid Form Body", "errors": fault}), fault
        return 200, json.dumps({"id": "1", "type": 0, "embeds": payload.get("embeds", [])}), ""

    def take(self, kind, headers, body):
        self.them.take(Received(kind, self.name, time.time(), headers, body, json.loads(body),
                                id=headers.get("webhook-id") or hashlib.sha256(body).hexdigest()))

    def agree(self, kind, status, text, content_type=None):
        headers = {"Content-Type": content_type or ("text/html" if kind == "slack" else "application/json")}
        if kind == "discord" and self.them.has_rates:
            bucket = self.them.bucket(kind, self.name)
            headers |= {"X-RateLimit-Limit": str(bucket.most), "X-RateLimit-Remaining": str(bucket.left()),
                        "X-RateLimit-Reset-After": f"{bucket.reset_after():.3f}", "X-RateLimit-Bucket": "stand-in"}
        self.answer(status, text, headers)

    def limit(self, kind, wait_s, bare=False):
        headers = {} if bare else {"Retry-After": str(max(1, math.ceil(wait_s)))}
        if kind == "discord":
            return self.answer(429, json.dumps({"message": "You are being rate limited.", "global": False,
                                                "retry_after": round(wait_s, 3)}),
                               {**headers, "Content-Type": "application/json", "X-RateLimit-Scope": "user"})
        return self.answer(429, "rate_limited" if kind == "slack" else "", headers)

    def fail(self, kind, way, status=200, text=""):
        """In that way; `status` and `text` are what would have been said."""
        if way in ("429", "429 bare"):
            return self.limit(kind, 1.0, way == "429 bare")
        if way == "dead":
            return self.die(kind)
        if way == "200 429":
            return self.answer(200, "Webhook message delivery failed with error: Microsoft Teams endpoint returned "
                                    "HTTP error 429 with ContextId tcid=0")
        if way.isdigit():
            return self.answer(int(way), "stand-in failure", {"Retry-After": "1"} if way == "503" else {})
        if way == "page":
            return self.answer(200, "<html><body>Sign in to the network</body></html>", {"Content-Type": "text/html"})
        if way == "type":
            return self.agree(kind, status, text, "image/png")
        self.close_connection = True
        if way == "hang":
            self.them.stopping.wait(self.them.hang_s)
        elif way == "garbage":
            self.wfile.write(b"\x16\x03\x01\x00\x00 this is no HTTP\r\n\r\n")
        elif way == "cut":
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf of it")
        elif way == "slow":
            self.dribble(status, text)
        self.hang_up()

    def die(self, kind):
        status, text = {"slack": (404, "no_service"), "discord": (404, json.dumps({"code": 10015,
                                                                                   "message": "Unknown Webhook"})),
                        "teams": (404, json.dumps({"error": {"code": "WorkflowNotFound"}})),
                        "webhook": (410, "")}[kind]
        self.answer(status, text)

    def dribble(self, status, text):
        body = text.encode()
        whole = f"HTTP/1.1 {status} Slow\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body
        if status == 204:
            whole = b"HTTP/1.1 204 Slow\r\nConnection: close\r\n\r\n"
        piece = max(4, len(whole) // 25)
        for at in range(0, len(whole), piece):
            self.wfile.write(whole[at:at + piece])
            time.sleep(0.02)

    def hang_up(self):
        try:
            self.connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass

    def answer(self, status, text, headers=None):
        body = text.encode()
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if status != 204:
            self.wfile.write(body)


class MailHandler:
    """Of aiosmtpd."""

    def __init__(self, them):
        self.them = them

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("nobody@"):
            return "550 5.1.1 no such user here"
        if address.startswith("later@"):
            return "450 4.2.0 greylisted, try again later"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 fine"

    async def handle_DATA(self, server, session, envelope):
        way = self.them.trouble.next("mail", "mail")
        if way == "dead":
            return "550 5.2.1 mailbox disabled"
        until = time.monotonic() + self.them.hang_s
        while way == "hang" and time.monotonic() < until and not self.them.stopping.is_set():
            await asyncio.sleep(0.05)
        if way in ("hang", "close"):
            server.transport.abort()
            return "421 gone"
        if way.isdigit():
            return f"{way} stand-in failure"
        content = envelope.original_content
        if fault := mail_fault(content):
            self.them.fault("mail", fault)
            return "554 5.6.0 " + re.sub(r"[^ -~]", "?", fault)[:200]
        mail = email.message_from_bytes(content, policy=email.policy.SMTP)
        self.them.take(Received("mail", "mail", time.time(), {name.lower(): value for name, value in mail.items()},
                                content, mail=mail, to=tuple(envelope.rcpt_tos), id=str(mail["Message-ID"])))
        if way == "close!":
            server.transport.abort()
        return "250 2.0.0 taken"
