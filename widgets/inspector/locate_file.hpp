// Files of a project that are not where it says: the user shows where one is now, and all that lie beside it are found
// with it. GUI thread.
#pragma once
#include "widgets/common/document.hpp"

class QWidget;

namespace blockyard {

// The problem is a parameter that names a file which is not there.
bool namesAMissingFile(const Graph& graph, const Problem& problem);
// The edits that set the parameter to `found`, and every other parameter whose file is missing to the file of the same
// name beside it, if there is one. Paths below the project's folder are kept relative to it.
Compound relocated(const Project& project, const std::string& pipeline, const Problem& problem,
                   const std::filesystem::path& found);
// Asks where the file is and changes the project by one act.
void locateFile(Document& document, const Problem& problem, QWidget* parent);

}  // namespace blockyard
