#include "export/bundle_text.hpp"

#include "base/json.hpp"
#include "blocks/signature_json.hpp"

namespace blockyard {

BundleText readBundleText(const Metadata& metadata, const std::string& file) {
  const auto found = metadata.find(kBundleKey);
  if (found == metadata.end())
    throw Error({.file = file}, "expected a trained pipeline, got a safetensors file of somebody else",
                "\"blockyard export\" writes one");
  const nlohmann::json json = parseJson(found->second, file);
  const JsonPlace root(json, file);
  if (const int64_t format = root.integer("format", 0); format > kBundleFormat)
    throw Error({.file = file},
                "the bundle has format " + std::to_string(format) + ", this version knows up to " +
                    std::to_string(kBundleFormat),
                "install a newer Blockyard");
  BundleText out;
  try {
    out.plan = planFromJson(root["plan"].json());
    out.run = root.text("run", "");
    for (const PlanNode& node : out.plan.nodes)
      out.outputs.emplace(node.id, signaturesFromJson(root["blocks"][node.id]["outputs"].json()));
  } catch (const Error& error) {
    throw error.at({.file = file});
  }
  return out;
}

}  // namespace blockyard
