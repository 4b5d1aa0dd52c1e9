// LoadView: what the training takes of the machine over time - processor, memory, and the GPUs where there are any.
// Read once a second for as long as the window is open. GUI thread; the GPUs are asked on another one.
#pragma once
#include <QtCore/QElapsedTimer>
#include <QtCore/QFutureWatcher>
#include <QtCore/QTimer>
#include <QtWidgets/QWidget>
#include <memory>

#include "widgets/training/gpu_load.hpp"
#include "widgets/training/process_load.hpp"

class QLabel;
class QStackedLayout;

namespace blockyard {

class LineChart;

class LoadView final : public QWidget {
  Q_OBJECT

 public:
  explicit LoadView(QWidget* parent = nullptr);
  ~LoadView() override;

  LineChart& processor() { return *processor_; }
  LineChart& memory() { return *memory_; }
  LineChart& gpu() { return *gpu_; }
  QString gpuText() const;  // why there is no graph of a GPU; empty if there is one

 private:
  void sample();
  void askGpus();
  void showGpus();

  struct GpuAnswer {
    std::shared_ptr<GpuLoad> load{};
    std::vector<GpuReading> readings{};
  };
  LineChart *processor_, *memory_, *gpu_;
  QStackedLayout* gpu_place_ = nullptr;
  QLabel* gpu_text_;
  QTimer timer_;
  QElapsedTimer clock_;
  ProcessLoad load_;
  QFutureWatcher<GpuAnswer> asking_;
  std::shared_ptr<GpuLoad> gpus_{};  // null until the driver was looked for
};

}  // namespace blockyard
