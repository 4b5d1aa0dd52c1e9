// What flows out of a port of a pipeline that has been trained: the same look as training/preview gives, with the
// fitted state and the weights of a bundle. Torch-free.
#pragma once
#include <optional>
#include <string>

#include "training/preview.hpp"

namespace blockyard {

// Nothing if what leads to the port is another one in `plan` than it was in the training that wrote `bundle`. Any
// thread, one at a time. Throws Error.
std::optional<Preview> previewTrained(const std::string& bundle, const Plan& plan, const std::string& block,
                                      const std::string& port, const PreviewOptions& options);

}  // namespace blockyard
