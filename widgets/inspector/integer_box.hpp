// IntegerBox: a spin box for 64-bit integers. Anything may be typed (a variable, or something wrong, which the row then
// explains); the arrows step within the range.
#pragma once
#include <QtWidgets/QAbstractSpinBox>

#include "blocks/schema.hpp"

namespace blockyard {

class IntegerBox final : public QAbstractSpinBox {
  Q_OBJECT

 public:
  IntegerBox(int64_t fallback, const Range& range, QWidget* parent);

  void setText(const QString& text);  // without a signal
  void setPlaceholder(const QString& text);
  void stepBy(int steps) override;
  QValidator::State validate(QString&, int&) const override { return QValidator::Acceptable; }

 Q_SIGNALS:
  void edited(const QString& text);

 protected:
  StepEnabled stepEnabled() const override;

 private:
  std::optional<int64_t> number() const;

  int64_t fallback_, low_, high_;
};

}  // namespace blockyard
