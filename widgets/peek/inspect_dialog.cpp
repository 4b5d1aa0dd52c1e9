#include "widgets/peek/inspect_dialog.hpp"

#include <QtConcurrent/QtConcurrentRun>
#include <QtWidgets/QDialogButtonBox>
#include <QtWidgets/QFileDialog>
#include <QtWidgets/QLabel>
#include <QtWidgets/QProgressBar>
#include <QtWidgets/QPushButton>
#include <QtWidgets/QVBoxLayout>
#include <filesystem>

#include "base/file.hpp"
#include "blocks/inspect.hpp"
#include "export/profile_html.hpp"
#include "widgets/charts/number_text.hpp"
#include "widgets/peek/sample_view.hpp"

namespace blockyard {
namespace {

// The profile as the view for any rows takes it; there are no rows in it.
SharedSample sampleOf(const DataProfile& profile) {
  auto out = std::make_shared<Sample>();
  out->rows = profile.rows;
  for (const ColumnProfile& column : profile.columns)
    out->columns.push_back(
        {.profile = column,
         .bins = {.low = column.histogram_from, .high = column.histogram_to, .counts = column.histogram}});
  return out;
}

std::string titleOf(const FoundSource& source) {
  if (source.files.empty()) return source.id.name;
  return std::filesystem::path(source.files.front()).filename().string();
}

}  // namespace

InspectDialog::InspectDialog(const FoundSource& source, std::string folder, QWidget* parent)
    : QDialog(parent),
      title_(titleOf(source)),
      view_(new SampleView),
      notes_(new QLabel),
      busy_(new QProgressBar),
      save_(new QPushButton(tr("&Save as a page…"))) {
  setWindowTitle(tr("The data: %1").arg(QString::fromStdString(title_)));
  setAttribute(Qt::WA_DeleteOnClose);
  notes_->setWordWrap(true);
  notes_->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
  notes_->setObjectName(QStringLiteral("notes"));
  notes_->setText(tr("All rows are being read…"));
  busy_->setRange(0, 0);
  busy_->setAccessibleName(tr("Reading the rows"));
  save_->setEnabled(false);
  save_->setToolTip(tr("One file of HTML that needs nothing else"));
  auto* const buttons = new QDialogButtonBox(QDialogButtonBox::Close);
  buttons->addButton(save_, QDialogButtonBox::ActionRole);
  auto* const layout = new QVBoxLayout(this);
  layout->addWidget(notes_);
  layout->addWidget(busy_);
  layout->addWidget(view_, 1);
  layout->addWidget(buttons);
  connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
  connect(save_, &QPushButton::clicked, this, &InspectDialog::askForPage);
  connect(&reading_, &QFutureWatcherBase::finished, this, &InspectDialog::take);
  constexpr int kWide = 170, kHigh = 40;  // in letters
  resize(fontMetrics().averageCharWidth() * kWide, fontMetrics().height() * kHigh);
  reading_.setFuture(QtConcurrent::run(
      [type = source.type->schema.id, values = source.values, where = std::move(folder), stop = stop_] {
        auto read = std::make_shared<Read>();
        try {
          read->profile = inspectSource(type, values, where, stop.get());
        } catch (const Error& error) {
          read->error = error;
        } catch (const std::exception& error) {
          read->error = Error({}, error.what(), {}, Fault::Failed);
        }
        return read;
      }));
}

// The thread ends by itself, soon, and touches nothing of this object.
InspectDialog::~InspectDialog() {
  *stop_ = true;
}

void InspectDialog::take() {
  const std::shared_ptr<Read> read = reading_.result();
  busy_->hide();
  if (read->error) {
    notes_->setText(QString::fromStdString(read->error->what()));
    Q_EMIT inspected();
    return;
  }
  profile_ = std::move(read->profile);
  QString text = tr("%n row(s)", nullptr, static_cast<int>(profile_->rows));
  for (const std::string& note : notesOn(*profile_)) text += QStringLiteral("\n• ") + QString::fromStdString(note);
  notes_->setText(text);
  view_->setSample(sampleOf(*profile_));
  save_->setEnabled(true);
  Q_EMIT inspected();
}

void InspectDialog::savePage(const std::string& file) const {
  if (profile_) writeDurably(file, profileHtml(*profile_, title_));
}

void InspectDialog::askForPage() {
  const QString file = QFileDialog::getSaveFileName(
      this, tr("Save as a page"), QString::fromStdString(title_) + QStringLiteral(".html"), tr("Pages (*.html)"));
  if (file.isEmpty()) return;
  try {
    savePage(file.toStdString());
  } catch (const Error& error) {
    notes_->setText(QString::fromStdString(error.what()));
  }
}

}  // namespace blockyard
