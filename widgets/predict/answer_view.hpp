// AnswerView: one row of answers, large: what the pipeline says, the picture that was asked about, and the probability
// of every class as bars.
#pragma once
#include <QtWidgets/QScrollArea>

#include "export/bundle.hpp"

class QLabel;

namespace blockyard {

class AnswerView final : public QScrollArea {
  Q_OBJECT

 public:
  explicit AnswerView(QWidget* parent = nullptr);
  void showRow(const Answers& answers, int64_t row);
  void clear();

 private:
  void showPicture(const QString& file);

  QLabel *headline_, *picture_;
  QWidget* bars_;
};

}  // namespace blockyard
