// BlockItem: a block as it stands on the canvas - title, kind, state light, key settings, ports. It shows what it was
// last given and holds no value of its own.
#pragma once
#include <QtGui/QPainterPath>
#include <QtGui/QStaticText>
#include <QtWidgets/QGraphicsObject>

#include "blocks/block_type.hpp"
#include "graph/check.hpp"

namespace blockyard {

enum class Light { Unknown, Ready, Problem, Warning, Fitted, Running, Trained, Bypassed };

// What a block shows beside its node.
struct BlockLook {
  Light light = Light::Unknown;
  QString problem{};       // the first one, for the tool tip
  QString output{};        // what leaves it: "float32 [N, 64]"
  QString status{};        // "1,234 parameters · 12 % of the time", or the problem
  double time_share = -1;  // of a training step, 0 to 1; negative: not known
};

struct PortPlace {
  QString name{};
  QPointF at{};  // centre, in the item's coordinates
  bool output = false;
};

class BlockItem final : public QGraphicsObject {
  Q_OBJECT

 public:
  enum { Type = UserType + 1 };
  static constexpr double kWidth = 190, kPortRadius = 6;

  // `type` is null for an unknown block.
  BlockItem(const Node& node, const BlockType* type);

  int type() const override { return Type; }
  const NodeId& id() const { return node_.id; }
  const Node& node() const { return node_; }
  void setNode(const Node& node, const BlockType* type);
  const BlockType* blockType() const { return block_type_; }
  void setLook(BlockLook look);
  const BlockLook& look() const { return look_; }

  QRectF boundingRect() const override;
  QPainterPath shape() const override;
  void paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget* widget) override;

  const std::vector<PortPlace>& ports() const { return ports_; }
  // In the scene; the middle of the block's side if there is no such port.
  QPointF portAt(const std::string& name, bool output) const;
  // The port under a point of the scene, or nullptr; within a finger's reach of it.
  const PortPlace* portNear(QPointF scene_point) const;
  // A port to be drawn as one that may (good) or may not take the wire in hand.
  void markPort(const QString& name, bool output, bool good);
  void clearMarks();

  // As large as a block of this node is drawn, without making one.
  static QSizeF sizeOf(const Node& node, const BlockType* type);

 Q_SIGNALS:
  void moved();  // also while it is dragged

 protected:
  QVariant itemChange(GraphicsItemChange change, const QVariant& value) override;

 private:
  void layOut();
  void paintPorts(QPainter* painter, bool names) const;
  void paintTexts(QPainter* painter) const;
  void paintBody(QPainter* painter, bool selected, bool coarse) const;
  Kind kind() const;
  bool isComposite() const;
  double corner() const;

  Node node_;
  BlockLook look_;
  const BlockType* block_type_ = nullptr;  // nullptr: unknown in this version
  std::vector<PortPlace> ports_;
  QSizeF size_;
  QPainterPath header_;
  QStaticText title_, id_text_, status_;
  std::vector<QStaticText> lines_;
  QString marked_;
  bool marked_output_ = false, marked_good_ = false;
};

// "hidden 64, 64" for each parameter that the user has set.
std::vector<QString> settingsOf(const Node& node);

}  // namespace blockyard
