// ParamPlace: one parameter of a block, or one training setting, in the graph: its value there, and the edits that
// change it.
#pragma once
#include <QtCore/QStringList>
#include <optional>
#include <string>
#include <vector>

#include "blocks/schema.hpp"
#include "graph/check.hpp"

namespace blockyard {

struct ParamPlace {
  std::optional<NodeId> block{};  // none: a training setting
  Param param{};
  std::vector<NodeId> others{};  // blocks of the same type that are set along with it

  // What the project holds; nullptr if it is not set.
  const OrderedJson* stored(const Graph& graph) const;
  Edit set(OrderedJson value) const;
  Edit clear(const Graph& graph) const;
  // Whether the other blocks hold another value.
  bool differs(const Graph& graph) const;
  // "conv1" or "training", and "conv1.channels".
  const std::string& owner() const;
  std::string address() const { return owner() + "." + param.name; }
};

// What the command line calls the parameter: "training.epochs", or "encoder/conv1.channels" for every block that is set
// along and, inside a composite, for every place in the root pipeline where that stands.
std::vector<std::string> settingNames(const Project& project, const std::string& root, const std::string& shown,
                                      const ParamPlace& place);

// Names of the columns that arrive at a block, or leave a source; for the training, of all sources.
QStringList columnsFor(const Graph& graph, const Checked& checked, const std::optional<NodeId>& block);

}  // namespace blockyard
