// The page to try models in a browser: plain HTML, with its script and its style beside it and nothing from outside.
#pragma once
#include <optional>
#include <string>

#include "serve/http.hpp"

namespace blockyard {

// "/", "/page.js" and "/page.css"; nothing for other paths.
std::optional<HttpReply> pageFile(const std::string& path);

}  // namespace blockyard
