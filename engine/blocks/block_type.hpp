// BlockType: a line of the list of blocks - the schema, how to make the working part, how to infer what comes out.
// Torch-free, so that whoever only shows blocks need not compile against LibTorch.
#pragma once
#include <functional>
#include <memory>

#include "blocks/schema.hpp"

namespace blockyard {

class Block;
class Source;
struct Setup;
struct SourceSetup;

// What the outputs carry for complete settings and given inputs, where the ports' patterns cannot say it (the size
// after a convolution). Throws Error at the port or parameter. Sizes may be free: arithmetic on them gives a free size.
using Infer = Signatures (*)(const Values& values, const Signatures& inputs);
using MakeBlock = std::unique_ptr<Block> (*)(const Setup&);
using OpenSource = std::unique_ptr<Source> (*)(const SourceSetup&);
// A source before its data is read: what its ports will carry, from headers and the first rows. Throws Error at a
// parameter.
using PeekSource = Signatures (*)(const SourceSetup&);

// Whether, with these settings, each row is worked on by itself while training, and the loss of a head is a mean over
// rows (Batch "loss_weight": of what weight in all, where that is not their number). Then parts of a batch may go
// forward at the same time, on threads of their own; only the very first batch never does, so that a block may still
// learn names from it.
using RowsApart = bool (*)(const Values& values);
inline bool alwaysApart(const Values&) {
  return true;
}

struct BlockType {
  BlockSchema schema{};
  MakeBlock make = nullptr;        // every kind but source
  Infer infer = nullptr;           // may be null: the patterns say it all
  OpenSource open = nullptr;       // sources
  PeekSource peek = nullptr;       // sources
  RowsApart rows_apart = nullptr;  // null: never
};

}  // namespace blockyard
