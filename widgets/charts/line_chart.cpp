#include "widgets/charts/line_chart.hpp"

#include <QtCharts/QChart>
#include <QtCharts/QChartView>
#include <QtCharts/QLineSeries>
#include <QtCore/QElapsedTimer>
#include <QtGui/QPainter>
#include <QtWidgets/QLabel>
#include <QtWidgets/QListWidget>
#include <QtWidgets/QScrollBar>
#include <QtWidgets/QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "widgets/charts/chart_axes.hpp"
#include "widgets/charts/number_text.hpp"
#include "widgets/common/theme.hpp"

namespace blockyard {
namespace {

constexpr int kDrawMilliseconds = 33;  // after what a person does
// While points come in, painting takes time from what computes them: the slower this chart paints, the rarer it does,
// so that four of them take less than a hundredth of one core.
constexpr double kFollowMilliseconds = 800, kFollowSlowest = 3000;
constexpr double kFollowShare = 400;

void pad(ChartScale& scale, double share) {
  if (scale.high > scale.low) {
    scale.zoom(1 + 2 * share, 0.5);
    return;
  }
  // One value alone: some room around it.
  const double value = scale.low;
  if (scale.log) {
    scale.low = value / 2, scale.high = value * 2;
  } else {
    const double room = value == 0 ? 1 : std::abs(value) / 10;
    scale.low = value - room, scale.high = value + room;
  }
}

// An icon, so that a curve can be found in the legend by its colour.
QIcon swatch(const QColor& colour) {
  constexpr int kSize = 12;
  QPixmap out(kSize, kSize);
  out.fill(Qt::transparent);
  QPainter painter(&out);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(Qt::NoPen);
  painter.setBrush(colour);
  painter.drawRoundedRect(QRectF(0, 3, kSize, 6), 3, 3);
  return out;
}

}  // namespace

LineChart::LineChart(const QString& title, QWidget* parent)
    : QWidget(parent),
      title_(title),
      chart_(new QChart),
      view_(new QChartView(chart_, this)),
      frame_(new QLineSeries),
      legend_(new QListWidget(this)),
      note_(new QLabel(this)),
      follow_milliseconds_(static_cast<int>(kFollowMilliseconds)) {
  setFocusPolicy(Qt::StrongFocus);
  setAccessibleName(title);
  model_.x_name = tr("step");
  chart_->setTitle(title);
  chart_->legend()->hide();
  chart_->setBackgroundRoundness(0);
  chart_->setMargins({4, 2, 8, 2});
  chart_->addSeries(frame_);
  view_->setFrameShape(QFrame::NoFrame);
  view_->setFocusPolicy(Qt::NoFocus);
  view_->viewport()->setMouseTracking(true);
  view_->viewport()->installEventFilter(this);
  curves_ = new CurvesItem(model_, chart_);
  crosshair_ = new CrosshairItem(model_, chart_);
  // The crosshair moves with the mouse; what lies below it is kept as a picture.
  curves_->setCacheMode(QGraphicsItem::DeviceCoordinateCache);
  constexpr int kAbove = 50;
  curves_->setZValue(kAbove);
  crosshair_->setZValue(kAbove + 1);
  buildLegend();
  note_->setWordWrap(true);
  note_->hide();
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(1, 1, 1, 1);
  layout->setSpacing(2);
  layout->addWidget(view_, 1);
  layout->addWidget(note_);
  layout->addWidget(legend_);
  draw_timer_.setSingleShot(true);
  connect(&draw_timer_, &QTimer::timeout, this, [this] {
    if (!isSeen()) return;
    QElapsedTimer clock;
    clock.start();
    draw();
    view_->viewport()->repaint();  // now, to know what it takes
    const double milliseconds = static_cast<double>(clock.nsecsElapsed()) / 1e6;
    follow_milliseconds_ =
        static_cast<int>(std::clamp(milliseconds * kFollowShare, kFollowMilliseconds, kFollowSlowest));
  });
  connect(chart_, &QChart::plotAreaChanged, this, [this] {
    placeAxes();
    curves_->refresh();
    crosshair_->refresh();
  });
  makeAxes();
  applyTheme();
  describe();
}

LineChart::~LineChart() = default;

void LineChart::buildLegend() {
  legend_->setAccessibleName(tr("Curves of %1").arg(title_));
  legend_->setToolTip(tr("A curve without check mark is hidden"));
  legend_->setFlow(QListView::LeftToRight);
  legend_->setWrapping(true);
  legend_->setResizeMode(QListView::Adjust);
  legend_->setSpacing(1);
  legend_->setFrameShape(QFrame::NoFrame);
  legend_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  legend_->setSelectionMode(QAbstractItemView::NoSelection);
  legend_->viewport()->setAutoFillBackground(
      false);  // boxes without check mark stand out from the window, not from Base
  legend_->hide();
  connect(legend_, &QListWidget::itemChanged, this, [this](const QListWidgetItem* item) {
    setCurveVisible(legend_->row(item), item->checkState() == Qt::Checked);
  });
}

int LineChart::addCurve(const QString& name, int colour) {
  const int number = curveCount();
  ChartCurve curve{.data = SeriesData(name.toStdString()), .name = name, .colour = colour < 0 ? number : colour};
  curve.data.setSmoothing(smoothing_);
  curve.data.setMost(most_points_);
  model_.curves.push_back(std::move(curve));
  const QSignalBlocker quiet(legend_);
  auto* item = new QListWidgetItem(swatch(seriesColor(model_.curves.back().colour)), name, legend_);
  item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsUserCheckable | Qt::ItemIsSelectable);
  item->setCheckState(Qt::Checked);
  drawSoon();
  return number;
}

void LineChart::append(int number, double x, double y) {
  model_.curves[static_cast<size_t>(number)].data.append(x, y);
  drawLater();
}

void LineChart::addMark(double x, const QString& text) {
  model_.marks.push_back({x, text});
  drawLater();
}

void LineChart::clear() {
  model_.curves.clear();
  const QSignalBlocker quiet(legend_);
  legend_->clear();
  clearPoints();
}

void LineChart::clearPoints() {
  for (auto& curve : model_.curves) curve.data.clear();
  model_.marks.clear();
  failure_.clear();
  fit();
}

void LineChart::setCurveVisible(int number, bool visible) {
  auto& curve = model_.curves[static_cast<size_t>(number)];
  if (curve.visible == visible) return;
  curve.visible = visible;
  const QSignalBlocker quiet(legend_);
  legend_->item(number)->setCheckState(visible ? Qt::Checked : Qt::Unchecked);
  drawSoon();
}

void LineChart::setSmoothing(double weight) {
  smoothing_ = weight;
  for (auto& curve : model_.curves) curve.data.setSmoothing(weight);
  drawSoon();
}

void LineChart::setLogX(bool on) {
  if (model_.x.log == on) return;
  model_.x = {.log = on};
  if (on) model_.x.low = 0.1;
  makeAxes();
  fit();
}

void LineChart::setLogY(bool on) {
  if (model_.y.log == on) return;
  model_.y = {.log = on};
  if (on) model_.y.low = 0.1;
  makeAxes();
  fit();
}

void LineChart::setXName(const QString& name) {
  model_.x_name = name;
  const auto axes = chart_->axes(Qt::Horizontal);
  if (!axes.isEmpty()) axes.front()->setTitleText(name);
}

void LineChart::makeAxes() {
  for (auto* axis : chart_->axes()) {
    chart_->removeAxis(axis);
    delete axis;
  }
  model_.area = {};  // so that the new ones are placed
  for (const bool is_x : {true, false}) {
    QAbstractAxis* axis = makeAxis((is_x ? model_.x : model_.y).log);
    chart_->addAxis(axis, is_x ? Qt::AlignBottom : Qt::AlignLeft);
    frame_->attachAxis(axis);
    if (is_x) axis->setTitleText(model_.x_name);
  }
  applyTheme();
  placeAxes();
}

void LineChart::applyTheme() {
  styleChart(*chart_, *view_, *this);
  const QSignalBlocker quiet(legend_);
  for (int i = 0; i < legend_->count(); ++i)
    legend_->item(i)->setIcon(swatch(seriesColor(model_.curves[static_cast<size_t>(i)].colour)));
  if (curves_ != nullptr) curves_->refresh();
}

void LineChart::drawSoon() {
  tight_ = true;
  if (!draw_timer_.isActive() || draw_timer_.remainingTime() > kDrawMilliseconds) draw_timer_.start(kDrawMilliseconds);
}

void LineChart::drawLater() {
  if (!draw_timer_.isActive() && isSeen()) draw_timer_.start(follow_milliseconds_);
}

// What is hidden is drawn when it is shown again.
bool LineChart::isSeen() const {
  return isVisible() && !window()->isMinimized();
}

void LineChart::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  drawSoon();
}

void LineChart::draw() {
  draw_timer_.stop();
  if (following_) fitNow();
  layOutLegend();
  placeAxes();
  updateNote();
  describe();
  curves_->refresh();
  crosshair_->refresh();
  Q_EMIT drawn();
}

void LineChart::fit() {
  following_ = true;
  drawSoon();
}

void LineChart::fitNow() {
  bool any = false;
  ChartScale x{.log = model_.x.log}, y{.log = model_.y.log};
  for (const auto& curve : model_.curves) {
    if (!curve.visible || curve.data.empty()) continue;
    const auto xs = curve.data.xs();
    const auto first = x.log ? std::upper_bound(xs.begin(), xs.end(), 0.0) : xs.begin();
    if (first == xs.end()) continue;
    const auto range = curve.data.yRange(*first, xs.back(), y.log);
    if (!range.valid) continue;
    x.low = any ? std::min(x.low, *first) : *first;
    x.high = any ? std::max(x.high, xs.back()) : xs.back();
    y.low = any ? std::min(y.low, range.low) : range.low;
    y.high = any ? std::max(y.high, range.high) : range.high;
    any = true;
  }
  if (!any) {
    x.low = y.low = x.log || y.log ? 0.1 : 0;
    x.high = y.high = 1;
  } else {
    constexpr double kRoomX = 0.01, kRoomY = 0.06;
    if (!tight_ && holds(x, y)) return;
    pad(x, kRoomX);
    pad(y, kRoomY);
    constexpr double kRoomToGrow = 1.25;
    if (!tight_) x.zoom(kRoomToGrow, 0);
  }
  tight_ = false;
  model_.x = x, model_.y = y;
}

// New axes are laid out anew, which takes longer than the curves. So they stay while there is room for what comes.
bool LineChart::holds(const ChartScale& x, const ChartScale& y) const {
  const auto inside = [](const ChartScale& small, const ChartScale& large) {
    return small.low >= large.low && small.high <= large.high;
  };
  return inside(x, model_.x) && inside(y, model_.y);
}

void LineChart::placeAxes() {
  if (model_.area == chart_->plotArea() && placed_x_ == model_.x && placed_y_ == model_.y) return;
  placed_x_ = model_.x, placed_y_ = model_.y;
  model_.area = chart_->plotArea();
  const auto horizontal = chart_->axes(Qt::Horizontal), vertical = chart_->axes(Qt::Vertical);
  if (horizontal.isEmpty() || vertical.isEmpty()) return;
  setAxis(*horizontal.front(), model_.x, model_.area.width());
  setAxis(*vertical.front(), model_.y, model_.area.height());
  model_.area = chart_->plotArea();  // longer numbers take room from it
}

void LineChart::layOutLegend() {
  legend_->setVisible(curveCount() > 1);
  if (curveCount() < 2) return;
  constexpr int kMostRows = 3, kFrame = 2;
  const int row = legend_->sizeHintForRow(0) + legend_->spacing();
  const QRect last = legend_->visualItemRect(legend_->item(legend_->count() - 1));
  const int needed = last.bottom() + legend_->verticalScrollBar()->value() + kFrame;
  legend_->setFixedHeight(std::clamp(needed, row + kFrame, kMostRows * row + kFrame));
}

void LineChart::updateNote() {
  QString text = failure_;
  size_t left_out = 0;
  for (const auto& curve : model_.curves) {
    if (!curve.visible) continue;
    if (model_.y.log) left_out += curve.data.notPositive();
    const auto xs = curve.data.xs();
    if (model_.x.log) left_out += static_cast<size_t>(std::upper_bound(xs.begin(), xs.end(), 0.0) - xs.begin());
  }
  if (text.isEmpty() && left_out > 0)
    text = tr("Logarithmic axis: %1 of the points are left out, for they are not positive").arg(left_out);
  if (text == note_->text()) return;
  note_->setText(text);
  note_->setVisible(!text.isEmpty());
}

void LineChart::describe() {
  QStringList parts;
  double x = 0;
  for (const auto& curve : model_.curves) {
    if (!curve.visible || curve.data.empty()) continue;
    x = std::max(x, curve.data.xs().back());
    parts << curve.name + QLatin1Char(' ') + shortNumber(curve.data.shown().back());
  }
  const QString text =
      parts.isEmpty()
          ? tr("No points yet")
          : tr("Last values at %1 %2: %3").arg(model_.x_name, shortNumber(x), parts.join(QStringLiteral(", ")));
  if (text != accessibleDescription()) setAccessibleDescription(text);
}

QString LineChart::note() const {
  return note_->text();
}

void LineChart::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange) {
    applyTheme();
    drawSoon();
  }
}

}  // namespace blockyard
