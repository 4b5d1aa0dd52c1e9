// ShapeSplitter: two things side by side where it is wide, one above the other where it is not, as in a dock that may
// lie at the bottom, stand at the side or float. GUI thread.
#pragma once
#include <QtWidgets/QSplitter>

namespace blockyard {

class ShapeSplitter final : public QSplitter {
  Q_OBJECT

 public:
  // `first` and `second`: their shares of the room until somebody drags the handle.
  ShapeSplitter(QWidget* a, int first, QWidget* b, int second) : first_(first), second_(second) {
    setChildrenCollapsible(false);
    addWidget(a);
    addWidget(b);
    setStretchFactor(0, first);
    setStretchFactor(1, second);
  }

 protected:
  void resizeEvent(QResizeEvent* event) override {
    const auto wanted = width() > 2 * height() ? Qt::Horizontal : Qt::Vertical;
    if (wanted != orientation() || !shown_) {
      constexpr int kMuch = 1000;
      shown_ = true;
      setOrientation(wanted);
      setSizes({first_ * kMuch, second_ * kMuch});
    }
    QSplitter::resizeEvent(event);
  }

 private:
  int first_, second_;
  bool shown_ = false;
};

}  // namespace blockyard
