#include "widgets/inspector/block_picture.hpp"

#include <QtGui/QPainter>
#include <QtWidgets/QApplication>
#include <algorithm>

#include "widgets/inspector/marks.hpp"

namespace blockyard {
namespace {

constexpr int kStripe = 5, kPad = 10, kBadge = 22, kDot = 5, kEdge = 8, kWireGap = 28;

struct Sizes {
  int line = 0, head = 0, width = 0, height = 0;
};

Sizes sizesOf(const BlockSchema& schema, const QFontMetrics& plain, const QFontMetrics& bold) {
  const auto widest = [&](const std::vector<Port>& ports) {
    int out = 0;
    for (const auto& port : ports) out = std::max(out, plain.horizontalAdvance(QString::fromStdString(port.name)));
    return out;
  };
  Sizes out;
  out.line = plain.lineSpacing() + 4;
  out.head = kBadge + 2 * kPad;
  const int title = kStripe + 3 * kPad + kBadge + bold.horizontalAdvance(QString::fromStdString(schema.title));
  const int ports = kStripe + 2 * kPad + widest(schema.inputs) + kWireGap + widest(schema.outputs);
  out.width = std::max({title, ports, 170}) + 2 * kEdge;
  out.height = out.head + out.line * static_cast<int>(std::max(schema.inputs.size(), schema.outputs.size())) + kPad;
  return out;
}

void drawPorts(QPainter& painter, const std::vector<Port>& ports, const Sizes& sizes, Qt::Alignment side) {
  const QPalette palette = QApplication::palette();
  const bool left = side == Qt::AlignLeft;
  const QRect body(kEdge, 0, sizes.width - 2 * kEdge, sizes.height);
  for (size_t i = 0; i < ports.size(); ++i) {
    const QRect row(body.left() + kPad + kStripe, sizes.head + static_cast<int>(i) * sizes.line,
                    body.width() - 2 * kPad - kStripe, sizes.line);
    const auto wire = wireOfPattern(ports[i].pattern);
    painter.setBrush(wire ? colorOf(*wire) : palette.color(QPalette::Mid));
    painter.setPen(QPen(palette.color(QPalette::Base), 1.5));
    painter.drawEllipse(QPointF(left ? body.left() : body.right() + 1, row.center().y() + 0.5), kDot, kDot);
    painter.setPen(palette.color(QPalette::Text));
    painter.drawText(row, static_cast<int>(side | Qt::AlignVCenter), QString::fromStdString(ports[i].name));
  }
}

}  // namespace

QPixmap blockPicture(const BlockSchema& schema, qreal ratio) {
  const QPalette palette = QApplication::palette();
  const QFont plain = QApplication::font();
  QFont bold = plain;
  bold.setBold(true);
  const Sizes sizes = sizesOf(schema, QFontMetrics(plain), QFontMetrics(bold));
  QPixmap out(qRound((sizes.width + 2) * ratio), qRound((sizes.height + 2) * ratio));
  out.setDevicePixelRatio(ratio);
  out.fill(Qt::transparent);
  QPainter painter(&out);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.translate(1, 1);
  const QColor kind = colorOf(schema.kind);
  const QRectF body(kEdge, 0, sizes.width - 2 * kEdge, sizes.height);
  painter.setPen(QPen(kind, 1.5));
  painter.setBrush(palette.color(QPalette::Base));
  painter.drawRoundedRect(body, 6, 6);
  painter.save();
  painter.setClipRect(QRectF(body.left(), 0, kStripe, body.height()));
  painter.setBrush(kind);
  painter.drawRoundedRect(body, 6, 6);
  painter.restore();
  const int left = kEdge + kStripe + kPad;
  painter.drawPixmap(left, kPad, kindBadge(schema.kind, kBadge, ratio));
  painter.setFont(bold);
  painter.setPen(palette.color(QPalette::Text));
  painter.drawText(QRect(left + kBadge + kPad, kPad, sizes.width, kBadge), Qt::AlignLeft | Qt::AlignVCenter,
                   QString::fromStdString(schema.title));
  painter.setFont(plain);
  drawPorts(painter, schema.inputs, sizes, Qt::AlignLeft);
  drawPorts(painter, schema.outputs, sizes, Qt::AlignRight);
  return out;
}

}  // namespace blockyard
