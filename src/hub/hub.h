#pragma once
// The hub: everything that its routes need, in one place.

#include <functional>
#include <memory>
#include <string>

#include "hub/accounts.h"
#include "hub/audit.h"
#include "hub/catch_up.h"
#include "hub/change_requests.h"
#include "hub/events.h"
#include "hub/forges.h"
#include "hub/integrator.h"
#include "hub/locks.h"
#include "hub/maintenance.h"
#include "hub/metrics.h"
#include "hub/notifier.h"
#include "hub/presence.h"
#include "hub/projects.h"
#include "hub/receive.h"
#include "hub/views.h"

namespace aecos::hub {

struct Hub {
  explicit Hub(const Parts& given)
      : parts(given),
        accounts(parts),
        events(parts),
        projects(parts, events),
        integrator(parts, projects, events),
        receiver(parts, projects, integrator, events),
        locks(parts, events),
        change_requests(parts, projects, integrator, events),
        audit(parts, projects),
        presence(parts.clock, events),
        maintenance(parts),
        catch_up(projects),
        secrets(parts),
        notifier(parts, projects, events, secrets),
        forges(parts, projects, events, secrets),
        views(parts, projects, events) {
    events.set_outbox([this](store::Tables& tables, const event::Draft& draft,
                             const store::Event& event) { return notifier.enqueue(tables, draft, event); },
                      [this](const std::vector<store::Event>& stored) {
                        notifier.wake(stored);
                        views.wake(stored);
                      });
  }

  Parts parts;
  Accounts accounts;
  Events events;
  Projects projects;
  Integrator integrator;
  Receiver receiver;
  Locks locks;
  ChangeRequests change_requests;
  Audit audit;
  Presence presence;
  Maintenance maintenance;
  CatchUp catch_up;
  Secrets secrets;
  Notifier notifier;
  Forges forges;
  Views views;
  Metrics metrics;
};

}  // namespace aecos::hub
