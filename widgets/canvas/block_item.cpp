#include "widgets/canvas/block_item.hpp"

#include <QtGui/QPainter>
#include <QtWidgets/QApplication>
#include <QtWidgets/QStyleOptionGraphicsItem>
#include <algorithm>

#include "graph/composite.hpp"
#include "widgets/common/text_size.hpp"
#include "widgets/common/theme.hpp"

namespace blockyard {
namespace {

constexpr double kHeader = 28, kPortStep = 20, kLine = 16, kCorner = 6, kReach = 14;
constexpr size_t kMostSettings = 3;
// Below these sizes on the screen, a detail cannot be read and is left out.
constexpr double kTitleDetail = 0.32, kTextDetail = 0.5, kNameDetail = 0.8, kShapeDetail = 0.2;

QString shown(const OrderedJson& value) {
  if (value.is_string()) return QString::fromStdString(value.get<std::string>()).section('\n', 0, 0);
  if (!value.is_array())
    return QString::fromStdString(value.dump(-1, ' ', false, OrderedJson::error_handler_t::replace));
  QStringList parts;
  for (const auto& item : value) parts << shown(item);
  return parts.join(QStringLiteral(", "));
}

QColor lightColor(Light light) {
  switch (light) {
    case Light::Ready:
      return goodColor();
    case Light::Problem:
      return problemColor();
    case Light::Warning:
      return warningColor();
    case Light::Running:
      return busyColor();
    case Light::Fitted:
    case Light::Trained:
      return goodColor();
    default:
      return QGuiApplication::palette().color(QPalette::Mid);
  }
}

}  // namespace

std::vector<QString> settingsOf(const Node& node) {
  std::vector<QString> out;
  for (const auto& [name, value] : node.params.items())
    out.push_back(QString::fromStdString(name).replace('_', ' ') + QLatin1Char(' ') + shown(value));
  return out;
}

BlockItem::BlockItem(const Node& node, const BlockType* type) {
  setFlags(ItemIsMovable | ItemIsSelectable | ItemSendsGeometryChanges | ItemIsFocusable);
  setAcceptHoverEvents(true);
  setCacheMode(NoCache);
  setNode(node, type);
}

void BlockItem::setNode(const Node& node, const BlockType* type) {
  prepareGeometryChange();
  node_ = node;
  block_type_ = type;
  layOut();
  setPos(node.x, node.y);
  update();
}

void BlockItem::setLook(BlockLook look) {
  look_ = std::move(look);
  QString tip = QString::fromStdString(node_.id.name + " · " + node_.type);
  if (!look_.output.isEmpty()) tip += QLatin1Char('\n') + look_.output;
  if (!node_.note.empty()) tip += QLatin1Char('\n') + QString::fromStdString(node_.note);
  for (const QString& each : {look_.problem, look_.status == look_.problem ? QString() : look_.status})
    if (!each.isEmpty()) tip += QLatin1Char('\n') + each;
  constexpr double kPercent = 100;
  if (look_.time_share >= 0)
    tip += QLatin1Char('\n') + tr("%1 % of the time of a step").arg(kPercent * look_.time_share, 0, 'f', 1);
  setToolTip(tip);
  layOut();
  update();
}

QSizeF BlockItem::sizeOf(const Node& node, const BlockType* type) {
  const BlockSchema* schema = type == nullptr ? nullptr : &type->schema;
  const size_t ports = schema == nullptr ? 1 : std::max<size_t>({schema->inputs.size(), schema->outputs.size(), 1});
  const size_t settings = std::min(kMostSettings, node.params.size());
  return {kWidth, kHeader + kPortStep * static_cast<double>(ports) + kLine * static_cast<double>(settings + 2) + 8};
}

void BlockItem::layOut() {
  const BlockSchema* schema = block_type_ == nullptr ? nullptr : &block_type_->schema;
  size_ = sizeOf(node_, block_type_);
  ports_.clear();
  const auto place = [&](const std::vector<Port>& ports, bool output) {
    for (size_t i = 0; i < ports.size(); ++i)
      ports_.push_back({QString::fromStdString(ports[i].name),
                        {output ? size_.width() : 0, kHeader + kPortStep * (static_cast<double>(i) + 0.6)},
                        output});
  };
  if (schema != nullptr) place(schema->inputs, false), place(schema->outputs, true);

  QPainterPath body, top;
  body.addRoundedRect(QRectF(QPointF(), size_), corner(), corner());
  top.addRect(QRectF(0, 0, size_.width(), kHeader));
  header_ = body.intersected(top);

  const QFontMetricsF metrics(canvasFont());
  const auto fitting = [&](const QString& text, double width) {
    return metrics.elidedText(text, Qt::ElideRight, width);
  };
  const std::string& own = node_.title;
  const QString title = !own.empty()        ? QString::fromStdString(own)
                        : schema != nullptr ? QString::fromStdString(schema->title)
                                            : QString::fromStdString(node_.type);
  title_ = QStaticText(fitting(title, size_.width() - 60));
  lines_.clear();
  const std::vector<QString> settings = settingsOf(node_);
  for (size_t i = 0; i < std::min(kMostSettings, settings.size()); ++i)
    lines_.emplace_back(fitting(settings[i], size_.width() - 20));
  id_text_ = QStaticText(
      fitting(look_.output.isEmpty() ? QString::fromStdString(node_.id.name) : look_.output, size_.width() - 20));
  status_ = QStaticText(fitting(look_.status, size_.width() - 20));
  for (auto* text : {&title_, &id_text_, &status_}) text->setTextFormat(Qt::PlainText);
  for (auto& line : lines_) line.setTextFormat(Qt::PlainText);
}

bool BlockItem::isComposite() const {
  return !compositeOf(node_.type).empty();
}

Kind BlockItem::kind() const {
  return block_type_ == nullptr ? Kind::Agent : block_type_->schema.kind;
}

// The shape says the kind, too: sources and answers have round ends, heads sharp corners.
double BlockItem::corner() const {
  switch (kind()) {
    case Kind::Source:
    case Kind::Postprocessor:
      return 14;
    case Kind::Preprocessor:
    case Kind::Extractor:
      return kCorner;
    default:
      return 0;
  }
}

QRectF BlockItem::boundingRect() const {
  return QRectF(QPointF(), size_).adjusted(-kReach, -4, kReach, 8);
}

QPainterPath BlockItem::shape() const {
  QPainterPath path;
  path.addRect(QRectF(QPointF(), size_).adjusted(-kPortRadius, 0, kPortRadius, 0));
  return path;
}

void BlockItem::paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget*) {
  const double detail = option->levelOfDetailFromTransform(painter->worldTransform());
  const QColor color = block_type_ == nullptr ? QGuiApplication::palette().color(QPalette::Mid) : colorOf(kind());
  const bool selected = option->state & QStyle::State_Selected;
  if (detail < kShapeDetail) {
    painter->fillRect(QRectF(QPointF(), size_),
                      selected ? QGuiApplication::palette().color(QPalette::Highlight) : color);
    return;
  }
  const bool coarse = detail < kTitleDetail;
  painter->setRenderHint(QPainter::Antialiasing, !coarse);
  if (node_.bypassed) painter->setOpacity(0.45);
  paintBody(painter, selected, coarse);
  if (coarse) return;
  const QPalette palette = QGuiApplication::palette();
  QFont font = canvasFont();
  font.setBold(true);
  painter->setFont(font);
  painter->setPen(color);
  painter->drawText(QRectF(6, 0, 22, kHeader), Qt::AlignCenter,
                    block_type_ == nullptr ? QStringLiteral("?") : QString(letterOf(kind())));
  painter->setPen(palette.color(QPalette::Text));
  painter->drawStaticText(QPointF(32, (kHeader - title_.size().height()) / 2), title_);
  if (detail >= kTextDetail) paintTexts(painter);
  paintPorts(painter, detail >= kNameDetail);
}

void BlockItem::paintTexts(QPainter* painter) const {
  const QPalette palette = QGuiApplication::palette();
  painter->setFont(canvasFont());
  double y = size_.height() - kLine * static_cast<double>(lines_.size() + 2) - 6;
  painter->setPen(palette.color(QPalette::Text));
  for (const QStaticText& line : lines_) painter->drawStaticText(QPointF(10, y), line), y += kLine;
  painter->setPen(palette.color(QPalette::PlaceholderText));
  painter->drawStaticText(QPointF(10, y), id_text_);
  const bool bad = look_.light == Light::Problem, doubtful = look_.light == Light::Warning;
  if (bad || doubtful) painter->setPen(bad ? problemColor() : warningColor());
  painter->drawStaticText(QPointF(10, y + kLine), status_);
}

void BlockItem::paintBody(QPainter* painter, bool selected, bool coarse) const {
  const QPalette palette = QGuiApplication::palette();
  const QColor color = block_type_ == nullptr ? palette.color(QPalette::Mid) : colorOf(kind());
  const bool bad = look_.light == Light::Problem;
  QPen outline(selected ? palette.color(QPalette::Highlight)
               : bad    ? problemColor()
                        : palette.color(QPalette::Mid),
               selected || bad ? 2 : 1);
  if (node_.bypassed) outline.setStyle(Qt::DashLine);
  painter->setPen(outline);
  painter->setBrush(palette.color(QPalette::Base));
  QColor tint = color;
  tint.setAlpha(48);
  if (coarse) {  // too small for round corners to be seen
    painter->drawRect(QRectF(QPointF(), size_));
    painter->fillRect(QRectF(0, 0, size_.width(), kHeader), tint);
  } else {
    painter->drawRoundedRect(QRectF(QPointF(), size_), corner(), corner());
    painter->fillPath(header_, tint);
  }
  if (isComposite() && !coarse) {  // as a pile: there is more below
    painter->setBrush(Qt::NoBrush);
    painter->drawLine(QPointF(8, size_.height() + 3), QPointF(size_.width() - 8, size_.height() + 3));
    painter->drawLine(QPointF(16, size_.height() + 6), QPointF(size_.width() - 16, size_.height() + 6));
  }
  painter->fillRect(QRectF(corner(), kHeader - 2, size_.width() - 2 * corner(), 2), color);
  painter->setPen(Qt::NoPen);
  painter->setBrush(lightColor(node_.bypassed ? Light::Bypassed : look_.light));
  const QPointF lamp(size_.width() - 16, kHeader / 2);
  if (look_.light == Light::Problem) {  // shapes of their own, for those who see no red or green
    painter->drawPolygon(QPolygonF({lamp + QPointF(0, -6), lamp + QPointF(6, 5), lamp + QPointF(-6, 5)}));
  } else if (look_.light == Light::Trained || look_.light == Light::Fitted) {
    painter->setBrush(Qt::NoBrush);
    painter->setPen(QPen(lightColor(look_.light), 2.4, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter->drawPolyline(QPolygonF({lamp + QPointF(-5, 0), lamp + QPointF(-1, 4), lamp + QPointF(6, -5)}));
  } else {
    painter->drawEllipse(lamp, 5, 5);
  }
  if (look_.time_share < 0) return;
  // A bar along the lower edge: how much of a step's time the block takes.
  constexpr double kBar = 3;
  const double width = (size_.width() - 2 * corner()) * std::clamp(look_.time_share, 0.0, 1.0);
  painter->fillRect(QRectF(corner(), size_.height() - kBar - 1, width, kBar), busyColor());
}

void BlockItem::paintPorts(QPainter* painter, bool names) const {
  const QPalette palette = QGuiApplication::palette();
  for (const PortPlace& port : ports_) {
    const bool marked = port.name == marked_ && port.output == marked_output_;
    painter->setPen(QPen(marked ? (marked_good_ ? goodColor() : problemColor()) : palette.color(QPalette::Text),
                         marked ? 2.5 : 1.2));
    painter->setBrush(marked ? (marked_good_ ? goodColor() : problemColor()) : palette.color(QPalette::Base));
    painter->drawEllipse(port.at, kPortRadius, kPortRadius);
    if (!names) continue;
    painter->setPen(palette.color(QPalette::PlaceholderText));
    const QRectF where = port.output ? QRectF(size_.width() / 2, port.at.y() - 8, size_.width() / 2 - 10, 16)
                                     : QRectF(10, port.at.y() - 8, size_.width() / 2 - 10, 16);
    painter->drawText(where, (port.output ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter, port.name);
  }
}

QPointF BlockItem::portAt(const std::string& name, bool output) const {
  for (const PortPlace& port : ports_)
    if (port.output == output && port.name.toStdString() == name) return mapToScene(port.at);
  return mapToScene(output ? size_.width() : 0, size_.height() / 2);
}

const PortPlace* BlockItem::portNear(QPointF scene_point) const {
  const QPointF point = mapFromScene(scene_point);
  for (const PortPlace& port : ports_)
    if (QLineF(point, port.at).length() <= kReach) return &port;
  return nullptr;
}

void BlockItem::markPort(const QString& name, bool output, bool good) {
  marked_ = name, marked_output_ = output, marked_good_ = good;
  update();
}

void BlockItem::clearMarks() {
  if (marked_.isEmpty()) return;
  marked_.clear();
  update();
}

QVariant BlockItem::itemChange(GraphicsItemChange change, const QVariant& value) {
  if (change == ItemPositionHasChanged) Q_EMIT moved();
  return QGraphicsObject::itemChange(change, value);
}

}  // namespace blockyard
