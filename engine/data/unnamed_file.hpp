// A temporary file that has no name, so that nothing is left behind even by a crash.
#pragma once
#include <string>

#include "base/file.hpp"

namespace blockyard {

// A new one in $TMPDIR or /tmp, open for reading and writing; `folder` becomes the folder it lies in. Throws Error
// (Fault::Failed).
FileHandle unnamedFile(std::string& folder);

}  // namespace blockyard
