// The report of a run as a model card: Markdown below a YAML header, laid out as the Hugging Face Hub asks for
// (https://huggingface.co/docs/hub/model-cards), so that it can be put beside a model as README.md. Pure.
#pragma once
#include <string>

#include "report/run_facts.hpp"

namespace blockyard {

std::string runMarkdown(const RunFacts& facts);

}  // namespace blockyard
