#include "widgets/runs/notes_dialog.hpp"

#include <QtCore/QRegularExpression>
#include <QtWidgets/QDialogButtonBox>
#include <QtWidgets/QFormLayout>
#include <QtWidgets/QLabel>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QPlainTextEdit>
#include <QtWidgets/QPushButton>

#include "base/error.hpp"
#include "widgets/common/theme.hpp"

namespace blockyard {

NotesDialog::NotesDialog(const QString& run, const RunNotes& notes, QWidget* parent)
    : QDialog(parent), tags_(new QLineEdit), note_(new QPlainTextEdit), complaint_(new QLabel) {
  build(tr("Tags and note of run %1").arg(run), tr("&Tags"));
  QStringList words;
  for (const auto& tag : notes.tags) words << QString::fromStdString(tag);
  tags_->setText(words.join(QLatin1Char(' ')));
  note_->setPlainText(QString::fromStdString(notes.text));
}

NotesDialog::NotesDialog(int runs, QWidget* parent) : QDialog(parent), tags_(new QLineEdit), complaint_(new QLabel) {
  build(tr("Tags for %n runs", "", runs), tr("&Tags to add"));
}

void NotesDialog::build(const QString& title, const QString& label) {
  setWindowTitle(title);
  setAttribute(Qt::WA_DeleteOnClose);
  tags_->setAccessibleName(tr("Tags"));
  tags_->setPlaceholderText(tr("Words, such as: good wider-net"));
  auto* form = new QFormLayout(this);
  form->addRow(label, tags_);
  if (note_ != nullptr) {
    note_->setAccessibleName(tr("Note"));
    note_->setTabChangesFocus(true);
    note_->setPlaceholderText(tr("What is worth knowing about this run"));
    form->addRow(tr("&Note"), note_);
  }
  QPalette palette = complaint_->palette();
  palette.setColor(QPalette::WindowText, problemColor());
  complaint_->setPalette(palette);
  complaint_->setWordWrap(true);
  complaint_->hide();
  form->addRow(complaint_);
  auto* buttons = new QDialogButtonBox(QDialogButtonBox::Save | QDialogButtonBox::Cancel);
  accept_ = buttons->button(QDialogButtonBox::Save);
  form->addRow(buttons);
  connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
  connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
  connect(tags_, &QLineEdit::textChanged, this, &NotesDialog::check);
  constexpr int kWidth = 460;
  resize(kWidth, sizeHint().height());
}

Texts NotesDialog::tags() const {
  static const QRegularExpression kBetween(QStringLiteral("[\\s,]+"));
  Texts out;
  for (const QString& word : tags_->text().split(kBetween, Qt::SkipEmptyParts)) out.push_back(word.toStdString());
  return out;
}

QString NotesDialog::note() const {
  return note_ == nullptr ? QString() : note_->toPlainText();
}

void NotesDialog::check() {
  QString complaint;
  for (const auto& tag : tags()) {
    try {
      checkTag(tag);
    } catch (const Error& error) {
      complaint = QString::fromUtf8(error.what());
    }
  }
  complaint_->setText(complaint);
  complaint_->setVisible(!complaint.isEmpty());
  accept_->setEnabled(complaint.isEmpty());
}

}  // namespace blockyard
