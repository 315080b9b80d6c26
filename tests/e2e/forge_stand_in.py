"""Stand-ins for GitHub, GitLab and Gitea on this machine, strict about what they are sent: whatever the real ones would
refuse is refused, and noted in `complaints`."""
import base64
import datetime
import hashlib
import hmac
import http.server
import json
import re
import subprocess
import tempfile
import threading
import time
import urllib.parse

OTHER_COMMIT = "0" * 40
COMMIT = re.compile("[0-9a-f]{40}")
STATES = {"github": {"success", "failure", "pending", "error"}, "gitea": {"success", "failure", "pending", "error", "warning"},
          "gitlab": {"success", "failed", "pending", "running", "canceled"}}
LONGEST = {"github": 140, "gitea": 255, "gitlab": 255}
PREFIX = {"github": "", "gitea": "/api/v1", "gitlab": "/api/v4"}


class Refused(Exception):
    def __init__(self, status, message, headers=None):
        super().__init__(message)
        self.status, self.message, self.headers = status, message, headers or {}


class Forge:
    """One repository, acme/house, and its organization. Lists are what people did there; `faults` are answered first:
    (status, headers)."""

    def __init__(self, kind, token):
        self.kind, self.token = kind, token
        self.complaints, self.requests, self.faults = [], [], []
        self.pulls = {}     # number -> what the API says of it
        self.statuses = []  # (commit, what was posted)
        self.comments = {}  # number -> [{"id", "body"}]
        self.reviews = {}   # number -> [(login, state)]
        self.teams = {}     # "structural" -> [logins]
        self.protection = None
        self.app = None     # (its id, the number of its installation, a file with its public key)
        self.app_tokens, self.app_seconds = [], 3600
        self.page_max = 50  # Of a page, whatever was asked for.
        self.next_id = 1
        self.lock = threading.Lock()
        stand_in = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *arguments):
                pass

            def answer(self):
                stand_in.serve(self)

            do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = answer

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.host = f"127.0.0.1:{self.server.server_port}"
        self.api = f"http://{self.host}{PREFIX[kind]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()

    # --- HTTP

    def serve(self, handler):
        body = handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
        with self.lock:
            self.requests.append(f"{handler.command} {handler.path}")
            try:
                status, headers, answer = self.respond(handler, body)
            except Refused as refused:
                status, headers, answer = refused.status, refused.headers, {"message": refused.message}
                if status in (400, 405, 422):
                    self.complaints.append(f"{handler.command} {handler.path}: {status} {refused.message}")
        content = json.dumps(answer).encode()
        handler.send_response(status)
        for name, value in {"Content-Type": "application/json", "Content-Length": str(len(content)), **headers}.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(content)

    def respond(self, handler, body):
        if self.faults:
            status, headers = self.faults.pop(0)
            return status, headers, {"message": "a fault made on purpose"}
        self.check_headers(handler, body)
        path, _, query = handler.path.partition("?")
        if not path.startswith(PREFIX[self.kind] + "/"):
            raise Refused(404, "Not Found")
        wish = dict(urllib.parse.parse_qsl(query, strict_parsing=bool(query)))
        parts = [urllib.parse.unquote(part) for part in path[len(PREFIX[self.kind]) + 1:].split("/")]
        found = {"github": self.github, "gitea": self.gitea, "gitlab": self.gitlab}[self.kind](
            handler.command, parts, wish, self.read(body))
        if isinstance(found, tuple):
            return found[0], {}, found[1]
        if isinstance(found, list):
            return self.page(handler, found, wish)
        return 200, {}, found

    def check_headers(self, handler, body):
        headers = handler.headers
        if not headers.get("User-Agent"):
            raise Refused(403, "Request forbidden by administrative rules: set a User-Agent header")
        accept = {"github": "application/vnd.github+json"}.get(self.kind, "application/json")
        if headers.get("Accept") != accept:
            raise Refused(400, f"Accept: {headers.get('Accept')}")
        if self.kind == "github" and headers.get("X-GitHub-Api-Version") != "2022-11-28":
            raise Refused(400, "X-GitHub-Api-Version")
        if body and headers.get("Content-Type", "").partition(";")[0] != "application/json":
            raise Refused(400, "Content-Type")
        if handler.command in ("GET", "DELETE") and body:
            raise Refused(400, "a body")
        scheme = "token" if self.kind == "gitea" else "Bearer"
        authorization = headers.get("Authorization")
        if authorization is None:
            raise Refused(404, "Not Found")  # As of something private.
        if self.app:
            return self.check_app(handler, authorization)
        if authorization != f"{scheme} {self.token}":
            raise Refused(401, "Bad credentials")

    def check_app(self, handler, authorization):
        word, _, value = authorization.partition(" ")
        if not handler.path.startswith("/app/"):
            if word != "Bearer" or value not in self.app_tokens:
                raise Refused(401, "Bad credentials")
            return
        signed, _, signature = value.rpartition(".")
        decoded = lambda text: base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        if "=" in value or json.loads(decoded(signed.partition(".")[0])) != {"alg": "RS256", "typ": "JWT"}:
            raise Refused(401, "A JSON web token could not be decoded")
        with tempfile.NamedTemporaryFile() as file:
            file.write(decoded(signature))
            file.flush()
            checked = subprocess.run(["openssl", "dgst", "-sha256", "-verify", self.app[2], "-signature", file.name],
                                     input=signed.encode(), stdout=subprocess.DEVNULL)
        claims, now = json.loads(decoded(signed.partition(".")[2])), time.time()
        if checked.returncode != 0 or claims["iss"] != self.app[0]:
            raise Refused(401, "A JSON web token could not be decoded")
        if not claims["iat"] <= now or not now < claims["exp"] <= now + 600:
            raise Refused(401, "'Expiration time' claim ('exp') is too far in the future")

    @staticmethod
    def read(body):
        if not body:
            return None
        try:
            value = json.loads(body)
        except ValueError:
            raise Refused(400, "Problems parsing JSON")
        if not isinstance(value, dict):
            raise Refused(422, "an object is wanted")
        return value

    def page(self, handler, everything, wish):
        size = min(int(wish.get("limit" if self.kind == "gitea" else "per_page", 30)), self.page_max)
        number = int(wish.get("page", 1))
        shown, more = everything[(number - 1) * size:number * size], len(everything) > number * size
        path = handler.path.partition("?")[0]
        link = f'<http://elsewhere.invalid{path}?page={number + 1}>; rel="next"' if more else ""
        headers = {"Link": link} if link else {}
        if self.kind == "gitlab":
            headers["X-Next-Page"] = str(number + 1) if more else ""
        if self.kind == "gitea":
            headers["X-Total-Count"] = str(len(everything))
        return 200, headers, shown

    @staticmethod
    def hold(body, required, optional=None):
        """The body has these members, of these types, and no others."""
        if body is None:
            raise Refused(422, "there is no body")
        known = {**required, **(optional or {})}
        for name, value in body.items():
            if not isinstance(value, known.get(name, ())):
                raise Refused(422, f"{name}: {value!r}")
        for name in required:
            if name not in body:
                raise Refused(422, f"{name} is missing")

    # --- what they have in common

    def post_status(self, commit, body, name, where):
        self.hold(body, {"state": str, name: str}, {"description": str, "target_url": str})
        if not COMMIT.fullmatch(commit):
            raise Refused(422, "No commit found for SHA")
        if body["state"] not in STATES[self.kind] or len(body.get("description", "")) > LONGEST[self.kind]:
            raise Refused(422, f"Validation Failed: {body}")
        if not body.get("target_url", "http://").startswith(("http://", "https://")):
            raise Refused(422, "target_url")
        if self.kind == "gitlab" and [each for each in self.statuses if each[0] == commit and
                                      each[1]["state"] == body["state"] == "pending"]:
            raise Refused(400, "Cannot transition status via :enqueue from :pending (Reason(s): Status cannot transition)")
        self.statuses.append((commit, body))
        return 201, {"id": len(self.statuses), **body, "where": where}

    def post_comment(self, number, body):
        self.hold(body, {"body": str})
        if number not in self.pulls:
            raise Refused(404, "Not Found")
        if not body["body"] or len(body["body"]) > 65536:
            raise Refused(422, "Body is too long (maximum is 65536 characters)")
        made = {"id": self.next_id, "body": body["body"], "system": False}
        self.next_id += 1
        self.comments.setdefault(number, []).append(made)
        return 201, made

    def change_comment(self, number, identity, body):
        self.hold(body, {"body": str})
        for each, comments in self.comments.items():
            for comment in comments:
                if comment["id"] == identity and number in (None, each):
                    comment["body"] = body["body"]
                    return comment
        raise Refused(404, "Not Found")

    def of_commit(self, commit):
        return [body for posted, body in self.statuses if posted == commit]

    # --- each of them

    def github(self, method, parts, wish, body):
        if method == "POST" and self.app and parts == ["app", "installations", self.app[1], "access_tokens"]:
            self.hold(body, {"repositories": list})
            if body["repositories"] != ["house"]:
                raise Refused(422, "There is at least one repository that does not exist or is not accessible")
            self.app_tokens.append(f"made-{len(self.app_tokens)}")
            until = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=self.app_seconds)
            return 201, {"token": self.app_tokens[-1], "expires_at": until.strftime("%Y-%m-%dT%H:%M:%SZ")}
        if method == "GET" and parts[:2] == ["orgs", "acme"] and parts[2:3] == ["teams"] and parts[4:] == ["members"]:
            if parts[3] not in self.teams:
                raise Refused(404, "Not Found")
            return [{"login": login} for login in self.teams[parts[3]]]
        return self.like_github(method, parts, wish, body)

    def gitea(self, method, parts, wish, body):
        if method == "GET" and parts == ["orgs", "acme", "teams"]:
            return [{"id": k + 1, "name": name} for k, name in enumerate(self.teams)]
        if method == "GET" and parts[0] == "teams" and parts[2:] == ["members"]:
            return [{"login": login} for login in list(self.teams.values())[int(parts[1]) - 1]]
        return self.like_github(method, parts, wish, body)

    def like_github(self, method, parts, wish, body):
        if parts[:3] != ["repos", "acme", "house"]:
            raise Refused(404, "Not Found")
        at = parts[3:]
        if method == "GET" and at == ["pulls"]:
            if wish.get("state") != "open":
                raise Refused(422, "state")
            return [pull for pull in self.pulls.values() if pull["state"] == "open"]
        if method == "GET" and at[:1] == ["pulls"] and at[2:] == ["reviews"]:
            return [{"user": {"login": login}, "state": state} for login, state in self.reviews.get(int(at[1]), [])]
        if method == "GET" and at[:1] == ["commits"] and at[2:] == ["status"]:
            posted = self.of_commit(at[1])
            return {"state": posted[-1]["state"] if posted else "pending" if self.kind == "github" else "",
                    "statuses": posted}
        if method == "GET" and self.kind == "github" and at[:1] == ["commits"] and at[2:] == ["check-runs"]:
            return {"total_count": 0, "check_runs": []}
        if method == "POST" and at[:1] == ["statuses"] and len(at) == 2:
            return self.post_status(at[1], body, "context", "repos")
        if at[:1] == ["issues"] and at[2:] == ["comments"]:
            if int(at[1]) not in self.pulls:
                raise Refused(404, "Not Found")
            return self.comments.get(int(at[1]), []) if method == "GET" else self.post_comment(int(at[1]), body)
        if method == "PATCH" and at[:2] == ["issues", "comments"]:
            return self.change_comment(None, int(at[2]), body)
        raise Refused(404, "Not Found")

    def gitlab(self, method, parts, wish, body):
        if method == "GET" and parts[0] == "groups" and parts[2:] == ["members"]:
            group, _, name = parts[1].rpartition("/")
            if group != "acme" or name not in self.teams:
                raise Refused(404, "404 Group Not Found")
            return [{"username": login, "state": "active"} for login in self.teams[name]]
        if parts[:2] != ["projects", "acme/house"]:
            raise Refused(404, "404 Project Not Found")
        at = parts[2:]
        if method == "POST" and at[:1] == ["statuses"] and len(at) == 2:
            return self.post_status(at[1], body, "name", "projects")
        if method == "GET" and at == ["merge_requests"]:
            if wish.get("state") != "opened":
                raise Refused(400, "state does not have a valid value")
            return [pull for pull in self.pulls.values() if pull["state"] == "opened"]
        if at[:1] != ["merge_requests"] or int(at[1]) not in self.pulls:
            raise Refused(404, "404 Not found")
        number, at = int(at[1]), at[2:]
        if method == "GET" and not at:
            posted = self.of_commit(self.pulls[number]["sha"])
            return {**self.pulls[number], "head_pipeline": {"status": posted[-1]["state"]} if posted else None}
        if method == "GET" and at == ["approvals"]:
            return {"approved_by": [{"user": {"username": login}} for login, _ in self.reviews.get(number, [])]}
        if at == ["notes"]:
            return self.comments.get(number, []) if method == "GET" else self.post_comment(number, body)
        if method == "PUT" and at[:1] == ["notes"]:
            return self.change_comment(number, int(at[1]), body)
        raise Refused(404, "404 Not found")

    # --- what happens there, and what the webhooks say of it

    def pull(self, number, title, source, head, base, moment, state="open", author="ben"):
        """Makes or changes a pull request."""
        url = f"https://forge.example.org/acme/house/{number}"
        if self.kind == "gitlab":
            self.pulls[number] = {"iid": number, "title": title, "author": {"username": author}, "web_url": url,
                                  "source_branch": source, "target_branch": "develop", "sha": head, "draft": False,
                                  "state": {"open": "opened"}.get(state, state), "updated_at": moment}
        else:
            self.pulls[number] = {"number": number, "title": title, "user": {"login": author}, "html_url": url,
                                  "head": {"ref": source, "sha": head}, "base": {"ref": "develop", "sha": base},
                                  "state": "open" if state == "open" else "closed", "merged": state == "merged",
                                  "draft": False, "updated_at": moment}

    def told(self, number, action, actor="ben"):
        """(event, body) of a pull request's delivery; `action`: opened, updated, merged, closed."""
        pull = self.pulls[number]
        if self.kind == "gitlab":
            word = {"opened": "open", "updated": "update", "merged": "merge", "closed": "close"}[action]
            about = {"iid": number, "title": pull["title"], "url": pull["web_url"], "state": pull["state"], "action": word,
                     "source_branch": pull["source_branch"], "target_branch": pull["target_branch"],
                     "last_commit": {"id": pull["sha"]}, "updated_at": pull["updated_at"]}
            return "Merge Request Hook", {"object_kind": "merge_request", "user": {"username": actor},
                                          "project": {"path_with_namespace": "acme/house"}, "object_attributes": about}
        sync = "synchronize" if self.kind == "github" else "synchronized"
        word = {"opened": "opened", "updated": sync, "merged": "closed", "closed": "closed"}[action]
        return "pull_request", {"action": word, "number": number, "pull_request": pull, "sender": {"login": actor},
                                "repository": {"full_name": "acme/house"}}

    def reviewed(self, number, actor, moment):
        event, body = self.told(number, "updated", actor)
        if self.kind == "gitlab":
            body["object_attributes"].update(action="approved", updated_at=moment)
        elif self.kind == "github":
            event = "pull_request_review"
            body.update(action="submitted", review={"state": "approved", "user": {"login": actor}, "submitted_at": moment})
        else:
            event = "pull_request_approved"
            body.update(action="reviewed", pull_request={**body["pull_request"], "updated_at": moment},
                        review={"type": "pull_request_review_approved", "content": ""})
        return event, body

    def pushed(self, branch, before, after, actor="ben"):
        body = {"ref": f"refs/heads/{branch}", "before": before or OTHER_COMMIT, "after": after or OTHER_COMMIT,
                "repository": {"full_name": "acme/house"}, "sender": {"login": actor}}
        if self.kind == "gitlab":
            body.update(object_kind="push", user_username=actor, project={"path_with_namespace": "acme/house"})
            return "Push Hook", body
        return "push", body

    def team_changed(self, team, member):
        if self.kind == "gitlab":
            return "Member Hook", {"event_name": "user_add_to_group", "group_path": team, "user_username": member,
                                   "updated_at": "2026-01-01T00:00:00Z"}
        return "membership", {"action": "added", "scope": "team", "member": {"login": member},
                              "team": {"slug": team}, "organization": {"login": "acme"}, "sender": {"login": "ana"}}

    def signed(self, event, body, identity, secret):
        """(headers, bytes) as the forge sends them."""
        data = json.dumps(body).encode()
        digest = hmac.new(secret.encode(), data, hashlib.sha256).hexdigest()
        headers = {"Content-Type": "application/json"}
        if self.kind == "gitlab":
            headers.update({"X-Gitlab-Event": event, "X-Gitlab-Token": secret, "Idempotency-Key": identity})
        elif self.kind == "gitea":
            headers.update({"X-Gitea-Event": event, "X-Gitea-Delivery": identity, "X-Gitea-Signature": digest,
                            "X-GitHub-Event": event, "X-GitHub-Delivery": identity})
        else:
            headers.update({"X-GitHub-Event": event, "X-GitHub-Delivery": identity,
                            "X-Hub-Signature-256": "sha256=" + digest})
        return headers, data
