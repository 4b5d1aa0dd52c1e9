// What blocks that leave rows out share: whether only rows to train on are meant, or those to judge with, too.
#pragma once
#include "blocks/block.hpp"

namespace blockyard {

// The parameter `applies_to`.
Param appliesToParam();
// Whether a row that is for `part` may be left out.
class AppliesTo {
 public:
  explicit AppliesTo(const Values& values) : all_(values.text("applies_to") == "all") {}
  bool operator()(Part part) const { return part == Part::Train || (all_ && part != Part::Unused); }

 private:
  bool all_;
};

}  // namespace blockyard
