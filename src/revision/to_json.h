#pragma once
// Changes, conflicts and edits as JSON, the same in every answer and record.

#include "diff/summary.h"
#include "merge/merge.h"
#include "text/json_writer.h"

namespace aecos::revision {

// {"globalId": …, "class": …, "name": …}; members without a value are left out.
void write(text::JsonWriter& json, const diff::ElementRef& element);
// {"kind": "property", "element": {…}, "at": …, "before": …, "after": …}
void write(text::JsonWriter& json, const diff::Change& change);
// {"side": "ours", "both": false, "change": {…}}
void write(text::JsonWriter& json, const merge::Taken& taken);
// {"id": …, "path": …, "element": {…}, "at": …, "kind": …, "base": …, "ours": …, "theirs": …, "chosen": …, "because":
// …}
void write(text::JsonWriter& json, const merge::Conflict& conflict, std::string_view path);

// {"path": …, "note": …, "changes": […]}
void write(text::JsonWriter& json, const diff::FileChanges& file);

}  // namespace aecos::revision
