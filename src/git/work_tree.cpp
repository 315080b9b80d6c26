#include "git/program.h"
namespace aecos::git {}
