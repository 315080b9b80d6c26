#pragma once
// What the parts of the sample house cost.

#include <string>

namespace aecos::sample {

// A .aecos/rates.csv with a rate for every element of house(). Made up, and about right for Central Europe.
std::string rates();

}  // namespace aecos::sample
