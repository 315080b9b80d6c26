"""A Speckle server as strict as the real one: who may, what it is sent, and that a version names nothing that is missing.

After packages/server of specklesystems/speckle-server: REST for objects, GraphQL for projects, models and versions.
"""
import email
import email.policy
import http.server
import json
import re
import secrets
import threading

import graphql

SCHEMA = graphql.build_schema("""
  input UserProjectsFilter { search: String }
  input ProjectModelsFilter { search: String }
  input ProjectCreateInput { name: String, description: String, visibility: ProjectVisibility }
  input CreateModelInput { projectId: ID!, name: String!, description: String }
  input CreateVersionInput { projectId: String!, modelId: String!, objectId: String!, message: String,
                             sourceApplication: String, totalChildrenCount: Int, parents: [String!] }
  enum ProjectVisibility { PRIVATE PUBLIC WORKSPACE UNLISTED }
  type Version { id: ID! referencedObject: String message: String sourceApplication: String }
  type Model { id: ID! name: String! versions(limit: Int = 25): VersionCollection! }
  type VersionCollection { totalCount: Int! items: [Version!]! }
  type ModelCollection { totalCount: Int! cursor: String items: [Model!]! }
  type Project { id: ID! name: String! models(cursor: String, limit: Int! = 25, filter: ProjectModelsFilter): ModelCollection! }
  type ProjectCollection { totalCount: Int! cursor: String items: [Project!]! }
  type User { id: ID! projects(limit: Int! = 25, cursor: String, filter: UserProjectsFilter): ProjectCollection! }
  type ProjectMutations { create(input: ProjectCreateInput): Project! }
  type ModelMutations { create(input: CreateModelInput!): Model! }
  type VersionMutations { create(input: CreateVersionInput!): Version! }
  type Query { activeUser: User project(id: String!): Project! }
  type Mutation { projectMutations: ProjectMutations! modelMutations: ModelMutations! versionMutations: VersionMutations! }
""")
ID = re.compile(r"[0-9a-f]{32}")


def refuse(message, code="BAD_REQUEST_ERROR"):
    raise graphql.GraphQLError(message, extensions={"code": code})


class SpeckleServer:
    def __init__(self, token):
        self.token, self.projects, self.objects, self.requests, self.faults = token, {}, {}, [], []
        handler = type("Handler", (Handler,), {"stand_in": self})
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()

    # --- what GraphQL asks for

    def collection(self, items, filter):
        wanted = [item for item in items if not filter or filter.get("search", "") in item["name"]]
        return {"totalCount": len(wanted), "cursor": None, "items": wanted}

    def project_of(self, id):
        if id not in self.projects:
            refuse("Project not found", "STREAM_NOT_FOUND")
        return self.projects[id]

    def told(self, project):
        return {**project, "models": lambda info, limit=25, cursor=None, filter=None:
                self.collection(list(project["all"].values()), filter)}

    def make_project(self, info, input):
        id = secrets.token_hex(5)
        self.projects[id] = {"id": id, "name": input["name"], "all": {}}
        self.objects[id] = {}
        return self.told(self.projects[id])

    def make_model(self, info, input):
        project = self.project_of(input["projectId"])
        id = secrets.token_hex(5)
        project["all"][id] = {"id": id, "name": input["name"], "all": []}
        return project["all"][id]

    def make_version(self, info, input):
        project = self.project_of(input["projectId"])
        if input["modelId"] not in project["all"]:
            refuse("Model not found", "BRANCH_NOT_FOUND")
        objects = self.objects[project["id"]]
        if input["objectId"] not in objects:
            refuse("The object of the version is not here")
        self.check_whole(objects, input["objectId"], input.get("totalChildrenCount"))
        version = {"id": secrets.token_hex(5), "referencedObject": input["objectId"], "message": input.get("message"),
                   "sourceApplication": input.get("sourceApplication")}
        project["all"][input["modelId"]]["all"].append(version)
        return version

    def check_whole(self, objects, root, count):
        """Everything that is referred to is here, and in the closures above it at its least depth."""
        def depths(id, seen):
            found = {}
            def walk(value):
                if isinstance(value, dict):
                    if value.get("speckle_type") == "reference":
                        below = value["referencedId"]
                        if below not in objects:
                            return self.faults.append(f"{id} refers to {below}, which is not here")
                        found[below] = min(found.get(below, 1), 1)
                        for each, depth in closure(below).items():
                            found[each] = min(found.get(each, depth + 1), depth + 1)
                    else:
                        for each in value.values():
                            walk(each)
                elif isinstance(value, list):
                    for each in value:
                        walk(each)
            walk({name: value for name, value in objects[id].items() if name != "__closure"})
            return found
        known = {}
        def closure(id):
            if id not in known:
                known[id] = depths(id, ())
                told = objects[id].get("__closure", {})
                if told != known[id]:
                    self.faults.append(f"{id}: its closure is {told}, not {known[id]}")
                if objects[id].get("totalChildrenCount") != len(known[id]):
                    self.faults.append(f"{id}: totalChildrenCount is wrong")
            return known[id]
        if count is not None and count != len(closure(root)):
            self.faults.append(f"totalChildrenCount of the version is {count}")

    def query(self, body):
        root = {"activeUser": lambda info: {"id": "abcdefabcd", "projects": lambda info, limit=25, cursor=None, filter=None:
                                            self.collection([self.told(each) for each in self.projects.values()], filter)},
                "project": lambda info, id: self.told(self.project_of(id)),
                "projectMutations": {"create": self.make_project}, "modelMutations": {"create": self.make_model},
                "versionMutations": {"create": self.make_version}}
        done = graphql.graphql_sync(SCHEMA, body["query"], root, variable_values=body.get("variables"),
                                    operation_name=body.get("operationName"))
        return done.formatted


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, body=b"", kind="text/plain"):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.stand_in.requests.append(self.path)
        if self.headers.get("Authorization") != f"Bearer {self.stand_in.token}":
            return self.answer(403)
        if self.path == "/graphql":
            return self.answer(200, json.dumps(self.stand_in.query(json.loads(body))).encode(), "application/json")
        parts = self.path.strip("/").split("/")
        objects = self.stand_in.objects.get(parts[-1])
        if objects is None:
            return self.answer(404)
        if parts[:2] == ["api", "diff"]:
            ids = json.loads(json.loads(body)["objects"])
            return self.answer(200, json.dumps({id: id in objects for id in ids}).encode(), "application/json")
        if parts[0] == "objects":
            return self.take(objects, body)
        return self.answer(404)

    def take(self, objects, body):
        if not self.headers["Content-Type"].startswith("multipart/form-data"):
            return self.answer(400, b"multipart is wanted")
        message = email.message_from_bytes(b"Content-Type: " + self.headers["Content-Type"].encode() + b"\r\n\r\n" + body,
                                           policy=email.policy.HTTP)
        for part in message.iter_parts():
            if part.get_content_type() not in ("application/json", "text/plain", "application/octet-stream"):
                return self.answer(400, b"File type not allowed")
            if not part.get_filename():
                return self.answer(400, b"a part without a file name")
            batch = json.loads(part.get_payload(decode=True))
            if not isinstance(batch, list):
                return self.answer(400, b"Failed to find any objects in the batch")
            for each in batch:
                if not ID.fullmatch(each.get("id", "")) or not each.get("speckle_type"):
                    return self.answer(400, b"an object that is none")
                if len(json.dumps(each)) > 100 << 20:
                    return self.answer(413, b"Object too large")
                objects[each["id"]] = each
        self.answer(201)
