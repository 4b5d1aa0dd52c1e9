// A trained pipeline as a folder in the layout of a model hub:
//
//   model.safetensors  the bundle itself: predicts with Blockyard; its tensors are named "block.weight", as the state
//                      of a PyTorch module is
//   config.json        task, what comes in and what comes out, names of classes
//   pipeline.json      the blocks in order: settings, wires, what each has learned and under which tensors
//   README.md          the model card with the hub's header, and how to use the files
#pragma once
#include <filesystem>

#include "base/durable_folder.hpp"

namespace blockyard {

constexpr const char* kHubBundle = "model.safetensors";

// The card is that of the run in whose folder the bundle lies; without a run it is a short one. `bytes` are those of
// the bundle. Throws Error if it is damaged.
FolderFiles hubFolder(const std::filesystem::path& bundle, std::string bytes);

}  // namespace blockyard
