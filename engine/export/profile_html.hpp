// A data profile as one HTML file that needs nothing else: for `blockyard inspect --html` and the window. Torch-free.
#pragma once
#include <string>

#include "data/profile.hpp"

namespace blockyard {

// UTF-8. `title` names the data.
std::string profileHtml(const DataProfile& profile, const std::string& title);

}  // namespace blockyard
