// LiveCharts: the curves of the training that is going on - loss, metrics of the validation, learning rate and norm of
// the gradient - with a mark where something happened. A run that is over can be shown in the same place. GUI thread.
#pragma once
#include <QtCore/QTimer>
#include <QtWidgets/QWidget>
#include <map>
#include <memory>
#include <set>

#include "runs/journal_reader.hpp"
#include "widgets/common/engine_link.hpp"

class QComboBox;
class QSplitter;

namespace blockyard {

class ChartControls;
class LineChart;

class LiveCharts final : public QWidget {
  Q_OBJECT

 public:
  // The link must outlive the charts.
  explicit LiveCharts(EngineLink& link, QWidget* parent = nullptr);

  // Shows the journal of a run that is over. While something trains the charts belong to that, and this does nothing.
  // Throws Error.
  void showRun(const QString& run_folder);
  // Marks the newest step in all charts.
  void mark(const QString& text);
  void markLearningRate(double factor);  // "learning rate × 0.5"
  void clear();

  LineChart& loss() { return *loss_; }
  LineChart& metrics() { return *metrics_; }
  LineChart& rate() { return *rate_; }

 private:
  void listen();
  void addMetric(const std::string& name, double step, double value);
  void chooseMetric();
  void readGradientNorm();
  void markAt(double step, const QString& text);

  EngineLink& link_;
  QComboBox* choice_;
  LineChart *loss_, *metrics_, *rate_;
  ChartControls* controls_;
  int train_loss_ = 0, validation_loss_ = 0, learning_rate_ = 0, gradient_norm_ = -1;
  std::map<std::string, int> metric_curves_{};
  int64_t step_ = 0;
  // The norm of the gradient is not among the messages; the journal has it.
  std::unique_ptr<JournalReader> journal_{};
  size_t norms_read_ = 0;
  std::string folder_{};
  QTimer journal_timer_;
};

}  // namespace blockyard
