#include "widgets/inspector/sweep_dialog.hpp"

#include <QtWidgets/QComboBox>
#include <QtWidgets/QDialogButtonBox>
#include <QtWidgets/QHBoxLayout>
#include <QtWidgets/QLabel>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QPushButton>
#include <QtWidgets/QSpinBox>
#include <QtWidgets/QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "widgets/common/theme.hpp"
#include "widgets/inspector/param_text.hpp"

namespace blockyard {
namespace {

constexpr int kMostRuns = 100;

QString separator(const Param& param) {
  return isList(param) ? QStringLiteral("; ") : QStringLiteral(", ");
}

QString numberText(double value, bool whole) {
  return whole ? QString::number(std::llround(value)) : QString::number(value, 'g', 4);
}

bool isWhole(const Param& param) {
  return param.fallback.is<int64_t>();
}

}  // namespace

std::vector<OrderedJson> sweepValues(const Param& param, const QString& text, const Variables& variables) {
  const QStringList items = isList(param) ? text.split(u';', Qt::SkipEmptyParts) : splitItems(text);
  std::vector<OrderedJson> out;
  for (const QString& item : items) {
    if (item.trimmed().isEmpty()) continue;
    OrderedJson value = storedFromText(param, item.trimmed(), variables);
    if (std::find(out.begin(), out.end(), value) == out.end()) out.push_back(std::move(value));
  }
  return out;
}

std::vector<double> spread(double from, double to, int count, bool by_factors) {
  std::vector<double> out;
  for (int i = 0; i < count; ++i) {
    const double share = count > 1 ? static_cast<double>(i) / (count - 1) : 0;
    out.push_back(by_factors ? from * std::pow(to / from, share) : from + (to - from) * share);
  }
  return out;
}

SweepDialog::SweepDialog(Document& document, ParamPlace place, QWidget* parent)
    : QDialog(parent), document_(document), place_(std::move(place)), text_(new QLineEdit), summary_(new QLabel) {
  setWindowTitle(tr("Sweep %1").arg(QString::fromStdString(place_.address())));
  auto* layout = new QVBoxLayout(this);
  auto* what = new QLabel(tr("Trains one run for each of these values of %1, one after the other, with everything else "
                             "as it is now. Then the runs are compared.")
                              .arg(QString::fromStdString(place_.address())));
  what->setWordWrap(true);
  layout->addWidget(what);
  text_->setObjectName(QStringLiteral("values"));
  text_->setAccessibleName(tr("Values"));
  text_->setText(firstIdea());
  text_->setToolTip(isList(place_.param) ? tr("Values separated by semicolons") : tr("Values separated by commas"));
  layout->addWidget(text_);
  if (isNumeric(place_.param)) addSpread(*layout);
  summary_->setObjectName(QStringLiteral("summary"));
  summary_->setWordWrap(true);
  summary_->setTextFormat(Qt::PlainText);
  layout->addWidget(summary_);
  auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel);
  start_ = buttons->addButton(QString(), QDialogButtonBox::AcceptRole);
  start_->setObjectName(QStringLiteral("start"));
  layout->addWidget(buttons);
  connect(buttons, &QDialogButtonBox::accepted, this, &SweepDialog::accept);
  connect(buttons, &QDialogButtonBox::rejected, this, &SweepDialog::reject);
  connect(text_, &QLineEdit::textChanged, this, &SweepDialog::judge);
  judge();
  constexpr int kWidth = 460;
  resize(kWidth, sizeHint().height());
}

// Three values around the one that holds now, or all there are.
QString SweepDialog::firstIdea() const {
  const Param& param = place_.param;
  if (const auto* choices = std::get_if<Choices>(&param.limit); choices != nullptr && isChoice(param)) {
    QStringList names;
    for (const auto& choice : *choices) names << QString::fromStdString(choice);
    return joinItems(names);
  }
  if (param.fallback.is<bool>()) return QStringLiteral("false, true");
  const OrderedJson* stored = place_.stored(document_.graph());
  const QString now = stored != nullptr ? shownText(param, *stored) : shownText(param.fallback);
  bool number = false;
  const double value = now.toDouble(&number);
  if (!isNumeric(param) || !number) return now;
  const auto* range = std::get_if<Range>(&param.limit);
  QStringList texts;
  for (const double factor : {0.5, 1.0, 2.0}) {
    double each = value == 0 ? (factor - 0.5) / 5 : value * factor;
    if (range != nullptr) each = std::clamp(each, range->low, range->high);
    texts << numberText(each, isWhole(param));
  }
  texts.removeDuplicates();
  return texts.join(separator(param));
}

void SweepDialog::addSpread(QVBoxLayout& layout) {
  from_ = new QLineEdit, to_ = new QLineEdit, count_ = new QSpinBox, spacing_ = new QComboBox;
  from_->setObjectName(QStringLiteral("from"));
  to_->setObjectName(QStringLiteral("to"));
  count_->setObjectName(QStringLiteral("count"));
  spacing_->setObjectName(QStringLiteral("spacing"));
  from_->setAccessibleName(tr("From"));
  to_->setAccessibleName(tr("To"));
  count_->setAccessibleName(tr("How many"));
  spacing_->setAccessibleName(tr("Spacing"));
  count_->setRange(2, kMostRuns);
  count_->setValue(5);
  spacing_->addItems({tr("evenly"), tr("by equal factors")});
  auto* fill = new QPushButton(tr("&Fill in"));
  fill->setObjectName(QStringLiteral("fill"));
  fill->setAutoDefault(false);
  auto* row = new QHBoxLayout;
  row->addWidget(new QLabel(tr("From")));
  row->addWidget(from_, 1);
  row->addWidget(new QLabel(tr("to")));
  row->addWidget(to_, 1);
  row->addWidget(new QLabel(tr("in")));
  row->addWidget(count_);
  row->addWidget(spacing_);
  row->addWidget(fill);
  layout.addLayout(row);
  connect(fill, &QPushButton::clicked, this, &SweepDialog::fill);
}

void SweepDialog::fill() {
  bool from_is = false, to_is = false;
  const double from = from_->text().toDouble(&from_is), to = to_->text().toDouble(&to_is);
  const bool by_factors = spacing_->currentIndex() == 1;
  if (!from_is || !to_is || (by_factors && (from <= 0 || to <= 0))) {
    summary_->setText(by_factors ? tr("Expected two numbers above 0 to go from and to.")
                                 : tr("Expected two numbers to go from and to."));
    return;
  }
  QStringList texts;
  for (const double value : spread(from, to, count_->value(), by_factors))
    texts << numberText(value, isWhole(place_.param));
  texts.removeDuplicates();
  text_->setText(texts.join(separator(place_.param)));
  judge();
}

void SweepDialog::judge() {
  QString complaint;
  values_.clear();
  try {
    values_ = sweepValues(place_.param, text_->text(), document_.project().settledVariables());
    if (values_.empty()) complaint = tr("Expected at least one value.");
    if (values_.size() > kMostRuns)
      complaint = tr("Expected at most %1 values, got %2.").arg(kMostRuns).arg(values_.size());
  } catch (const Error& error) {
    complaint = QString::fromStdString(error.problem());
  }
  QPalette colours;
  if (!complaint.isEmpty()) colours.setColor(QPalette::WindowText, problemColor());
  summary_->setPalette(colours);
  const size_t runs = values_.size();
  summary_->setText(complaint);
  start_->setText(tr("&Train %n runs", "", static_cast<int>(runs)));
  start_->setEnabled(complaint.isEmpty());
}

void SweepDialog::accept() {
  if (!start_->isEnabled()) return;
  Q_EMIT wanted({place_, values_});
  QDialog::accept();
}

}  // namespace blockyard
