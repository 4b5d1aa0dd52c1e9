#include "widgets/charts/histogram_chart.hpp"

#include <QtCharts/QChart>
#include <QtCharts/QChartView>
#include <QtCharts/QLineSeries>
#include <QtGui/QKeyEvent>
#include <QtWidgets/QLabel>
#include <QtWidgets/QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "widgets/charts/chart_axes.hpp"
#include "widgets/charts/histogram_item.hpp"
#include "widgets/charts/number_text.hpp"
#include "widgets/common/theme.hpp"

namespace blockyard {

HistogramChart::HistogramChart(QWidget* parent)
    : QWidget(parent),
      chart_(new QChart),
      view_(new QChartView(chart_, this)),
      frame_(new QLineSeries),
      item_(new HistogramItem(model_, chart_)),
      readout_(new QLabel(this)) {
  setFocusPolicy(Qt::StrongFocus);
  chart_->legend()->hide();
  chart_->setBackgroundRoundness(0);
  chart_->setMargins({4, 2, 8, 2});
  chart_->addSeries(frame_);
  view_->setFrameShape(QFrame::NoFrame);
  view_->setFocusPolicy(Qt::NoFocus);
  view_->viewport()->setMouseTracking(true);
  view_->viewport()->installEventFilter(this);
  item_->setCacheMode(QGraphicsItem::DeviceCoordinateCache);
  constexpr int kAbove = 50;
  item_->setZValue(kAbove);
  readout_->setAlignment(Qt::AlignCenter);
  readout_->setTextInteractionFlags(Qt::TextSelectableByMouse);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(1, 1, 1, 1);
  layout->setSpacing(2);
  layout->addWidget(view_, 1);
  layout->addWidget(readout_);
  connect(chart_, &QChart::plotAreaChanged, this, &HistogramChart::placeAxes);
  makeAxes();
}

HistogramChart::~HistogramChart() = default;

void HistogramChart::setSlices(std::vector<HistogramSlice> slices) {
  model_.slices = std::move(slices);
  model_.selected = -1;
  refresh();
}

void HistogramChart::append(HistogramSlice slice) {
  auto& slices = model_.slices;
  while (!slices.empty() && slices.back().step >= slice.step) slices.pop_back();
  slices.push_back(std::move(slice));
  if (model_.selected >= static_cast<int>(slices.size())) model_.selected = -1;
  refresh();
}

void HistogramChart::setStyle(HistogramStyle style) {
  if (model_.style == style) return;
  model_.style = style;
  makeAxes();
}

void HistogramChart::setColour(int colour) {
  model_.colour = colour;
  item_->update();
}

void HistogramChart::setTitle(const QString& title) {
  chart_->setTitle(title);
  setAccessibleName(title);
}

void HistogramChart::select(int slice) {
  const int last = static_cast<int>(model_.slices.size()) - 1;
  model_.selected = slice < 0 ? -1 : std::min(slice, last);
  refresh();
}

QString HistogramChart::readout() const {
  return readout_->text();
}

void HistogramChart::makeAxes() {
  for (auto* axis : chart_->axes()) {
    chart_->removeAxis(axis);
    delete axis;
  }
  const bool heat = model_.style == HistogramStyle::Heat;
  for (const bool is_step : {true, false}) {
    QAbstractAxis* axis = makeAxis(false);
    const bool below = is_step == heat;
    chart_->addAxis(axis, below ? Qt::AlignBottom : Qt::AlignLeft);
    frame_->attachAxis(axis);
    axis->setTitleText(is_step ? tr("step") : tr("value"));
    // The hills stand at heights of their own; what step each is is read out.
    if (is_step && !heat) axis->setVisible(false);
  }
  applyTheme();
  refresh();
}

void HistogramChart::applyTheme() {
  styleChart(*chart_, *view_, *this);
  item_->update();
}

void HistogramChart::refresh() {
  ChartScale step{}, value{};
  bool any = false;
  for (const HistogramSlice& slice : model_.slices) {
    step.low = any ? step.low : slice.step;
    step.high = slice.step;
    value.low = any ? std::min(value.low, slice.histogram.min) : slice.histogram.min;
    value.high = any ? std::max(value.high, slice.histogram.max) : slice.histogram.max;
    any = true;
  }
  if (step.high <= step.low) step.high = step.low + 1;
  constexpr double kRoom = 0.04;
  if (value.high > value.low)
    value.zoom(1 + 2 * kRoom, 0.5);
  else
    value = {.low = value.low - 0.5, .high = value.low + 0.5};
  model_.step = step, model_.value = value;
  placeAxes();
  if (!any) {
    readout_->setText({});
    setAccessibleDescription(tr("No histograms yet"));
    return;
  }
  const auto at = model_.selected < 0 ? model_.slices.size() - 1 : static_cast<size_t>(model_.selected);
  const events::Histogram& shown = model_.slices[at].histogram;
  double count = 0;
  for (const double n : shown.counts) count += n;
  const double mean = shown.sum / std::max(1.0, count);
  const double deviation = std::sqrt(std::max(0.0, shown.sum_squares / std::max(1.0, count) - mean * mean));
  readout_->setText(tr("step %1: %2 to %3, mean %4, deviation %5")
                        .arg(countText(static_cast<qint64>(model_.slices[at].step)), shortNumber(shown.min),
                             shortNumber(shown.max), shortNumber(mean), shortNumber(deviation)));
  setAccessibleDescription(readout_->text());
}

void HistogramChart::placeAxes() {
  const auto horizontal = chart_->axes(Qt::Horizontal), vertical = chart_->axes(Qt::Vertical);
  if (horizontal.isEmpty() || vertical.isEmpty()) return;
  const bool heat = model_.style == HistogramStyle::Heat;
  const QRectF area = chart_->plotArea();
  setAxis(*horizontal.front(), heat ? model_.step : model_.value, area.width());
  setAxis(*vertical.front(), heat ? model_.value : model_.step, area.height());
  static_cast<HistogramItem*>(item_)->setArea(model_.area, chart_->plotArea());
}

void HistogramChart::hover(QPointF at) {
  if (model_.slices.empty() || !model_.area.contains(at)) return select(-1);
  const bool heat = model_.style == HistogramStyle::Heat;
  const double share =
      heat ? (at.x() - model_.area.left()) / model_.area.width() : (at.y() - model_.area.top()) / model_.area.height();
  const double step = model_.step.valueAt(share);
  size_t best = 0;
  for (const size_t i : model_.drawn())
    if (std::abs(model_.slices[i].step - step) < std::abs(model_.slices[best].step - step)) best = i;
  select(static_cast<int>(best));
}

bool HistogramChart::eventFilter(QObject* watched, QEvent* event) {
  if (watched == view_->viewport()) {
    if (event->type() == QEvent::MouseMove) {
      const auto place = static_cast<QMouseEvent*>(event)->position().toPoint();
      hover(chart_->mapFromScene(view_->mapToScene(place)));
    }
    if (event->type() == QEvent::MouseButtonPress) setFocus(Qt::MouseFocusReason);
    if (event->type() == QEvent::Leave) select(-1);
  }
  return QWidget::eventFilter(watched, event);
}

void HistogramChart::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange) applyTheme();
}

void HistogramChart::keyPressEvent(QKeyEvent* event) {
  const int last = static_cast<int>(model_.slices.size()) - 1;
  const int now = model_.selected < 0 ? last : model_.selected;
  switch (event->key()) {
    case Qt::Key_Left:
      return select(std::max(0, now - 1));
    case Qt::Key_Right:
      return select(now >= last ? -1 : now + 1);
    case Qt::Key_Home:
      return select(0);
    case Qt::Key_End:
      return select(-1);
    default:
      QWidget::keyPressEvent(event);
  }
}

void HistogramChart::focusInEvent(QFocusEvent* event) {
  QWidget::focusInEvent(event);
  chart_->setPlotAreaBackgroundVisible(true);
  chart_->setPlotAreaBackgroundBrush(Qt::NoBrush);
  chart_->setPlotAreaBackgroundPen(QPen(palette().color(QPalette::Highlight), 1));
}

void HistogramChart::focusOutEvent(QFocusEvent* event) {
  QWidget::focusOutEvent(event);
  chart_->setPlotAreaBackgroundVisible(false);
}

}  // namespace blockyard
