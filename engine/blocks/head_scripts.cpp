#include "blocks/head_scripts.hpp"

#include <algorithm>

namespace blockyard {

std::vector<Param> withHeadScripts(std::vector<Param> params) {
  params.push_back({.name = "loss_code",
                    .fallback = "",
                    .doc = "a loss of your own in place of the one above, as TorchScript: def forward(outputs: Tensor, "
                           "target: Tensor) -> Tensor. outputs [N, K] are raw outputs, target the class of each row "
                           "[N] or numbers [N, K]",
                    .role = Role::Code});
  params.push_back({.name = "metric_code",
                    .fallback = "",
                    .doc = "a metric of your own, shown as \"script\", larger is better: def forward(answers: Tensor, "
                           "target: Tensor) -> Tensor. answers [N, K] are probabilities, or predicted numbers in "
                           "their own units, of all rows at once",
                    .role = Role::Code});
  return params;
}

std::optional<ScriptFunction> headScript(const Values& values, const std::string& parameter) {
  const std::string& code = values.text(parameter);
  if (code.empty()) return std::nullopt;
  return ScriptFunction(code, 2, parameter);
}

void checkHeadScripts(const Values& values, const std::vector<Signature>& loss_arguments,
                      const std::vector<Signature>& metric_arguments) {
  const auto check = [&](const char* parameter, const std::vector<Signature>& arguments) {
    const auto script = headScript(values, parameter);
    const bool open = std::any_of(arguments.begin(), arguments.end(), [](const Signature& each) { return each.open; });
    if (!script || open) return;
    script->requireNumber(arguments);
    if (parameter == std::string("loss_code")) script->requireGradient(arguments);
  };
  check("loss_code", loss_arguments);
  check("metric_code", metric_arguments);
}

}  // namespace blockyard
