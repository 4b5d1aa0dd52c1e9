// WeightWatch: how the weights and their gradients are distributed, looked at often enough to see them change and
// seldom enough to cost nothing. Looking changes nothing. Owned by the trainer, used on the engine thread only.
#pragma once
#include <string>
#include <vector>

#include "blocks/block.hpp"
#include "training/messages.hpp"

namespace blockyard {

class WeightWatch {
 public:
  // Looked at in this order.
  explicit WeightWatch(std::vector<NamedTensor> parameters);

  // Whether it is time: first at the end of an epoch, then ever more seldom, so that the journal of a long run grows
  // with the logarithm of its length; within long epochs, too. What it costs stays below a hundredth of the time.
  bool due(bool epoch_ends) const;
  // The weights as they are, the gradients as the last step took them. A large tensor is judged by a sample.
  Histograms take(int64_t step);

 private:
  std::vector<NamedTensor> parameters_;
  double began_at_, taken_at_ = 0, cost_ = 0;  // seconds
};

}  // namespace blockyard
