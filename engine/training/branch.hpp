// Branches: runs that begin with a checkpoint of another run and go another way, and the order of a project's runs by
// who came from whom. Torch-free; blocks on the disk, any thread.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "training/messages.hpp"

namespace blockyard {

// In a branch's folder: the checkpoint that it began with, so that it can be repeated when its parent is gone.
constexpr const char* kBranchFile = "branch.safetensors";

// Which checkpoint of a run is meant: a step, "best", or nothing for the latest. Throws Error naming those there are.
BranchFrom checkpointOf(const Run& run, const std::string& at);

// For the repetition of a branch. Nothing if the run is none. Throws Error if it lacks its file.
std::optional<BranchFrom> beginningOf(const Run& run);

// A run's place in a list of all in which every branch and repetition stands behind the run it comes from.
struct FamilyPlace {
  size_t index = 0;  // into the list that was given
  int depth = 0;     // 0: comes from none of them
};
// By the time of the first of each family.
std::vector<FamilyPlace> families(const std::vector<RunEntry>& runs);

}  // namespace blockyard
