// SweepDialog: asks for the values that one parameter shall take in turn, one run each. It checks them as the inspector
// does and starts nothing: what is wanted is told by a signal.
#pragma once
#include <QtWidgets/QDialog>

#include "widgets/common/document.hpp"
#include "widgets/inspector/param_place.hpp"

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QSpinBox;
class QVBoxLayout;

namespace blockyard {

struct SweepWish {
  ParamPlace place{};
  std::vector<OrderedJson> values{};  // each once, in the order given
};

// The values that a text lists: separated by commas, of a list parameter by semicolons. Throws Error with what is wrong
// about the first one that is.
std::vector<OrderedJson> sweepValues(const Param& param, const QString& text, const Variables& variables);
// `count` values from `from` to `to`, both among them, evenly or by equal factors; whole numbers for an integer.
std::vector<double> spread(double from, double to, int count, bool by_factors);

class SweepDialog final : public QDialog {
  Q_OBJECT

 public:
  SweepDialog(Document& document, ParamPlace place, QWidget* parent);

  void accept() override;

 Q_SIGNALS:
  void wanted(const blockyard::SweepWish& wish);

 private:
  void addSpread(QVBoxLayout& layout);
  void fill();
  void judge();
  QString firstIdea() const;

  Document& document_;
  ParamPlace place_;
  std::vector<OrderedJson> values_;
  QLineEdit* text_;
  QLineEdit *from_ = nullptr, *to_ = nullptr;
  QSpinBox* count_ = nullptr;
  QComboBox* spacing_ = nullptr;
  QLabel* summary_;
  QPushButton* start_;
};

}  // namespace blockyard
