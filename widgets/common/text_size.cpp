#include "widgets/common/text_size.hpp"

#include <QtCore/QSettings>
#include <QtGui/QFontMetricsF>
#include <QtWidgets/QApplication>
#include <QtWidgets/QWidget>
#include <algorithm>
#include <cmath>

namespace blockyard {
namespace {

const char* const kTextSizeKey = "textSize";
constexpr double kSmallestText = 0.7, kLargestText = 2.5, kStep = 0.1;
constexpr double kCanvasLine = 16;  // scene units, see BlockItem

QFont& desktopFont() {
  static QFont font = QApplication::font();
  return font;
}

void apply(double size) {
  QFont font = desktopFont();
  if (font.pointSizeF() > 0)
    font.setPointSizeF(font.pointSizeF() * size);
  else
    font.setPixelSize(qRound(font.pixelSize() * size));
  QApplication::setFont(font);
}

class FontFollower final : public QObject {
 public:
  FontFollower(QWidget& widget, double factor, QFont::Weight weight)
      : QObject(&widget), widget_(widget), factor_(factor), weight_(weight) {
    widget.installEventFilter(this);
    follow();
  }
  bool eventFilter(QObject* watched, QEvent* event) override {
    if (event->type() == QEvent::ApplicationFontChange) follow();
    return QObject::eventFilter(watched, event);
  }

 private:
  void follow() {
    QFont font = QApplication::font();
    if (font.pointSizeF() > 0) font.setPointSizeF(font.pointSizeF() * factor_);
    font.setWeight(weight_);
    widget_.setFont(font);
  }

  QWidget& widget_;
  double factor_;
  QFont::Weight weight_;
};

}  // namespace

double textSize() {
  const double kept = QSettings().value(kTextSizeKey, 1.0).toDouble();
  return std::isfinite(kept) ? std::clamp(kept, kSmallestText, kLargestText) : 1.0;
}

void changeTextSize(int steps) {
  desktopFont();
  const double size =
      steps == 0 ? 1
                 : std::clamp(std::round((textSize() + steps * kStep) / kStep) * kStep, kSmallestText, kLargestText);
  if (steps == 0)
    QSettings().remove(kTextSizeKey);
  else
    QSettings().setValue(kTextSizeKey, size);
  apply(size);
}

void applyTextSize() {
  desktopFont();
  if (textSize() != 1) apply(textSize());
}

void setRelativeFont(QWidget& widget, double factor, QFont::Weight weight) {
  new FontFollower(widget, factor, weight);  // its own
}

QFont canvasFont() {
  static QFont of, font;  // every block asks for it with every paint
  static bool known = false;
  if (known && of == QApplication::font()) return font;
  known = true;
  font = of = QApplication::font();
  for (int pixels = 13; pixels > 8; --pixels) {
    font.setPixelSize(pixels);
    if (QFontMetricsF(font).height() <= kCanvasLine) break;
  }
  return font;
}

double canvasFullSize() {
  const double full = QFontMetricsF(QApplication::font()).height() / QFontMetricsF(canvasFont()).height();
  return std::max(1.0, full);
}

}  // namespace blockyard
