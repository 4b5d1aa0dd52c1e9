// BlockSizes: how many parameters each block of a graph has, counted on another thread and only where something has
// changed. GUI thread.
#pragma once
#include <QtCore/QFutureWatcher>
#include <QtCore/QObject>
#include <map>

#include "graph/check.hpp"

namespace blockyard {

class BlockSizes final : public QObject {
  Q_OBJECT

 public:
  BlockSizes();
  ~BlockSizes() override;

  // The graph and what the checks found; returns at once.
  void look(const Graph& graph, const Checked& checked);
  // -1: not known, or not yet.
  int64_t parameters(const NodeId& id) const;

 Q_SIGNALS:
  void known();  // some numbers are others now

 private:
  struct Question {
    std::string key{};  // type, settings and inputs in one text
    std::string type{};
    Values values{};
    Signatures inputs{};
  };
  using Answers = std::map<std::string, int64_t>;  // by key
  void ask();
  void take();

  std::map<NodeId, std::string> keys_{};
  Answers answers_{};
  std::vector<Question> open_{};
  QFutureWatcher<Answers> counting_;
};

}  // namespace blockyard
