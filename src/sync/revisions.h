#pragma once
// What sync says of a project's versions, by short names.

#include "revision/content.h"
#include "revision/integrate.h"
#include "revision/message.h"
#include "revision/origin.h"
#include "revision/record.h"
#include "revision/tree_difference.h"
#include "revision/words.h"

namespace aecos::sync {

using revision::changes_of;
using revision::describe;
using revision::difference;
using revision::FileChanges;
using revision::FileDifference;
using revision::FileVersion;
using revision::GitTreeSource;
using revision::Integration;
using revision::Record;
using revision::RecordSide;
using revision::show;
using revision::title;
using revision::to_edits;

}  // namespace aecos::sync
