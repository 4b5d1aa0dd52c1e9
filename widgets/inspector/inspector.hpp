// Inspector: the panel beside the canvas. It is made from the schema alone: whatever block is shown, its form needs no
// code of its own. With nothing selected it shows the training settings of the pipeline. GUI thread.
#pragma once
#include <QtWidgets/QScrollArea>
#include <QtWidgets/QWidget>
#include <optional>
#include <vector>

#include "widgets/common/document.hpp"
#include "widgets/inspector/block_header.hpp"
#include "widgets/inspector/param_form.hpp"
#include "widgets/inspector/port_panel.hpp"

namespace blockyard {

struct SweepWish;

class Inspector final : public QWidget {
  Q_OBJECT

 public:
  // The document must outlive it.
  explicit Inspector(Document& document, QWidget* parent = nullptr);

  // A block that is not there is nothing.
  void showBlock(const NodeId& block);
  void showBlocks(const std::vector<NodeId>& blocks);
  // Nothing is selected: the training settings.
  void showNothing();
  const std::optional<NodeId>& block() const { return block_; }
  // Brings the parameter of what is shown into view and puts the cursor there. False if there is none of that name.
  bool focusParameter(const QString& name);

  bool focusFirstParameter();  // false if what is shown has none

 Q_SIGNALS:
  // The id of a block's type, empty for the training settings; the parameter may be empty.
  void helpWanted(const QString& type, const QString& parameter);
  void sweepWanted(const blockyard::SweepWish& wish);

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void fitWidth();
  QWidget* freshPage();
  void showPage(QWidget* page);
  void buildBlock(const Node& node);
  void buildUnknown(const Node& node, QVBoxLayout& layout);
  void follow();
  void showResult();
  const Node* renamedBlock() const;

  Document& document_;
  QScrollArea* scroll_;
  std::optional<NodeId> block_{};  // the one that is shown
  std::string type_{};             // of that block
  size_t place_ = 0, count_ = 0;   // its place in the graph and the number of blocks there, to follow another name
  BlockHeader* header_ = nullptr;
  ProblemNotes* notes_ = nullptr;  // what no parameter is to blame for
  ParamForm* form_ = nullptr;
  PortPanel* ports_ = nullptr;
};

}  // namespace blockyard
