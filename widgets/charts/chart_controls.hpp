// ChartControls: the strip above charts that acts on all of them - smoothing, logarithmic axes, show everything.
#pragma once
#include <QtWidgets/QWidget>
#include <vector>

class QCheckBox;
class QLabel;
class QSlider;

namespace blockyard {

class LineChart;

class ChartControls final : public QWidget {
  Q_OBJECT

 public:
  // The charts must outlive the strip, or be deleted with it.
  explicit ChartControls(std::vector<LineChart*> charts, QWidget* parent = nullptr);

  void setSmoothing(double weight);
  double smoothing() const;

 private:
  std::vector<LineChart*> charts_;
  QSlider* slider_;
  QLabel* value_;
};

}  // namespace blockyard
