// CodeEdit: a field for program text - monospace, with line numbers, four spaces for a tab, and as tall as its text
// within limits.
#pragma once
#include <QtWidgets/QPlainTextEdit>

namespace blockyard {

class CodeEdit final : public QPlainTextEdit {
  Q_OBJECT

 public:
  explicit CodeEdit(QWidget* parent = nullptr);

  QSize sizeHint() const override;
  QSize minimumSizeHint() const override { return sizeHint(); }
  void markLine(int64_t line);                           // counted from 1; 0 takes the mark away
  int numberWidth() const;                               // of the strip with the line numbers
  void paintNumbers(QWidget& strip, const QRect& part);  // called by the strip

 protected:
  void resizeEvent(QResizeEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void changeEvent(QEvent* event) override;

 private:
  void placeNumbers();

  QWidget* numbers_;
  int64_t marked_ = 0;
};

}  // namespace blockyard
