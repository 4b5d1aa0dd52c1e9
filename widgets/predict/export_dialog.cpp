#include "widgets/predict/export_dialog.hpp"

#include <QtConcurrent/QtConcurrentRun>
#include <QtCore/QDir>
#include <QtCore/QUrl>
#include <QtGui/QClipboard>
#include <QtGui/QDesktopServices>
#include <QtGui/QStandardItemModel>
#include <QtWidgets/QApplication>
#include <QtWidgets/QCheckBox>
#include <QtWidgets/QComboBox>
#include <QtWidgets/QDialogButtonBox>
#include <QtWidgets/QFileDialog>
#include <QtWidgets/QFormLayout>
#include <QtWidgets/QLabel>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QPushButton>
#include <algorithm>

#include "base/error.hpp"
#include "export/trained_runs.hpp"
#include "report/run_command.hpp"
#include "widgets/charts/number_text.hpp"
#include "widgets/inspector/marks.hpp"
#include "widgets/predict/trained_box.hpp"

namespace blockyard {
namespace {

QPushButton* buttonNamed(const char* name, const QString& text) {
  auto* out = new QPushButton(text);
  out->setObjectName(QLatin1String(name));
  out->setAutoDefault(false);
  return out;
}

// "ONNX (*.onnx)"; folders have none.
QString filterOf(const ExportFormat& format) {
  if (format.folder()) return {};
  return QStringLiteral("%1 (*%2)").arg(QString::fromStdString(format.title), QString::fromStdString(format.ending));
}

}  // namespace

ExportDialog::ExportDialog(const std::filesystem::path& project, const QString& name, QWidget* parent)
    : QDialog(parent),
      project_(project),
      trained_(new TrainedBox(TrainedBox::Files::No)),
      format_(new QComboBox),
      path_(new QLineEdit),
      command_(new QLineEdit),
      browse_(buttonNamed("browse", tr("&Browse…"))),
      write_(buttonNamed("write", tr("&Export"))),
      folder_(buttonNamed("folder", tr("Show in &folder"))),
      copy_(buttonNamed("copy", tr("&Copy"))),
      rows_(new QCheckBox(tr("Keep some &test rows with their answers in it"))),
      about_(new QLabel),
      done_(new QLabel),
      note_(new ToneLabel(ToneLabel::Tone::Warning)),
      problem_(new ToneLabel(ToneLabel::Tone::Problem)) {
  setWindowTitle(tr("Export the trained pipeline"));
  build();
  for (const ExportFormat& format : exportFormats()) {
    format_->addItem(QString::fromStdString(format.title), QString::fromStdString(format.name));
    if (format.missing.empty()) continue;
    auto* model = qobject_cast<QStandardItemModel*>(format_->model());
    model->item(format_->count() - 1)->setEnabled(false);
    format_->setItemText(
        format_->count() - 1,
        tr("%1 (not available: %2)").arg(QString::fromStdString(format.title), QString::fromStdString(format.missing)));
  }
  const std::filesystem::path place = project.parent_path() / (name.toStdString() + exportFormats().front().ending);
  path_->setText(QDir::toNativeSeparators(QString::fromStdString(place.string())));
  connect(trained_, &TrainedBox::choiceChanged, this, &ExportDialog::refresh);
  connect(format_, &QComboBox::currentIndexChanged, this, &ExportDialog::followFormat);
  connect(path_, &QLineEdit::textChanged, this, [this] {
    for (QWidget* said :
         {static_cast<QWidget*>(done_), static_cast<QWidget*>(folder_), static_cast<QWidget*>(problem_)})
      said->hide();
    refresh();
  });
  connect(rows_, &QCheckBox::toggled, this, &ExportDialog::refresh);
  connect(browse_, &QPushButton::clicked, this, &ExportDialog::browse);
  connect(write_, &QPushButton::clicked, this, &ExportDialog::write);
  connect(copy_, &QPushButton::clicked, this, [this] { QApplication::clipboard()->setText(command()); });
  connect(folder_, &QPushButton::clicked, this,
          [this] { QDesktopServices::openUrl(QUrl::fromLocalFile(QFileInfo(written_file_).absolutePath())); });
  connect(&writing_, &QFutureWatcherBase::finished, this, &ExportDialog::tell);
  trained_->setFolder(project.parent_path());
  refresh();
  resize(640, sizeHint().height());
}

ExportDialog::~ExportDialog() {
  writing_.waitForFinished();
}

void ExportDialog::build() {
  auto* form = new QFormLayout;
  form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
  form->addRow(tr("&Run"), trained_);
  format_->setAccessibleName(tr("Format"));
  format_->setObjectName(QStringLiteral("format"));
  form->addRow(tr("F&ormat"), format_);
  about_->setWordWrap(true);
  form->addRow(QString(), about_);
  rows_->setChecked(true);
  rows_->setObjectName(QStringLiteral("rows"));
  rows_->setToolTip(
      tr("They show anybody who has the file that it still answers as it was trained. They are data: leave "
         "them out where no row may leave."));
  form->addRow(QString(), rows_);
  auto* place = new QHBoxLayout;
  path_->setAccessibleName(tr("File"));
  path_->setObjectName(QStringLiteral("path"));
  place->addWidget(path_, 1);
  place->addWidget(browse_);
  auto* label = new QLabel(tr("F&ile"));
  label->setBuddy(path_);
  form->addRow(label, place);
  auto* same = new QHBoxLayout;
  command_->setReadOnly(true);
  command_->setAccessibleName(tr("The same in a terminal"));
  same->addWidget(command_, 1);
  same->addWidget(copy_);
  form->addRow(tr("In a terminal"), same);

  done_->setTextFormat(Qt::PlainText);
  done_->setWordWrap(true);
  auto* result = new QHBoxLayout;
  result->addWidget(done_, 1);
  result->addWidget(folder_);
  done_->hide();
  folder_->hide();
  auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close);
  buttons->addButton(write_, QDialogButtonBox::AcceptRole);
  write_->setDefault(true);
  connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
  auto* layout = new QVBoxLayout(this);
  layout->addLayout(form);
  layout->addWidget(note_);
  layout->addWidget(problem_);
  layout->addLayout(result);
  layout->addStretch(1);
  layout->addWidget(buttons);
  problem_->setTextFormat(Qt::PlainText);
  problem_->hide();
}

const ExportFormat& ExportDialog::format() const {
  return exportFormats()[static_cast<size_t>(format_->currentIndex())];
}

QString ExportDialog::file() const {
  QString text = QDir::fromNativeSeparators(path_->text().trimmed());
  if (text.isEmpty()) return {};
  const QString folder = QString::fromStdString(project_.parent_path().string());
  text = QDir::cleanPath(QDir(folder).absoluteFilePath(text));
  if (QFileInfo(text).suffix().isEmpty()) text += QString::fromStdString(format().ending);
  return text;
}

QString ExportDialog::command() const {
  return QStringLiteral("blockyard export %1 %2 --project %3")
             .arg(trained_->chosenRun(), QString::fromStdString(shellQuoted(file().toStdString())),
                  QString::fromStdString(shellQuoted(project_.string()))) +
         (format_->currentIndex() == 0 ? QString() : QStringLiteral(" --format ") + format_->currentData().toString()) +
         (format().proof && !rows_->isChecked() ? QStringLiteral(" --no-rows") : QString());
}

// What the fields say now: what would happen, and what keeps it from happening.
void ExportDialog::refresh() {
  about_->setText(QString::fromStdString(format().doc));
  rows_->setVisible(format().proof);
  const bool any = !trained_->chosen().empty(), named = !file().isEmpty();
  const bool there = named && QFileInfo::exists(file());
  const bool other = there && QFileInfo(file()).isDir() != format().folder();  // a folder, or no folder
  note_->setText(!any     ? tr("No run of this project has a trained pipeline yet: train it first (F5).")
                 : !named ? tr("Say which file is to be written.")
                 : other  ? (format().folder() ? tr("This is a file: the format is a folder, name a new one.")
                                               : tr("This is a folder: name a file in it."))
                 : there
                     ? (format().folder() ? tr("There is a folder of this name.") : tr("There is a file of this name."))
                     : QString());
  note_->setVisible(!note_->text().isEmpty() && (!there || other || file() != written_file_));
  replaces_ = there && !other;
  write_->setText(!replaces_ ? tr("&Export") : format().folder() ? tr("&Replace the folder") : tr("&Replace the file"));
  write_->setEnabled(any && named && !other && !writing_.isRunning());
  command_->setText(any && named ? command() : QString());
  command_->setCursorPosition(0);
  copy_->setEnabled(any && named);
}

// A name with the ending of another format takes that of the chosen one.
void ExportDialog::followFormat() {
  const QString text = path_->text().trimmed();
  for (const ExportFormat& other : exportFormats()) {
    const QString ending = QString::fromStdString(other.ending);
    if (ending.isEmpty() || !text.endsWith(ending)) continue;
    path_->setText(text.chopped(ending.size()) + QString::fromStdString(format().ending));
    break;
  }
  refresh();
}

void ExportDialog::browse() {
  QStringList filters;
  for (const ExportFormat& each : exportFormats())
    if (!each.folder()) filters.push_back(filterOf(each));
  filters.push_back(tr("All files (*)"));
  auto* dialog = new QFileDialog(this, tr("Export as"), file());
  dialog->setNameFilters(filters);
  dialog->selectNameFilter(format().folder() ? filters.back() : filterOf(format()));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setAcceptMode(QFileDialog::AcceptSave);
  dialog->setOption(QFileDialog::DontConfirmOverwrite);  // the button asks
  connect(dialog, &QFileDialog::fileSelected, this,
          [this, dialog](const QString& chosen) { take(chosen, dialog->selectedNameFilter()); });
  dialog->open();
}

// The ending tells the format; of a name without one the filter.
void ExportDialog::take(const QString& chosen, const QString& filter) {
  path_->setText(QDir::toNativeSeparators(chosen));
  const auto& formats = exportFormats();
  const bool plain = QFileInfo(chosen).suffix().isEmpty();
  const auto fits = [&](const ExportFormat& each) {
    return !each.folder() && (plain ? filterOf(each) == filter : chosen.endsWith(QString::fromStdString(each.ending)));
  };
  const auto found = std::find_if(formats.begin(), formats.end(), fits);
  if (found != formats.end()) format_->setCurrentIndex(static_cast<int>(found - formats.begin()));
}

void ExportDialog::write() {
  written_file_ = file();
  const Existing existing = replaces_ ? Existing::Replace : Existing::Keep;
  problem_->hide();
  done_->hide();
  folder_->hide();
  writing_.setFuture(QtConcurrent::run([bundle = trained_->chosen(), to = written_file_.toStdString(), existing,
                                        proof = rows_->isChecked() ? Proof::Keep : Proof::LeaveOut,
                                        format = format_->currentData().toString().toStdString()]() -> Written {
    try {
      return {exportTrained(bundle, to, format, existing, proof), {}};
    } catch (const std::exception& error) {
      return {0, QString::fromUtf8(error.what())};
    }
  }));
  write_->setEnabled(false);
}

void ExportDialog::tell() {
  const Written written = writing_.result();
  if (!written.problem.isEmpty()) {
    written_file_.clear();
    problem_->setText(written.problem);
    problem_->show();
    return refresh();
  }
  done_->setText(
      tr("Wrote %1 (%2).").arg(QDir::toNativeSeparators(written_file_), bytesText(static_cast<double>(written.bytes))));
  done_->show();
  folder_->show();
  refresh();
  Q_EMIT exported(written_file_);
}

QString ExportDialog::message() const {
  return !problem_->isHidden() ? problem_->text() : !done_->isHidden() ? done_->text() : note_->text();
}

}  // namespace blockyard
