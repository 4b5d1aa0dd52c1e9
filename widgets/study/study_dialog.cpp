#include "widgets/study/study_dialog.hpp"

#include <QtWidgets/QComboBox>
#include <QtWidgets/QCompleter>
#include <QtWidgets/QDialogButtonBox>
#include <QtWidgets/QFormLayout>
#include <QtWidgets/QHeaderView>
#include <QtWidgets/QLabel>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QPushButton>
#include <QtWidgets/QSpinBox>
#include <QtWidgets/QStackedWidget>
#include <QtWidgets/QTableWidget>
#include <QtWidgets/QVBoxLayout>

#include "base/error.hpp"
#include "blocks/catalog.hpp"
#include "graph/metric_names.hpp"
#include "graph/training_settings.hpp"
#include "study/trial.hpp"
#include "widgets/common/theme.hpp"
#include "widgets/inspector/param_text.hpp"

namespace blockyard {
namespace {

constexpr int kMostTrainings = 100000;

// Everything that --set could name: "hidden.out_features", "training.learning_rate", "variables.width".
QStringList settableNames(Document& document) {
  QStringList out;
  for (const auto& [name, value] : document.project().variables.items())
    out << QStringLiteral("variables.") + QString::fromStdString(name);
  for (const Param& param : trainingParams()) out << QStringLiteral("training.") + QString::fromStdString(param.name);
  const Checked& checked = document.rootResult();
  for (const NodeId& id : checked.order) {
    const auto values = checked.values.find(id);
    if (values == checked.values.end()) continue;
    for (const auto& [name, value] : values->second.items()) out << QString::fromStdString(id.name + "." + name);
    if (id.name.find('/') == std::string::npos) out << QString::fromStdString(id.name + ".block");
  }
  return out;
}

// What holds now, as text; empty if it is not known.
QString valueNow(Document& document, const QString& name) {
  const std::string block = name.section(u'.', 0, 0).toStdString(), param = name.section(u'.', 1).toStdString();
  const Checked& checked = document.rootResult();
  if (block == "variables") {
    const auto& variables = document.project().variables;
    if (!variables.contains(param)) return {};
    const OrderedJson& value = variables.at(param);
    return QString::fromStdString(value.is_string() ? value.get<std::string>() : value.dump());
  }
  const auto found = checked.values.find({block});
  const Values* values = block == "training"             ? &checked.training
                         : found == checked.values.end() ? nullptr
                                                         : &found->second;
  const Value* value = values == nullptr ? nullptr : values->find(param);
  return value == nullptr ? QString() : QString::fromStdString(value->text());
}

QSpinBox* spinBox(const char* name, int low, int high, int value, const QString& help) {
  auto* out = new QSpinBox;
  out->setObjectName(QString::fromLatin1(name));
  out->setRange(low, high);
  out->setValue(value);
  out->setToolTip(help);
  return out;
}

}  // namespace

StudyDialog::StudyDialog(Document& document, QWidget* parent)
    : QDialog(parent),
      document_(document),
      search_(new QComboBox),
      metric_(new QComboBox),
      pages_(new QStackedWidget),
      name_(new QLineEdit),
      purpose_(new QLineEdit),
      summary_(new QLabel) {
  setWindowTitle(tr("New study"));
  setAttribute(Qt::WA_DeleteOnClose);
  auto* layout = new QVBoxLayout(this);
  auto* what =
      new QLabel(tr("A study trains the pipeline as it is now many times, varies one thing or several, and "
                    "tells what matters and what is chance."));
  what->setWordWrap(true);
  layout->addWidget(what);
  auto* form = new QFormLayout;
  layout->addLayout(form, 1);
  addQuestion(*form);
  addMeans(*form);
  summary_->setObjectName(QStringLiteral("summary"));
  summary_->setWordWrap(true);
  summary_->setTextFormat(Qt::PlainText);
  layout->addWidget(summary_);
  auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel);
  start_ = buttons->addButton(tr("&Start the study"), QDialogButtonBox::AcceptRole);
  start_->setObjectName(QStringLiteral("start"));
  layout->addWidget(buttons);
  connect(buttons, &QDialogButtonBox::accepted, this, &StudyDialog::accept);
  connect(buttons, &QDialogButtonBox::rejected, this, &StudyDialog::reject);
  connect(search_, &QComboBox::currentIndexChanged, this, [this] {
    pages_->setCurrentIndex(ablates() ? 1 : 0);
    judge();
  });
  for (QSpinBox* box : {trials_, seeds_, folds_, halving_, at_once_})
    connect(box, &QSpinBox::valueChanged, this, &StudyDialog::judge);
  connect(name_, &QLineEdit::textChanged, this, &StudyDialog::judge);
  addAxis(QStringLiteral("training.learning_rate"));
  judge();
  const QFontMetrics metrics = fontMetrics();
  resize(100 * metrics.averageCharWidth(), 40 * metrics.lineSpacing());
}

void StudyDialog::addQuestion(QFormLayout& form) {
  search_->setObjectName(QStringLiteral("search"));
  search_->addItem(tr("Every combination of values (grid)"), static_cast<int>(Search::Grid));
  search_->addItem(tr("Values drawn at random (random search)"), static_cast<int>(Search::Random));
  search_->addItem(tr("Values where those before did well (TPE)"), static_cast<int>(Search::Tpe));
  search_->addItem(tr("Blocks left out in turn (ablation)"), static_cast<int>(Search::Ablation));
  form.addRow(tr("&Question"), search_);
  pages_->addWidget(makeAxes());
  pages_->addWidget(makeBlocks());
  form.addRow(tr("&Vary"), pages_);
}

void StudyDialog::addMeans(QFormLayout& form) {
  trials_ = spinBox("trials", 1, kMostTrainings, 20, tr("How many combinations are drawn"));
  seeds_ = spinBox("seeds", 1, 1000, 3,
                   tr("Every trial is trained with so many seeds, so that chance can be told from effect"));
  folds_ = spinBox("folds", 0, 100, 0, tr("Cross-validation: every trial is trained once for each part of the rows"));
  folds_->setSpecialValueText(tr("none"));
  halving_ =
      spinBox("halving", 0, 10, 0,
              tr("Successive halving: all begin with one epoch, and the best 1/N of them go on to N times as many"));
  halving_->setSpecialValueText(tr("off"));
  at_once_ = spinBox("at_once", 0, 1024, 0, tr("Trainings side by side, each in a process of its own"));
  at_once_->setSpecialValueText(tr("as many as cores and memory allow"));
  metric_->setObjectName(QStringLiteral("metric"));
  metric_->addItem(tr("what the training monitors"));
  for (const std::string& name : metricNames()) metric_->addItem(QString::fromStdString(name));
  name_->setObjectName(QStringLiteral("name"));
  name_->setPlaceholderText(tr("made from what is varied"));
  purpose_->setObjectName(QStringLiteral("purpose"));
  purpose_->setPlaceholderText(tr("one line that says why"));
  form.addRow(tr("T&rials"), trials_);
  form.addRow(tr("S&eeds"), seeds_);
  form.addRow(tr("&Folds"), folds_);
  form.addRow(tr("&Halving"), halving_);
  form.addRow(tr("&Judged by"), metric_);
  form.addRow(tr("At &once"), at_once_);
  form.addRow(tr("&Name"), name_);
  form.addRow(tr("&Purpose"), purpose_);
}

QWidget* StudyDialog::makeAxes() {
  auto* page = new QWidget;
  auto* layout = new QVBoxLayout(page);
  layout->setContentsMargins({});
  axes_ = new QTableWidget(0, 2);
  axes_->setObjectName(QStringLiteral("axes"));
  axes_->setAccessibleName(tr("Parameters that are varied"));
  axes_->setHorizontalHeaderLabels({tr("Parameter"), tr("Values")});
  axes_->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
  axes_->verticalHeader()->hide();
  axes_->setSelectionBehavior(QAbstractItemView::SelectRows);
  layout->addWidget(axes_);
  auto* row = new QHBoxLayout;
  auto* add = new QPushButton(tr("&Add"));
  auto* remove = new QPushButton(tr("Re&move"));
  add->setObjectName(QStringLiteral("add"));
  remove->setObjectName(QStringLiteral("remove"));
  add->setAutoDefault(false), remove->setAutoDefault(false);
  row->addWidget(add), row->addWidget(remove);
  auto* help =
      new QLabel(tr("16, 32, 64 are values; 1e-4..1e-1:log and 16..256:step 16 are ranges; where values hold "
                    "commas, | stands between them."));
  help->setWordWrap(true);
  row->addWidget(help, 1);
  layout->addLayout(row);
  connect(add, &QPushButton::clicked, this, [this] { addAxis({}), judge(); });
  connect(remove, &QPushButton::clicked, this, [this] {
    axes_->removeRow(axes_->currentRow() < 0 ? axes_->rowCount() - 1 : axes_->currentRow());
    judge();
  });
  return page;
}

void StudyDialog::addAxis(const QString& parameter) {
  const int row = axes_->rowCount();
  axes_->insertRow(row);
  auto* names = new QComboBox;
  names->setObjectName(QStringLiteral("parameter"));
  names->setAccessibleName(tr("Parameter"));
  names->setEditable(true);
  names->setInsertPolicy(QComboBox::NoInsert);
  names->addItems(settableNames(document_));
  names->completer()->setFilterMode(Qt::MatchContains);
  names->completer()->setCompletionMode(QCompleter::PopupCompletion);
  names->setCurrentText(parameter);
  auto* values = new QLineEdit;
  values->setObjectName(QStringLiteral("values"));
  values->setAccessibleName(tr("Values"));
  axes_->setCellWidget(row, 0, names);
  axes_->setCellWidget(row, 1, values);
  axes_->resizeRowToContents(row);
  suggestValues(row);
  const auto row_of = [this, names] {
    for (int at = 0; at < axes_->rowCount(); ++at)
      if (axes_->cellWidget(at, 0) == names) return at;
    return -1;
  };
  connect(names, &QComboBox::currentTextChanged, this, [this, row_of] {
    if (row_of() >= 0) suggestValues(row_of());
    judge();
  });
  connect(values, &QLineEdit::textChanged, this, &StudyDialog::judge);
}

// Around what holds now, for a number: a tenth to ten times as much, or half and double.
void StudyDialog::suggestValues(int row) {
  auto* values = qobject_cast<QLineEdit*>(axes_->cellWidget(row, 1));
  const QString now = valueNow(document_, qobject_cast<QComboBox*>(axes_->cellWidget(row, 0))->currentText());
  bool number = false;
  const double value = now.toDouble(&number);
  if (number && value > 0) {
    const bool whole = !now.contains(u'.') && !now.contains(u'e');
    const double factor = whole ? 2 : 10;
    const auto text = [&](double v) { return QString::number(whole ? std::max(1.0, std::floor(v)) : v, 'g', 4); };
    QStringList list{text(value / factor), text(value), text(value * factor)};
    list.removeDuplicates();
    values->setText(list.join(QStringLiteral(", ")));
  } else if (now == QLatin1String("true") || now == QLatin1String("false")) {
    values->setText(QStringLiteral("false, true"));
  } else {
    values->setText(now);
  }
}

QWidget* StudyDialog::makeBlocks() {
  blocks_ = new QTableWidget(0, 3);
  blocks_->setObjectName(QStringLiteral("blocks"));
  blocks_->setAccessibleName(tr("Blocks that are left out"));
  blocks_->setHorizontalHeaderLabels({tr("Block"), tr("What it is"), tr("Left out by")});
  blocks_->horizontalHeader()->setSectionResizeMode(1, QHeaderView::Stretch);
  blocks_->verticalHeader()->hide();
  const Checked& checked = document_.rootResult();
  const Graph& graph = document_.project().graph(document_.root());
  for (const NodeId& id : checked.order) {
    const Node* node = graph.find(id);
    const BlockType* type = node == nullptr ? nullptr : findBlockType(node->type);
    if (type == nullptr) continue;
    const Kind kind = type->schema.kind;
    if (kind == Kind::Source || kind == Kind::Classifier || kind == Kind::Regressor) continue;
    const int row = blocks_->rowCount();
    blocks_->insertRow(row);
    auto* name = new QTableWidgetItem(QString::fromStdString(id.name));
    name->setFlags(Qt::ItemIsEnabled | Qt::ItemIsUserCheckable | Qt::ItemIsSelectable);
    name->setCheckState(Qt::Unchecked);
    auto* title = new QTableWidgetItem(QString::fromStdString(type->schema.title));
    title->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable);
    blocks_->setItem(row, 0, name);
    blocks_->setItem(row, 1, title);
    auto* how = new QComboBox;
    how->setObjectName(QStringLiteral("how"));
    how->setAccessibleName(tr("How %1 is left out").arg(name->text()));
    how->setEditable(true);
    how->addItems({QStringLiteral("bypass"), QStringLiteral("remove")});
    for (const BlockType& each : catalog())
      if (each.schema.kind == kind && each.schema.id != type->schema.id)
        how->addItem(QStringLiteral("replace ") + QString::fromStdString(each.schema.id));
    blocks_->setCellWidget(row, 2, how);
    connect(how, &QComboBox::currentTextChanged, this, &StudyDialog::judge);
  }
  blocks_->resizeColumnsToContents();
  connect(blocks_, &QTableWidget::itemChanged, this, &StudyDialog::judge);
  return blocks_;
}

bool StudyDialog::ablates() const {
  return search_->currentData().toInt() == static_cast<int>(Search::Ablation);
}

StudySpec StudyDialog::spec() const {
  StudySpec out{.name = name_->text().trimmed().toStdString(),
                .purpose = purpose_->text().simplified().toStdString(),
                .pipeline = document_.root(),
                .search = static_cast<Search>(search_->currentData().toInt())};
  if (ablates()) {
    Texts texts;
    for (int row = 0; row < blocks_->rowCount(); ++row)
      if (blocks_->item(row, 0)->checkState() == Qt::Checked)
        texts.push_back(blocks_->item(row, 0)->text().toStdString() + ":" +
                        qobject_cast<QComboBox*>(blocks_->cellWidget(row, 2))->currentText().toStdString());
    if (texts.empty()) throw Error({}, tr("Tick at least one block to leave out.").toStdString());
    out.axes.push_back(ablationFromTexts(texts));
  } else {
    for (int row = 0; row < axes_->rowCount(); ++row) {
      const QString name = qobject_cast<QComboBox*>(axes_->cellWidget(row, 0))->currentText().trimmed();
      const QString values = qobject_cast<QLineEdit*>(axes_->cellWidget(row, 1))->text().trimmed();
      const std::string text = (name + u'=' + values).toStdString();
      out.axes.push_back(values.contains(QLatin1String("..")) ? rangeFromText(text) : choicesFromText(text));
    }
  }
  if (out.search == Search::Random || out.search == Search::Tpe) out.trials = trials_->value();
  out.seeds.clear();
  for (int seed = 0; seed < seeds_->value(); ++seed) out.seeds.push_back(seed);
  out.folds = folds_->value();
  out.halving_factor = halving_->value();
  out.at_once = at_once_->value();
  if (metric_->currentIndex() > 0) out.metric = metric_->currentText().toStdString();
  return out;
}

void StudyDialog::judge() {
  if (start_ == nullptr) return;  // while it is being built
  const auto search = static_cast<Search>(search_->currentData().toInt());
  const bool drawn = search == Search::Random || search == Search::Tpe;
  trials_->setEnabled(drawn);
  halving_->setEnabled(search != Search::Ablation);
  QString text;
  bool right = false;
  try {
    StudySpec asked = spec();
    if (!halving_->isEnabled()) asked.halving_factor = 0;
    checkStudyShape(asked);
    text = tr("%1 trials, %2 trainings").arg(trialCount(asked)).arg(trialCount(asked) * asked.runsPerTrial());
    if (asked.seeds.size() == 1 && asked.folds == 0)
      text += tr(". With a single seed, chance cannot be told from effect.");
    right = true;
  } catch (const Error& error) {
    text = QString::fromUtf8(error.what());
  }
  QPalette colours;
  if (!right) colours.setColor(QPalette::WindowText, problemColor());
  summary_->setPalette(colours);
  summary_->setText(text);
  start_->setEnabled(right);
}

void StudyDialog::accept() {
  if (!start_->isEnabled()) return;
  StudySpec asked = spec();
  if (!halving_->isEnabled()) asked.halving_factor = 0;
  Q_EMIT wanted(asked);
  QDialog::accept();
}

}  // namespace blockyard
