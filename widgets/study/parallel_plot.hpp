// ParallelPlot: parallel coordinates - an upright for each thing that is varied and one for the score, a line for each
// trial, coloured by its score. The selected trial is drawn on top; a click selects the nearest line. GUI thread.
#pragma once
#include <QtWidgets/QWidget>
#include <memory>
#include <optional>

#include "widgets/study/study_link.hpp"

namespace blockyard {

class ParallelPlot final : public QWidget {
  Q_OBJECT

 public:
  explicit ParallelPlot(QWidget* parent = nullptr);
  void set(std::shared_ptr<const StudyView> view);
  void select(std::optional<int64_t> trial);
  QSize sizeHint() const override { return {420, 220}; }

 Q_SIGNALS:
  void chosen(qint64 trial);

 protected:
  void paintEvent(QPaintEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;

 private:
  QPolygonF lineOf(const TrialResult& trial) const;
  QRectF area() const;
  void drawUprights(QPainter& painter) const;

  std::shared_ptr<const StudyView> view_ = std::make_shared<StudyView>();
  std::optional<int64_t> selected_{};
  double low_ = 0, high_ = 1;  // of the scores
};

}  // namespace blockyard
