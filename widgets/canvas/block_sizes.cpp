#include "widgets/canvas/block_sizes.hpp"

#include <QtConcurrent/QtConcurrentRun>
#include <algorithm>

#include "blocks/catalog.hpp"
#include "blocks/parameter_count.hpp"

namespace blockyard {
namespace {

std::string keyOf(const std::string& type, const Values& values, const Signatures& inputs) {
  std::string out = type;
  for (const auto& [name, value] : values.items()) out += "\n" + name + "=" + value.text();
  for (const auto& [port, signature] : inputs) {
    out += "\n" + port + ":" + signature.text();
    for (const auto& column : signature.columns) out += "," + std::to_string(column.classes.size());
  }
  return out;
}

}  // namespace

BlockSizes::BlockSizes() {
  connect(&counting_, &QFutureWatcherBase::finished, this, &BlockSizes::take);
}

BlockSizes::~BlockSizes() {
  counting_.waitForFinished();
}

void BlockSizes::look(const Graph& graph, const Checked& checked) {
  keys_.clear();
  open_.clear();
  for (const Node& node : graph.nodes()) {
    const auto values = checked.values.find(node.id);
    const auto inputs = checked.inputs.find(node.id);
    if (values == checked.values.end() || inputs == checked.inputs.end()) continue;
    const auto open = [](const auto& input) { return input.second.open; };
    if (std::any_of(inputs->second.begin(), inputs->second.end(), open)) continue;  // sizes that the data will tell
    std::string key = keyOf(node.type, values->second, inputs->second);
    if (answers_.count(key) == 0) open_.push_back({key, node.type, values->second, inputs->second});
    keys_.emplace(node.id, std::move(key));
  }
  ask();
}

void BlockSizes::ask() {
  if (open_.empty() || counting_.isRunning()) return;
  counting_.setFuture(QtConcurrent::run([questions = open_] {
    Answers out;
    for (const Question& each : questions) {
      const BlockType* type = findBlockType(each.type);
      out[each.key] = type == nullptr ? -1 : parameterCount(*type, each.values, each.inputs).value_or(-1);
    }
    return out;
  }));
}

void BlockSizes::take() {
  answers_.merge(counting_.result());
  std::erase_if(open_, [this](const Question& each) { return answers_.count(each.key) > 0; });
  Q_EMIT known();
  ask();
}

int64_t BlockSizes::parameters(const NodeId& id) const {
  const auto key = keys_.find(id);
  if (key == keys_.end()) return -1;
  const auto found = answers_.find(key->second);
  return found == answers_.end() ? -1 : found->second;
}

}  // namespace blockyard
