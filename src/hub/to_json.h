#pragma once
// The hub's records as the API shows them. Nothing secret is among them.

#include "hub/change_requests.h"
#include "hub/presence.h"
#include "store/records.h"
#include "text/json_writer.h"

namespace aecos::hub {

void write(text::JsonWriter& json, const store::User& user);
void write(text::JsonWriter& json, const store::Token& token);
void write(text::JsonWriter& json, const store::Project& project);
void write(text::JsonWriter& json, const store::Lock& lock);
void write(text::JsonWriter& json, const store::ChangeRequest& request);
void write(text::JsonWriter& json, const store::Approval& approval);
void write(text::JsonWriter& json, const store::Check& check);
void write(text::JsonWriter& json, const Present& present);

}  // namespace aecos::hub
