// The catalogue: every block of the list, found by id. Built once, never changes; any thread may read it.
#pragma once
#include <string>
#include <vector>

#include "blocks/block_type.hpp"

namespace blockyard {

// What every source can be told about its data, for the record of runs; it changes no result.
constexpr const char* kOriginParam = "origin";
constexpr const char* kLicenceParam = "licence";

// All blocks, in the order of the list.
const std::vector<BlockType>& catalog();
// nullptr if there is none.
const BlockType* findBlockType(const std::string& id);
// Throws Error with the nearest id.
const BlockType& blockType(const std::string& id);
// What the outputs carry: by the block's own rule, else by its ports' patterns. `values` must be complete and the
// inputs present. Throws Error at the port or parameter that is wrong.
Signatures inferOutputs(const BlockType& type, const Values& values, const Signatures& inputs);

}  // namespace blockyard
