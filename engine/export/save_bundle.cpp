// What training leaves behind as a bundle. Apart from export/bundle, so that a program that only predicts needs no
// trainer.
#include <nlohmann/json.hpp>

#include "base/file.hpp"
#include "blocks/signature_json.hpp"
#include "export/bundle.hpp"
#include "export/bundle_text.hpp"
#include "export/certificate.hpp"
#include "training/describe_data.hpp"
#include "training/state_file.hpp"
#include "training/trainer.hpp"

namespace blockyard {
namespace {

using Json = nlohmann::json;

std::string bytesOf(const Trainer& trainer, const std::string& run, const Certificate& certificate) {
  State state = trainer.pipeline().state();
  addTo(state, certificate);
  const StateViews views(state);
  Json nodes = Json::object();
  for (const auto& node : trainer.pipeline().nodes()) nodes[node.plan.id] = {{"outputs", toJson(node.outputs)}};
  Metadata metadata = views.metadata();
  metadata["format"] = "pt";  // what tools for PyTorch look for
  metadata[kBundleKey] = Json{
      {"format", kBundleFormat},
      {"plan", toJson(trainer.plan())},
      {"run", run},
      {"data_card", toJson(dataCard(trainer.plan(), *trainer.data().source))},
      {"blocks", nodes}}.dump(-1, ' ', false, Json::error_handler_t::replace);
  metadata[kHashKey] = contentHash(views.tensors(), metadata);
  return safetensorsBytes(views.tensors(), metadata);
}

}  // namespace

void saveBundle(const Trainer& trainer, const std::string& run, const std::string& path) {
  Certificate certificate = certificateOf(trainer.pipeline(), trainer.data(), trainer.device());
  if (certificate.rows.rows() > 0) {
    const std::string bytes = bytesOf(trainer, run, certificate);
    Bundle written(SafetensorsFile(bytes, path));
    const Deviation inside = deviationOf(written.pipeline(), trainer.pipeline(), certificate, trainer.device());
    // Another device rounds otherwise: there the deviation is only told.
    if (trainer.device().is_cpu() && inside.largest > kMostDeviation)
      throw Error({.block = inside.where, .file = path},
                  "what was written answers otherwise than what was trained (deviation " + numberText(inside.largest) +
                      ", at most " + numberText(kMostDeviation) + "), so it was not kept",
                  "this block does not save all that it has learned: please report it");
    written.settle();  // as it will answer
    const Deviation outside = replay(written, certificate);
    if (trainer.device().is_cpu()) requireSame(outside, path);
    certificate.deviation = std::max(inside.largest, outside.largest);
  }
  writeDurably(path, bytesOf(trainer, run, certificate));
}

}  // namespace blockyard
