#include "widgets/predict/predict_panel.hpp"

#include <QtCore/QDir>
#include <QtCore/QMimeData>
#include <QtGui/QDragEnterEvent>
#include <QtWidgets/QFileDialog>
#include <QtWidgets/QHeaderView>
#include <QtWidgets/QLabel>
#include <QtWidgets/QPushButton>
#include <QtWidgets/QSplitter>
#include <QtWidgets/QStackedWidget>
#include <QtWidgets/QTableView>
#include <QtWidgets/QVBoxLayout>
#include <algorithm>

#include "widgets/common/allowed_paths.hpp"
#include "widgets/inspector/marks.hpp"
#include "widgets/predict/answer_view.hpp"
#include "widgets/predict/answers_model.hpp"
#include "widgets/predict/row_form.hpp"
#include "widgets/predict/trained_box.hpp"

namespace blockyard {
namespace {

constexpr int kTypingPause = 200;    // ms
constexpr size_t kMostFields = 200;  // a longer form is no help

const Signature* tableOf(const Signatures& inputs) {
  for (const auto& [port, signature] : inputs)
    if (signature.kind == Wire::Table && port != "target") return &signature;
  return nullptr;
}

}  // namespace

PredictPanel::PredictPanel(QWidget* parent) : QWidget(parent) {
  setAcceptDrops(true);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(8, 6, 8, 6);
  layout->addWidget(buildTop());
  problem_ = new ToneLabel(ToneLabel::Tone::Problem);
  problem_->setTextFormat(Qt::PlainText);
  problem_->setObjectName(QStringLiteral("problem"));
  problem_->setTextInteractionFlags(Qt::TextSelectableByMouse);
  problem_->hide();
  layout->addWidget(problem_);
  auto* splitter = new QSplitter;
  splitter->setChildrenCollapsible(false);
  splitter->addWidget(buildAsk());
  answer_ = new AnswerView;
  splitter->addWidget(answer_);
  table_ = new QTableView;
  table_->setAccessibleName(tr("Answers, a row each"));
  table_->setSelectionBehavior(QAbstractItemView::SelectRows);
  table_->setSelectionMode(QAbstractItemView::SingleSelection);
  table_->setAlternatingRowColors(true);
  table_->setEditTriggers(QAbstractItemView::NoEditTriggers);
  table_->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 8);
  model_ = new AnswersModel(this);
  table_->setModel(model_);
  splitter->addWidget(table_);
  splitter->setStretchFactor(0, 2);
  splitter->setStretchFactor(1, 3);
  splitter->setStretchFactor(2, 4);
  splitter->setSizes({300, 380, 560});
  layout->addWidget(splitter, 1);
  typing_.setSingleShot(true);
  typing_.setInterval(kTypingPause);
  listen();
  loadChosen();
}

QWidget* PredictPanel::buildTop() {
  auto* out = new QWidget;
  auto* row = new QHBoxLayout(out);
  row->setContentsMargins(0, 0, 0, 0);
  auto* label = new QLabel(tr("&Trained pipeline"));
  trained_ = new TrainedBox(TrainedBox::Files::Offered);
  label->setBuddy(trained_);
  open_ = new QPushButton(tr("Answer &files…"));
  open_->setObjectName(QStringLiteral("open"));
  open_->setToolTip(
      tr("Rows (CSV, TSV, Parquet, Arrow, JSON), pictures (PNG, JPEG) or arrays, as the pipeline takes "
         "them; they can be dropped here, too"));
  save_ = new QPushButton(tr("&Save answers…"));
  save_->setObjectName(QStringLiteral("save"));
  save_->setToolTip(tr("All answers as a CSV file"));
  save_->setEnabled(false);
  state_ = new ToneLabel(ToneLabel::Tone::Faint);
  state_->setObjectName(QStringLiteral("state"));
  row->addWidget(label);
  row->addWidget(trained_, 2);
  row->addWidget(open_);
  row->addWidget(save_);
  row->addWidget(state_, 3);
  return out;
}

// A form where the pipeline starts with a table, a place to drop files elsewhere.
QWidget* PredictPanel::buildAsk() {
  ask_ = new QStackedWidget;
  auto* typed = new QWidget;
  auto* column = new QVBoxLayout(typed);
  column->setContentsMargins(0, 0, 0, 0);
  form_ = new RowForm;
  clear_ = new QPushButton(tr("&Clear"));
  clear_->setToolTip(tr("Empties all fields"));
  auto* below = new QHBoxLayout;
  auto* hint = new ToneLabel(ToneLabel::Tone::Faint);
  hint->setText(tr("Type a row: it is answered as you type."));
  below->addWidget(hint, 1);
  below->addWidget(clear_);
  column->addWidget(form_, 1);
  column->addLayout(below);
  drop_ = new QLabel;
  drop_->setAlignment(Qt::AlignCenter);
  drop_->setWordWrap(true);
  drop_->setTextFormat(Qt::PlainText);
  drop_->setFrameShape(QFrame::StyledPanel);
  drop_->setMargin(12);
  ask_->addWidget(drop_);
  ask_->addWidget(typed);
  ask_->setMinimumWidth(200);
  return ask_;
}

void PredictPanel::listen() {
  connect(&typing_, &QTimer::timeout, this, &PredictPanel::askTyped);
  connect(form_, &RowForm::edited, &typing_, qOverload<>(&QTimer::start));
  connect(clear_, &QPushButton::clicked, this, [this] {
    form_->clear();
    if (typed_) showAnswers(nullptr);
  });
  connect(open_, &QPushButton::clicked, this, &PredictPanel::openFiles);
  connect(save_, &QPushButton::clicked, this, &PredictPanel::saveAnswers);
  connect(trained_, &TrainedBox::choiceChanged, this, &PredictPanel::loadChosen);
  connect(table_->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this](const QModelIndex& now) {
    if (answers_ && now.isValid()) answer_->showRow(*answers_, now.row());
  });
  connect(table_, &QTableView::activated, this, [this](const QModelIndex& index) {
    if (answers_ && !answers_->rows.columns().empty()) form_->setRow(answers_->rows, index.row());
  });
  connect(&link_, &PredictLink::loaded, this, &PredictPanel::showInputs);
  connect(&link_, &PredictLink::failed, this, &PredictPanel::tell);
  connect(&link_, &PredictLink::answered, this, &PredictPanel::showAnswers);
  connect(&link_, &PredictLink::saved, this,
          [this](const QString& file) { state_->setText(tr("Saved as %1.").arg(QDir::toNativeSeparators(file))); });
  connect(&link_, &PredictLink::busyChanged, this, [this] {
    if (link_.busy())
      state_->setText(tr("Working…"));
    else if (state_->text() == tr("Working…"))
      state_->clear();
  });
}

// ---- which pipeline

void PredictPanel::setFolder(const std::filesystem::path& project_folder) {
  trained_->setFolder(project_folder);
}

void PredictPanel::chooseBundle(const QString& file) {
  trained_->chooseFile(file);
}

void PredictPanel::chooseRun(const QString& run) {
  trained_->chooseRun(run);
}

// Reads it only when somebody looks.
void PredictPanel::loadChosen() {
  const std::filesystem::path& chosen = trained_->chosen();
  if (!chosen.empty() && (chosen == loaded_ || !isVisible())) return;
  loaded_ = chosen;
  inputs_.clear();
  problem_->hide();
  showAnswers(nullptr);
  ask_->setCurrentIndex(0);
  open_->setEnabled(!chosen.empty());
  if (chosen.empty()) {
    drop_->setText(
        tr("Train the pipeline first (F5), or choose a bundle file above. Then type a row or drop a file here "
           "to see what the pipeline answers."));
    return link_.stop();
  }
  drop_->setText(tr("Reading the trained pipeline…"));
  link_.open(chosen);
}

void PredictPanel::showInputs(const Signatures& inputs) {
  inputs_ = inputs;
  const Signature* table = tableOf(inputs);
  if (table != nullptr && table->columns.size() <= kMostFields) {
    form_->setColumns(table->columns);
    ask_->setCurrentIndex(1);
    if (!form_->empty()) askTyped();
    return;
  }
  QString takes;
  for (const auto& [port, signature] : inputs)
    if (port != "target") takes = QString::fromStdString(signature.text());
  drop_->setText(takesPictures()
                     ? tr("Drop pictures (PNG, JPEG) or an IDX file here.\nThe pipeline takes %1.").arg(takes)
                     : tr("Drop a file here.\nThe pipeline takes %1.").arg(takes));
}

bool PredictPanel::takesPictures() const {
  return std::any_of(inputs_.begin(), inputs_.end(),
                     [](const auto& input) { return input.second.kind == Wire::Image; });
}

// ---- what is asked

void PredictPanel::askTyped() {
  if (form_->empty()) return;
  typed_ = true;
  problem_->hide();
  link_.askRow(form_->json());
}

void PredictPanel::askFiles(const QStringList& files) {
  if (files.isEmpty()) return;
  std::vector<std::string> names;
  for (const QString& file : files) {
    allowForGood(file);
    names.push_back(file.toStdString());
  }
  typed_ = false;
  problem_->hide();
  link_.askFiles(std::move(names));
}

// ---- what is answered

void PredictPanel::showAnswers(std::shared_ptr<const Answers> answers) {
  answers_ = std::move(answers);
  model_->set(answers_);
  save_->setEnabled(answers_ != nullptr);
  table_->resizeColumnsToContents();
  answer_->clear();
  if (!answers_) return;
  if (!typed_) state_->setText(tr("%n rows answered.", "", static_cast<int>(answers_->table.rows())));
  table_->selectRow(0);
  Q_EMIT answered();
}

void PredictPanel::tell(const Error& error) {
  problem_->setText(QString::fromUtf8(error.what()));
  problem_->show();
  if (inputs_.empty()) {
    loaded_.clear();  // it may be there at the next look
    drop_->setText(tr("There is no trained pipeline to ask."));
  }
}

QString PredictPanel::message() const {
  return problem_->isHidden() ? state_->text() : problem_->text();
}

// ---- files

void PredictPanel::openFiles() {
  auto* dialog = new QFileDialog(this, tr("Files to be answered"));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setFileMode(QFileDialog::ExistingFiles);
  connect(dialog, &QFileDialog::filesSelected, this, &PredictPanel::askFiles);
  dialog->open();
}

void PredictPanel::saveAnswers() {
  auto* dialog = new QFileDialog(this, tr("Save the answers"), {}, tr("Tables (*.csv)"));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setAcceptMode(QFileDialog::AcceptSave);
  dialog->setDefaultSuffix(QStringLiteral("csv"));
  connect(dialog, &QFileDialog::fileSelected, this,
          [this](const QString& file) { link_.save(answers_, file.toStdString()); });
  dialog->open();
}

void PredictPanel::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  loadChosen();
}

void PredictPanel::dragEnterEvent(QDragEnterEvent* event) {
  if (event->mimeData()->hasUrls()) event->acceptProposedAction();
}

// A bundle is what is asked, anything else what is to be answered.
void PredictPanel::dropEvent(QDropEvent* event) {
  QStringList files;
  for (const QUrl& url : event->mimeData()->urls())
    if (url.isLocalFile()) files << url.toLocalFile();
  if (files.isEmpty()) return;
  event->acceptProposedAction();
  if (files.size() == 1 && files.front().endsWith(QLatin1String(".safetensors"), Qt::CaseInsensitive))
    return chooseBundle(files.front());
  askFiles(files);
}

}  // namespace blockyard
