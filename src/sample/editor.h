#pragma once
// The editor, under the name that samples and their users call it by.

#include "element/editor.h"

namespace aecos::sample {

using element::Editor, element::NewWall, element::no_row, element::Row, element::Sheet;

}  // namespace aecos::sample
