// AnswerBars: the probabilities of one row as bars, the most probable class first. Read-only; the same is in its
// accessible description.
#pragma once
#include <QtWidgets/QWidget>
#include <vector>

namespace blockyard {

struct AnswerBar {
  QString name{};
  double share = 0;  // 0..1
};

class AnswerBars final : public QWidget {
  Q_OBJECT

 public:
  explicit AnswerBars(QWidget* parent = nullptr);
  // In any order; with many classes the most probable ones are shown. `title` may be empty.
  void setBars(const QString& title, std::vector<AnswerBar> bars);
  const std::vector<AnswerBar>& bars() const { return bars_; }  // as shown
  QSize sizeHint() const override;
  QSize minimumSizeHint() const override { return sizeHint(); }

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  int lineHeight() const;

  QString title_, more_;
  std::vector<AnswerBar> bars_;
};

}  // namespace blockyard
