// GraphView: the pipeline of a run to look at, with marks on the blocks and wires that another run does not have so. It
// can be panned and zoomed, and nothing in it can be changed. GUI thread.
#pragma once
#include <QtWidgets/QGraphicsView>
#include <map>

#include "graph/plan_diff.hpp"

namespace blockyard {

class BlockItem;

class GraphView final : public QGraphicsView {
  Q_OBJECT

 public:
  explicit GraphView(QWidget* parent = nullptr);

  // Marks by block and wire; `+` added, `−` removed, `≠` changed, each in a colour of its own.
  void show(const Graph& graph, const std::map<std::string, Change>& blocks, const std::map<Link, Change>& wires);
  void fit();
  // Brings the block into the middle; false if there is none.
  bool goTo(const std::string& block);
  BlockItem* block(const std::string& name) const;
  int markCount() const { return marks_; }

 protected:
  void wheelEvent(QWheelEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void changeEvent(QEvent* event) override;

 private:
  void zoomBy(double factor);
  void drawMark(const BlockItem& block, Change change);
  std::map<std::string, BlockItem*> blocks_;
  int marks_ = 0;
  bool fitted_ = true;  // until somebody zooms, the whole graph is shown at any size
};

QColor colorOf(Change change);
QString symbolOf(Change change);

}  // namespace blockyard
