#include "blocks/leave_out.hpp"

namespace blockyard {

Param appliesToParam() {
  return {
      "applies_to", "training", Choices{"training", "all"},
      "training: only rows to train on are left out, and the scores still count every row; all: also rows to validate "
      "and to test with. Predictions always answer every row"};
}

}  // namespace blockyard
