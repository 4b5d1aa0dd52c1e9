// CanvasScene: the graph of a document as items, kept in step with it, and what the mouse does with blocks, ports and
// wires. Every change goes through Document::apply.
#pragma once
#include <QtCore/QPointer>
#include <QtWidgets/QGraphicsScene>
#include <functional>
#include <map>
#include <optional>
#include <set>

#include "graph/acts.hpp"
#include "graph/composite.hpp"
#include "training/messages.hpp"
#include "widgets/canvas/block_item.hpp"
#include "widgets/canvas/block_sizes.hpp"
#include "widgets/canvas/frame_item.hpp"
#include "widgets/canvas/wire_item.hpp"
#include "widgets/common/document.hpp"

namespace blockyard {

constexpr double kGrid = 10;

// A port of a block: its inputs and outputs may have one name.
struct PortRef {
  End end{};
  bool output = false;
};

class CanvasScene final : public QGraphicsScene {
  Q_OBJECT

 public:
  explicit CanvasScene(Document& document, QObject* parent = nullptr);
  ~CanvasScene() override;

  Document& document() { return document_; }
  BlockItem* block(const NodeId& id) const;
  WireItem* wire(const Link& link) const;
  FrameItem* frame(int64_t index) const;  // nullptr if there is none
  NodeIds selectedBlocks() const;
  std::vector<Link> selectedWires() const;
  void select(const NodeIds& ids);
  // Blocks that stand for a run: Running while it trains, then Trained if they have weights; an error at a block turns
  // it red.
  void setRunLight(Light light);
  void setRunError(const QString& block, const QString& text);
  // What the blocks say of themselves while and after they train: rows, what was fitted, their share of the time.
  void setRunFacts(const Started& started);
  void setBlockTimes(const BlockTimes& times);

  // The wire under a point; nullptr if there is none.
  WireItem* wireAt(QPointF point) const;
  // Adds a block of this type there: into the wire under it if there is one and the block fits.
  void dropBlock(const std::string& type, QPointF at);
  // Ends a wire that is being drawn and draws nothing.
  void cancelWire();
  bool wiring() const { return wire_.has_value(); }

  // A wire by keyboard: it starts at a port of the block and leads to the nearest one that takes it. False if the block
  // has no ports.
  bool startWireByKeys(const NodeId& id);
  bool wiringByKeys() const { return wire_ && wire_->keys; }
  void chooseTarget(int step);  // the next or the previous port that takes it
  void chooseStart(int step);   // another port of the block
  // Draws it; if nothing takes it, asks for a block that does, as if it were dropped on the empty canvas.
  void endWireByKeys();
  // Where such a wire would lead, or its start if nothing takes it.
  std::optional<PortRef> keyTarget() const;
  // "mlp.x, float32 [N, 7], wired to standardize.y".
  QString portText(const NodeId& id, const PortPlace& port);

 Q_SIGNALS:
  void selectionIs(const QStringList& blocks);  // ids, after each change of the selection
  void wireDropped(const QString& block, const QString& port, bool output, QPointF at);  // on the empty canvas
  void wireClicked(const QString& link);
  void portClicked(const QString& block, const QString& port);  // an output; of an input the one that is wired to it
  void hint(const QString& text);             // why a port cannot take the wire; empty: nothing to say
  void blockActivated(const QString& block);  // double click
  void frameActivated(int index);             // likewise

 protected:
  void drawBackground(QPainter* painter, const QRectF& rect) override;
  void mousePressEvent(QGraphicsSceneMouseEvent* event) override;
  void mouseMoveEvent(QGraphicsSceneMouseEvent* event) override;
  void mouseReleaseEvent(QGraphicsSceneMouseEvent* event) override;
  void mouseDoubleClickEvent(QGraphicsSceneMouseEvent* event) override;

 private:
  // A wire in hand.
  struct Wiring {
    End start{};
    bool from_output = true;
    std::optional<Link> picked{};  // taken off its old port
    QGraphicsPathItem* path = nullptr;
    std::optional<Link> target{};  // where it would go now
    std::optional<Problem> complaint{};
    // By keyboard: the ports that it may start at, those it may lead to, nearest first, and which are chosen.
    struct Keys {
      std::vector<PortRef> starts{}, ends{};
      int start = 0, end = -1;
    };
    std::optional<Keys> keys{};
    std::optional<Expanded> flat{};  // the whole pipeline, once a composite has been come across
  };

  void sync();
  void syncBlocks();
  void syncWires();
  void syncFrames();
  void showResult();
  BlockLook lookOf(const NodeId& id, const Checked& result, const Problem* problem) const;
  int64_t parametersOf(const NodeId& id) const;
  QString statusOf(const NodeId& id) const;
  void forgetRun();
  void reroute(const NodeId& id);
  void keepMoves();
  BlockItem* blockNear(QPointF point, const PortPlace** port) const;
  bool startWire(QPointF at);
  void moveWire(QPointF at, QPoint screen);
  void endWire(QPointF at);
  void takeStart(int number);
  void showTarget();
  void drawTarget(const Wiring& done);
  Edit wiring(const Link& link);
  std::optional<Problem> complaintOf(const Link& link);

  Document& document_;
  std::map<NodeId, BlockItem*> blocks_;
  std::multimap<Link, WireItem*> wires_;
  std::map<NodeId, std::vector<WireItem*>> wires_of_;
  std::vector<FrameItem*> frames_;
  std::optional<Wiring> wire_;
  Light run_light_ = Light::Unknown;
  QString error_block_, error_text_;
  BlockSizes sizes_;
  std::map<std::string, int64_t> run_parameters_{};
  std::set<std::string> fitted_{};          // in the latest run
  std::map<std::string, double> shares_{};  // of the time of a step
  int64_t rows_ = 0;                        // of the latest run, in all
};

}  // namespace blockyard
