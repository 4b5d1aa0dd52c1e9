// HeatMap: the numbers of a sample as colours. Rows of features become one field, a row of it for each row of the
// sample; of maps (pictures, what a convolution gives) one row of the sample is shown, its channels side by side. Arrow
// keys and the mouse go from number to number and say what it is. GUI thread.
#pragma once
#include <QtGui/QImage>
#include <QtWidgets/QWidget>
#include <memory>

#include "blocks/sample.hpp"

namespace blockyard {

class HeatMap final : public QWidget {
  Q_OBJECT

 public:
  explicit HeatMap(QWidget* parent = nullptr);

  // Null, or a sample without numbers, empties it.
  void setSample(std::shared_ptr<const Sample> sample);
  // Whether one row is shown at a time; then which one.
  bool byRow() const { return sample_ && sample_->row_shape.size() > 1; }
  void setRow(int64_t row);

  // The number under the cursor: "row 3, flipper_length_mm: 0.52"; empty if there is none.
  QString currentText() const;
  QSize cells() const { return {width_, height_}; }
  QSize minimumSizeHint() const override { return {160, 90}; }

 Q_SIGNALS:
  void currentChanged(const QString& text);

 protected:
  void paintEvent(QPaintEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void changeEvent(QEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  void build();
  void buildRows();
  void buildMaps();
  void draw();
  int64_t& at(int x, int y) {
    return number_[static_cast<size_t>(y) * static_cast<size_t>(width_) + static_cast<size_t>(x)];
  }
  void setCurrent(QPoint cell);
  QPoint cellAt(QPoint at) const;
  QRectF room() const;
  QRectF field() const;
  int64_t bestColumns(int64_t maps, int64_t high, int64_t wide) const;
  void paintLegend(QPainter& painter) const;

  std::shared_ptr<const Sample> sample_;
  int64_t row_ = 0;
  int width_ = 0, height_ = 0;
  std::vector<int64_t> number_;  // of each cell among the sample's numbers; -1: a gap
  double low_ = 0, high_ = 0;
  QImage image_;
  QPoint current_{-1, -1};
};

// The colour of a value between `low` and `high`: where these have two signs, from blue through the ground to orange,
// else from dark to light as viridis does.
QColor heatColor(double value, double low, double high);

}  // namespace blockyard
