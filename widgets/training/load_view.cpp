#include "widgets/training/load_view.hpp"

#include <QtConcurrent/QtConcurrentRun>
#include <QtWidgets/QLabel>
#include <QtWidgets/QSplitter>
#include <QtWidgets/QStackedLayout>
#include <QtWidgets/QVBoxLayout>

#include "widgets/charts/line_chart.hpp"

namespace blockyard {
namespace {

constexpr double kGigabyte = 1e9;

}  // namespace

LoadView::LoadView(QWidget* parent)
    : QWidget(parent),
      processor_(new LineChart(tr("Processor: cores that are busy"))),
      memory_(new LineChart(tr("Memory in GB"))),
      gpu_(new LineChart(tr("GPU in percent"))),
      gpu_text_(new QLabel) {
  setAccessibleName(tr("Load of the machine"));
  processor_->addCurve(tr("cores"));
  memory_->addCurve(tr("memory"));
  for (LineChart* chart : {processor_, memory_, gpu_}) chart->setXName(tr("seconds"));
  gpu_text_->setText(tr("Looking for a GPU"));
  gpu_text_->setAlignment(Qt::AlignCenter);
  gpu_text_->setWordWrap(true);
  gpu_text_->setTextInteractionFlags(Qt::TextSelectableByMouse);
  auto* place = new QWidget;
  gpu_place_ = new QStackedLayout(place);
  gpu_place_->addWidget(gpu_text_);
  gpu_place_->addWidget(gpu_);
  auto* all = new QSplitter(Qt::Horizontal);
  for (QWidget* each : {static_cast<QWidget*>(processor_), static_cast<QWidget*>(memory_), place}) all->addWidget(each);
  all->setChildrenCollapsible(false);
  all->setSizes({1000, 1000, 1000});
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(4, 4, 4, 4);
  layout->addWidget(all);
  clock_.start();
  constexpr int kMilliseconds = 1000;
  timer_.setInterval(kMilliseconds);
  connect(&timer_, &QTimer::timeout, this, &LoadView::sample);
  connect(&asking_, &QFutureWatcherBase::finished, this, &LoadView::showGpus);
  timer_.start();
  static_cast<void>(load_.busyCores());  // counts from here
}

LoadView::~LoadView() {
  asking_.waitForFinished();
}

QString LoadView::gpuText() const {
  return gpu_place_->currentWidget() == gpu_text_ ? gpu_text_->text() : QString();
}

void LoadView::sample() {
  const double at = static_cast<double>(clock_.elapsed()) / 1000;
  processor_->append(0, at, load_.busyCores());
  if (const int64_t bytes = ProcessLoad::memoryBytes(); bytes > 0)
    memory_->append(0, at, static_cast<double>(bytes) / kGigabyte);
  askGpus();
}

void LoadView::askGpus() {
  if (asking_.isRunning() || (gpus_ && !gpus_->absence().empty())) return;
  asking_.setFuture(QtConcurrent::run([gpus = gpus_] {
    GpuAnswer out{.load = gpus ? gpus : std::make_shared<GpuLoad>()};
    out.readings = out.load->read();
    return out;
  }));
}

void LoadView::showGpus() {
  const GpuAnswer answer = asking_.result();
  gpus_ = answer.load;
  if (!gpus_->absence().empty()) {
    gpu_text_->setText(tr("No GPU to show: %1").arg(QString::fromStdString(gpus_->absence())));
    return;
  }
  gpu_place_->setCurrentWidget(gpu_);
  const double at = static_cast<double>(clock_.elapsed()) / 1000;
  int curve = 0;
  for (const GpuReading& reading : answer.readings) {
    if (gpu_->curveCount() <= curve) {
      const QString name = QString::fromStdString(reading.name);
      gpu_->addCurve(tr("%1 busy").arg(name));
      gpu_->addCurve(tr("%1 memory").arg(name));
    }
    constexpr double kPercent = 100;
    const auto total = static_cast<double>(std::max<int64_t>(1, reading.memory_total));
    gpu_->append(curve++, at, kPercent * reading.busy);
    gpu_->append(curve++, at, kPercent * static_cast<double>(reading.memory_used) / total);
  }
}

}  // namespace blockyard
