// The text of a bundle: a plan that is taken names blocks in an order in which each finds its inputs, with what every
// one of them gives, and written again it is the same.
#include "base/json.hpp"
#include "blocks/signature_json.hpp"
#include "export/bundle_text.hpp"
#include "fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace blockyard;
  using fuzz::require;
  const std::string_view text = fuzz::Input(data, size).rest();
  fuzz::refusal([&] {
    const BundleText bundle = readBundleText({{kBundleKey, std::string(text)}}, "a.safetensors");
    nlohmann::json blocks = nlohmann::json::object();
    for (size_t i = 0; i < bundle.plan.nodes.size(); ++i) {
      for (const PlanInput& input : bundle.plan.nodes[i].inputs) require(input.from < i, "an input from a later block");
      const std::string& id = bundle.plan.nodes[i].id;
      blocks[id] = {{"outputs", toJson(bundle.outputs.at(id))}};
    }
    const nlohmann::json again{
        {"format", kBundleFormat}, {"plan", toJson(bundle.plan)}, {"run", bundle.run}, {"blocks", blocks}};
    const BundleText same = readBundleText({{kBundleKey, again.dump()}}, "a.safetensors");
    require(toJson(same.plan) == again["plan"] && same.run == bundle.run, "written and read again, it is another plan");
    require(same.outputs == bundle.outputs, "written and read again, the blocks give something else");
  });
  return 0;
}
