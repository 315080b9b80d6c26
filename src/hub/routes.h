#pragma once
// What the hub answers, by subject. The hub must live longer than the router.

#include "http/server.h"
#include "hub/hub.h"

namespace aecos::hub {

void add_git_routes(http::Router& router, Hub& hub);             // /PROJECT.git/…
void add_large_object_routes(http::Router& router, Hub& hub);    // /PROJECT.git/info/lfs/…
void add_account_routes(http::Router& router, Hub& hub);         // /api/v1/session, setup, users, tokens
void add_project_routes(http::Router& router, Hub& hub);         // /api/v1/projects …
void add_lock_routes(http::Router& router, Hub& hub);            // … /locks
void add_change_request_routes(http::Router& router, Hub& hub);  // … /change-requests, /checks
void add_event_routes(http::Router& router, Hub& hub);           // … /events, /presence, /audit
void add_notify_routes(http::Router& router, Hub& hub);          // … /channels, /watches, /secrets; /inbox
void add_forge_routes(http::Router& router, Hub& hub);           // … /forge, /pull-requests
void add_pages(http::Router& router, Hub& hub);                  // / and /projects/…, for people
void add_view_routes(http::Router& router, Hub& hub);            // … /view
void add_view_pages(http::Router& router, Hub& hub);             // /projects/…/view, /viewer/…
void add_speckle_routes(http::Router& router, Hub& hub);         // /graphql, /objects/…, /api/getobjects/… …
// /healthz, /readyz, /metrics, /api/v1
void add_operation_routes(http::Router& router, Hub& hub, std::function<http::Server::Counts()> counts);

}  // namespace aecos::hub
