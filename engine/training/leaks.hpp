// LeakGuard: warns, before a training, of what would make its result look better than it is: a column that gives the
// target away, equal rows or rows of one group on both sides of the split, training on what came after. (Fitting before
// the split, the other usual leak, cannot happen here: what learns is given the training rows only.) It also tells what
// the split itself does with the rows. Torch-free.
#pragma once
#include <atomic>
#include <optional>
#include <string>
#include <vector>

#include "graph/check.hpp"
#include "training/leak_facts.hpp"
#include "training/split_look.hpp"

namespace blockyard {

// Looks at the rows again only when the source has changed. One thread at a time.
class LeakGuard {
 public:
  // Warnings at the source block, or at the training settings, each with fixes; without those that
  // training.accepted_warnings names; and an error if the rows cannot be split as the settings say. `checked` is of
  // `pipeline`. Never throws: what cannot be read is a matter of the checks. Any thread.
  std::vector<Problem> look(const Project& project, const std::string& pipeline, const Checked& checked,
                            const std::atomic<bool>* stop = nullptr);

 private:
  std::string key_;
  LeakFacts facts_;
  SplitLook split_;
};

// What follows from `facts` for this pipeline, whose source is `source`.
std::vector<Problem> leaksIn(const LeakFacts& facts, const NodeId& source, const Graph& graph, const Checked& checked);

}  // namespace blockyard
