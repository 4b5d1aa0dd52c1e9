#include "widgets/inspector/integer_box.hpp"

#include <QtWidgets/QLineEdit>
#include <algorithm>
#include <limits>

namespace blockyard {
namespace {

// The nearest integer that an int64 holds exactly.
int64_t bounded(double value) {
  constexpr double kMost = 9007199254740992.0;
  return static_cast<int64_t>(std::clamp(value, -kMost, kMost));
}

}  // namespace

IntegerBox::IntegerBox(int64_t fallback, const Range& range, QWidget* parent)
    : QAbstractSpinBox(parent), fallback_(fallback), low_(bounded(range.low)), high_(bounded(range.high)) {
  connect(lineEdit(), &QLineEdit::textEdited, this, &IntegerBox::edited);
}

void IntegerBox::setText(const QString& text) {
  if (text == lineEdit()->text()) return;
  const int cursor = lineEdit()->cursorPosition();
  lineEdit()->setText(text);
  lineEdit()->setCursorPosition(std::min(cursor, static_cast<int>(text.size())));
}

void IntegerBox::setPlaceholder(const QString& text) {
  lineEdit()->setPlaceholderText(text);
}

std::optional<int64_t> IntegerBox::number() const {
  if (text().trimmed().isEmpty()) return fallback_;
  bool right = false;
  const qlonglong value = text().trimmed().toLongLong(&right);
  return right ? std::optional<int64_t>(value) : std::nullopt;
}

void IntegerBox::stepBy(int steps) {
  const auto old = number();
  if (!old) return;
  const int64_t fresh = std::clamp(std::clamp(*old, low_, high_) + steps, low_, high_);
  if (fresh == *old) return;
  lineEdit()->setText(QString::number(fresh));
  selectAll();
  Q_EMIT edited(text());
}

QAbstractSpinBox::StepEnabled IntegerBox::stepEnabled() const {
  const auto value = number();
  if (!value || isReadOnly()) return StepNone;
  return (*value < high_ ? StepUpEnabled : StepNone) | (*value > low_ ? StepDownEnabled : StepNone);
}

}  // namespace blockyard
