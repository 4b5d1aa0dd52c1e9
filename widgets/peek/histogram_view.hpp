// HistogramView: how the values of one column are spread - bins of numbers, or the most frequent classes. Arrow keys go
// from bar to bar and say what it stands for. GUI thread.
#pragma once
#include <QtWidgets/QWidget>
#include <memory>

#include "blocks/sample.hpp"

namespace blockyard {

// One bar of a histogram.
struct Bar {
  QString name{};  // "12.5 to 14", "Adelie"
  int64_t count = 0;
};
// Bins as they stand, else the most frequent classes; empty if there is nothing to count.
std::vector<Bar> barsOf(const SampleColumn& column);
// Bars without names in a small rectangle, as in a cell of a table.
void paintBars(QPainter& painter, const QRect& place, const std::vector<Bar>& bars, const QColor& color);

class HistogramView final : public QWidget {
  Q_OBJECT

 public:
  explicit HistogramView(QWidget* parent = nullptr);

  // Null empties it.
  void setColumn(std::shared_ptr<const SampleColumn> column);
  const std::vector<Bar>& bars() const { return bars_; }
  int current() const { return current_; }
  // What the bar under the cursor stands for: "12.5 to 14: 31 rows, 9 %".
  QString currentText() const;
  QSize minimumSizeHint() const override { return {160, 90}; }

 Q_SIGNALS:
  void currentChanged(const QString& text);

 protected:
  void paintEvent(QPaintEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void changeEvent(QEvent* event) override;

 private:
  void setCurrent(int bar);
  int barAt(QPoint at) const;
  bool isNumbers() const { return column_ && !column_->bins.counts.empty(); }
  QRect plot() const;
  double step() const;
  void paintNumbers(QPainter& painter) const;
  void paintClasses(QPainter& painter) const;

  std::shared_ptr<const SampleColumn> column_;
  std::vector<Bar> bars_;
  int64_t most_ = 0;
  int current_ = -1;
};

}  // namespace blockyard
