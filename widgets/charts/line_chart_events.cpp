// LineChart: what mouse and keyboard do, and what leaves it as a file.
#include <QtCharts/QChart>
#include <QtCharts/QChartView>
#include <QtCore/QBuffer>
#include <QtGui/QContextMenuEvent>
#include <QtGui/QImage>
#include <QtGui/QPainter>
#include <QtSvg/QSvgGenerator>
#include <QtWidgets/QFileDialog>
#include <QtWidgets/QMenu>
#include <charconv>
#include <cmath>
#include <map>

#include "base/error.hpp"
#include "base/file.hpp"
#include "widgets/charts/line_chart.hpp"

namespace blockyard {
namespace {

constexpr double kZoomStep = 1.25;
constexpr double kPanShare = 0.1;

std::string csvField(const QString& text) {
  QString out = text;
  if (!out.contains(QLatin1Char(',')) && !out.contains(QLatin1Char('"')) && !out.contains(QLatin1Char('\n')))
    return out.toStdString();
  out.replace(QLatin1String("\""), QLatin1String("\"\""));
  return "\"" + out.toStdString() + "\"";
}

// The shortest text that reads back the same.
std::string csvNumber(double value) {
  char text[64];
  const auto end = std::to_chars(std::begin(text), std::end(text), value).ptr;
  return {text, end};
}

}  // namespace

QPointF LineChart::inChart(const QPointF& view_place) const {
  return chart_->mapFromScene(view_->mapToScene(view_place.toPoint()));
}

QRectF LineChart::shown() const {
  return {model_.x.low, model_.y.low, model_.x.high - model_.x.low, model_.y.high - model_.y.low};
}

void LineChart::showValues(const QRectF& values) {
  if (values.width() <= 0 || values.height() <= 0) return;
  model_.x.low = values.left(), model_.x.high = values.right();
  model_.y.low = values.top(), model_.y.high = values.bottom();
  userMoved();
}

void LineChart::zoom(double factor) {
  model_.x.zoom(1 / factor, 0.5);
  model_.y.zoom(1 / factor, 0.5);
  userMoved();
}

void LineChart::pan(double x_shares, double y_shares) {
  model_.x.pan(x_shares);
  model_.y.pan(y_shares);
  userMoved();
}

void LineChart::userMoved() {
  following_ = false;
  drawSoon();
  Q_EMIT viewChanged();
}

bool LineChart::eventFilter(QObject* watched, QEvent* event) {
  if (watched != view_->viewport()) return QWidget::eventFilter(watched, event);
  switch (event->type()) {
    case QEvent::Wheel:
      wheel(static_cast<QWheelEvent&>(*event));
      return true;
    case QEvent::MouseButtonPress:
      press(static_cast<QMouseEvent&>(*event));
      return true;
    case QEvent::MouseMove:
      move(static_cast<QMouseEvent&>(*event));
      return true;
    case QEvent::MouseButtonRelease:
      release();
      return true;
    case QEvent::MouseButtonDblClick:
      if (static_cast<QMouseEvent&>(*event).button() == Qt::LeftButton) fit();
      return true;
    case QEvent::Leave:
      model_.cursor.reset();
      crosshair_->refresh();
      return false;
    default:
      return QWidget::eventFilter(watched, event);
  }
}

void LineChart::wheel(QWheelEvent& event) {
  constexpr double kNotch = 120;
  // Alt turns the wheel into a horizontal one on some desktops.
  const double turned = (event.angleDelta().y() != 0 ? event.angleDelta().y() : event.angleDelta().x()) / kNotch;
  event.accept();
  const QRectF& area = model_.area;
  if (turned == 0 || area.isEmpty()) return;
  const QPointF at = inChart(event.position());
  const double factor = std::pow(kZoomStep, -turned);
  // Shift keeps y as it is, Ctrl keeps x.
  if ((event.modifiers() & Qt::ControlModifier) == 0) model_.x.zoom(factor, (at.x() - area.left()) / area.width());
  if ((event.modifiers() & Qt::ShiftModifier) == 0) model_.y.zoom(factor, (area.bottom() - at.y()) / area.height());
  userMoved();
}

void LineChart::press(const QMouseEvent& event) {
  setFocus(Qt::MouseFocusReason);
  if (event.button() != Qt::LeftButton) return;
  drag_from_ = inChart(event.position());
  drag_x_ = model_.x, drag_y_ = model_.y;
  drag_ = (event.modifiers() & Qt::ShiftModifier) != 0 ? Drag::Rubber : Drag::Pan;
}

void LineChart::move(const QMouseEvent& event) {
  const QPointF at = inChart(event.position());
  const QRectF& area = model_.area;
  if (drag_ == Drag::Pan && (at - drag_from_).manhattanLength() > 2) {
    view_->viewport()->setCursor(Qt::ClosedHandCursor);
    model_.x = drag_x_, model_.y = drag_y_;
    model_.x.pan((drag_from_.x() - at.x()) / area.width());
    model_.y.pan((at.y() - drag_from_.y()) / area.height());
    userMoved();
  } else if (drag_ == Drag::Rubber) {
    model_.rubber_band = QRectF(drag_from_, at).normalized().intersected(area);
  }
  model_.cursor = area.contains(at) ? std::optional(at) : std::nullopt;
  crosshair_->refresh();
}

void LineChart::release() {
  view_->viewport()->unsetCursor();
  constexpr double kSmallest = 4;  // a click that trembled is no rubber band
  const auto band = std::exchange(model_.rubber_band, std::nullopt);
  if (std::exchange(drag_, Drag::None) == Drag::Rubber && band && band->width() > kSmallest &&
      band->height() > kSmallest) {
    const QRectF& area = model_.area;
    const ChartScale x = model_.x, y = model_.y;
    model_.x.low = x.valueAt((band->left() - area.left()) / area.width());
    model_.x.high = x.valueAt((band->right() - area.left()) / area.width());
    model_.y.low = y.valueAt((area.bottom() - band->bottom()) / area.height());
    model_.y.high = y.valueAt((area.bottom() - band->top()) / area.height());
    userMoved();
  }
  crosshair_->refresh();
}

void LineChart::keyPressEvent(QKeyEvent* event) {
  switch (event->key()) {
    case Qt::Key_Plus:
    case Qt::Key_Equal:
      return zoom(kZoomStep);
    case Qt::Key_Minus:
      return zoom(1 / kZoomStep);
    case Qt::Key_Left:
      return pan(-kPanShare, 0);
    case Qt::Key_Right:
      return pan(kPanShare, 0);
    case Qt::Key_Up:
      return pan(0, kPanShare);
    case Qt::Key_Down:
      return pan(0, -kPanShare);
    case Qt::Key_Home:
      return fit();
    default:
      QWidget::keyPressEvent(event);
  }
}

void LineChart::focusInEvent(QFocusEvent* event) {
  QWidget::focusInEvent(event);
  chart_->setPlotAreaBackgroundVisible(true);
  chart_->setPlotAreaBackgroundBrush(Qt::NoBrush);
  chart_->setPlotAreaBackgroundPen(QPen(palette().color(QPalette::Highlight), 1));
}

void LineChart::focusOutEvent(QFocusEvent* event) {
  QWidget::focusOutEvent(event);
  chart_->setPlotAreaBackgroundVisible(false);
}

QStringList LineChart::readAt(const QPoint& place) {
  const QPointF at = inChart(view_->viewport()->mapFrom(this, place));
  model_.cursor = model_.area.contains(at) ? std::optional(at) : std::nullopt;
  crosshair_->refresh();
  return crosshair_->lines();
}

void LineChart::contextMenuEvent(QContextMenuEvent* event) {
  QMenu* menu = makeMenu();
  menu->setAttribute(Qt::WA_DeleteOnClose);
  menu->popup(event->globalPos());
}

QMenu* LineChart::makeMenu() {
  auto* menu = new QMenu(this);
  menu->addAction(tr("Show everything"), this, &LineChart::fit);
  const auto check = [&](const QString& text, bool on, void (LineChart::*set)(bool)) {
    QAction* action = menu->addAction(text);
    action->setCheckable(true);
    action->setChecked(on);
    connect(action, &QAction::toggled, this, set);
  };
  check(tr("Logarithmic x axis"), logX(), &LineChart::setLogX);
  check(tr("Logarithmic y axis"), logY(), &LineChart::setLogY);
  menu->addSeparator();
  const auto save = [this](auto call) { return [this, call] { call(*this); }; };
  menu->addAction(tr("Save as picture (PNG)…"), this, save([](LineChart& chart) {
                    chart.saveAs(tr("Pictures (*.png)"), QStringLiteral("png"), &LineChart::exportPng);
                  }));
  menu->addAction(tr("Save as drawing (SVG)…"), this, save([](LineChart& chart) {
                    chart.saveAs(tr("Drawings (*.svg)"), QStringLiteral("svg"), &LineChart::exportSvg);
                  }));
  menu->addAction(tr("Save as table (CSV)…"), this,
                  save([](LineChart& chart) { chart.saveAs(tr("Tables (*.csv)"), QStringLiteral("csv"), nullptr); }));
  return menu;
}

void LineChart::saveAs(const QString& filter, const QString& ending, void (LineChart::*save)(const QString&)) {
  auto* dialog = new QFileDialog(this, tr("Save chart"), QString(), filter);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setAcceptMode(QFileDialog::AcceptSave);
  dialog->setDefaultSuffix(ending);
  connect(dialog, &QFileDialog::fileSelected, this, [this, save](const QString& file) {
    failure_.clear();
    try {
      if (save == nullptr)
        exportCsv(file);
      else
        (this->*save)(file);
    } catch (const Error& error) {
      failure_ = QString::fromUtf8(error.what());
    }
    drawSoon();
  });
  dialog->open();
}

void LineChart::renderTo(QPainter& painter, const QSize& size) {
  // A cached picture of the curves would be pasted into the drawing as pixels.
  curves_->setCacheMode(QGraphicsItem::NoCache);
  const auto cursor = std::exchange(model_.cursor, std::nullopt);
  view_->scene()->render(&painter, QRectF({}, size), chart_->sceneBoundingRect());
  model_.cursor = cursor;
  curves_->setCacheMode(QGraphicsItem::DeviceCoordinateCache);
}

void LineChart::exportPng(const QString& file) {
  draw();
  constexpr int kScale = 2;  // sharp on paper
  const QSize size = chart_->size().toSize();
  QImage image(size * kScale, QImage::Format_ARGB32_Premultiplied);
  image.fill(palette().color(QPalette::Base));
  QPainter painter(&image);
  painter.scale(kScale, kScale);
  renderTo(painter, size);
  painter.end();
  QByteArray bytes;
  QBuffer buffer(&bytes);
  image.save(&buffer, "PNG");
  writeDurably(file.toStdString(), {bytes.constData(), static_cast<size_t>(bytes.size())});
}

void LineChart::exportSvg(const QString& file) {
  draw();
  const QSize size = chart_->size().toSize();
  QByteArray bytes;
  QBuffer buffer(&bytes);
  QSvgGenerator generator;
  generator.setOutputDevice(&buffer);
  generator.setSize(size);
  generator.setViewBox(QRect({}, size));
  generator.setTitle(title_);
  generator.setDescription(accessibleDescription());
  QPainter painter(&generator);
  renderTo(painter, size);
  painter.end();
  writeDurably(file.toStdString(), {bytes.constData(), static_cast<size_t>(bytes.size())});
}

void LineChart::exportCsv(const QString& file) const {
  std::map<double, std::vector<std::string>> rows;
  for (size_t c = 0; c < model_.curves.size(); ++c) {
    const SeriesData& data = model_.curves[c].data;
    for (size_t i = 0; i < data.size(); ++i) {
      auto& row = rows[data.xs()[i]];
      row.resize(model_.curves.size());
      row[c] = csvNumber(data.raw()[i]);
    }
  }
  std::string text = csvField(model_.x_name);
  for (const auto& curve : model_.curves) text += "," + csvField(curve.name);
  text += "\n";
  for (const auto& [x, row] : rows) {
    text += csvNumber(x);
    for (const auto& cell : row) text += "," + cell;
    text += "\n";
  }
  writeDurably(file.toStdString(), text);
}

}  // namespace blockyard
