#pragma once
// The texts that people edit. Whatever somebody writes is a mark that nobody else ever writes ("k17k"), so that it can
// be found again.

#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "sim/dice.h"

namespace aecos::sim {

// In order, each as often as it is there.
std::vector<std::string> marks_in(std::string_view text);
std::set<std::string> mark_set(std::string_view text);
// What went and what came: " -k3k +k17k".
std::string marks_in_words(std::string_view before, std::string_view after);

// The files of a new project. `new_mark` gives marks.
using NewMark = std::function<std::string()>;
std::map<std::string, std::string> first_files(bool with_model, const NewMark& new_mark);
std::string element_json(const std::string& name, std::size_t number, const NewMark& new_mark);

// An edit of a file such as people make; the text as it was where there is nothing to edit.
std::string edited(const std::string& path, const std::string& text, Dice& dice, const NewMark& new_mark);

}  // namespace aecos::sim
