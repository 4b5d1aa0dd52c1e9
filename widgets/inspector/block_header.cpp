#include "widgets/inspector/block_header.hpp"
#include "widgets/common/text_size.hpp"

#include <QtCore/QEvent>
#include <QtGui/QKeyEvent>
#include <QtWidgets/QHBoxLayout>
#include <QtWidgets/QToolButton>
#include <algorithm>

namespace blockyard {
namespace {

constexpr int kBadgeSize = 28;

// "Rows of a file. Empty fields ..." -> "Rows of a file."; a point inside a word ends no sentence.
QString firstSentence(const std::string& doc) {
  const size_t end = doc.find(". ");
  return QString::fromStdString(end == std::string::npos ? doc : doc.substr(0, end + 1));
}

void showText(QLineEdit& field, const QString& text) {
  if (field.text() == text) return;
  const int cursor = field.cursorPosition();
  field.setText(text);
  field.setCursorPosition(std::min(cursor, static_cast<int>(text.size())));
}

}  // namespace

BlockHeader::BlockHeader(Document& document, const NodeId& block, const BlockType* type, QWidget* parent)
    : QWidget(parent), document_(document), block_(block), type_(type) {
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(6);
  addHead(*layout);
  addFields(*layout);
  sync();
}

void BlockHeader::addHead(QVBoxLayout& layout) {
  auto* row = new QHBoxLayout;
  row->setSpacing(8);
  badge_ = new QLabel(this);
  badge_->setFixedSize(kBadgeSize, kBadgeSize);
  showBadge();
  badge_->setVisible(type_ != nullptr);
  row->addWidget(badge_);
  const QString type = QString::fromStdString(document_.graph().node(block_).type);
  auto* title = new QLabel(type_ == nullptr ? type : QString::fromStdString(type_->schema.title), this);
  title->setTextFormat(Qt::PlainText);
  title->setObjectName(QStringLiteral("typeTitle"));
  constexpr double kLarger = 1.2;
  setRelativeFont(*title, kLarger, QFont::Bold);
  title->setToolTip(type);
  title->setWordWrap(true);
  row->addWidget(title, 1);
  auto* help = new QToolButton(this);
  help->setText(QStringLiteral("?"));
  help->setAutoRaise(true);
  help->setToolTip(tr("Help on this block"));
  help->setAccessibleName(tr("Help on this block"));
  help->setEnabled(type_ != nullptr);
  connect(help, &QToolButton::clicked, this, &BlockHeader::helpWanted);
  row->addWidget(help, 0, Qt::AlignTop);
  layout.addLayout(row);
  auto* doc = new ToneLabel(ToneLabel::Tone::Faint, this);
  doc->setTextFormat(Qt::PlainText);
  doc->setText(type_ == nullptr ? tr("This version does not know this block; it is kept as it is.")
                                : firstSentence(type_->schema.doc));
  layout.addWidget(doc);
}

void BlockHeader::addFields(QVBoxLayout& layout) {
  auto* form = new QFormLayout;
  form->setFieldGrowthPolicy(QFormLayout::ExpandingFieldsGrow);
  form->setContentsMargins(0, 4, 0, 0);
  form->setHorizontalSpacing(8);
  form->setVerticalSpacing(4);
  const auto add = [&](const QString& label, QWidget* field, const char* object, const QString& tip) {
    field->setObjectName(QLatin1String(object));
    field->setAccessibleName(label);
    field->setToolTip(tip);
    form->addRow(label, field);
  };
  title_ = new QLineEdit(this);
  if (type_ != nullptr) title_->setPlaceholderText(QString::fromStdString(type_->schema.title));
  add(tr("Title"), title_, "title", tr("What stands on the block instead of its usual title"));
  name_ = new QLineEdit(this);
  add(tr("Name"), name_, "name", tr("How settings and messages call this block: NAME.parameter"));
  reason_ = new ToneLabel(ToneLabel::Tone::Problem, this);
  reason_->setObjectName(QStringLiteral("nameReason"));
  reason_->setTextFormat(Qt::PlainText);
  reason_->hide();
  form->addRow(QString(), reason_);
  note_ = new QPlainTextEdit(this);
  note_->setTabChangesFocus(true);
  note_->setPlaceholderText(tr("Anything worth remembering"));
  note_->setFixedHeight(2 * note_->fontMetrics().lineSpacing() + 2 * note_->frameWidth() + 10);
  add(tr("Note"), note_, "note", tr("Your own words about this block"));
  bypass_ = new QCheckBox(tr("Pass the input on unchanged"), this);
  add(tr("Bypass"), bypass_, "bypass", tr("The block stays where it is but does nothing"));
  layout.addLayout(form);

  connect(title_, &QLineEdit::textEdited, this, [this](const QString& text) {
    document_.apply(SetTitle{block_, text.toStdString()}, tr("Title of %1").arg(key("")), key(".title"));
  });
  connect(name_, &QLineEdit::editingFinished, this, &BlockHeader::rename);
  connect(note_, &QPlainTextEdit::textChanged, this, [this] {
    if (!showing_)
      document_.apply(SetNote{block_, note_->toPlainText().toStdString()}, tr("Note of %1").arg(key("")), key(".note"));
  });
  connect(bypass_, &QCheckBox::clicked, this, [this](bool on) {
    document_.apply(Bypass{block_, on}, on ? tr("Bypass %1").arg(key("")) : tr("Use %1 again").arg(key("")));
  });
  for (QWidget* field : {static_cast<QWidget*>(title_), static_cast<QWidget*>(note_), static_cast<QWidget*>(name_)})
    field->installEventFilter(this);
}

// The name of the block with an ending, to tell its acts from those of others.
QString BlockHeader::key(const char* what) const {
  return QString::fromStdString(block_.name) + QLatin1String(what);
}

void BlockHeader::showBadge() {
  if (type_ == nullptr) return;
  badge_->setPixmap(kindBadge(type_->schema.kind, kBadgeSize, devicePixelRatioF()));
  badge_->setToolTip(titleOf(type_->schema.kind));
  badge_->setAccessibleName(titleOf(type_->schema.kind));
}

void BlockHeader::sync() {
  const Node* node = document_.graph().find(block_);
  if (node == nullptr) return;
  showing_ = true;
  showText(*title_, QString::fromStdString(node->title));
  // A name that is being typed, or was refused, is kept until it is taken or given up.
  if (!name_->isModified()) showText(*name_, QString::fromStdString(node->id.name));
  bypass_->setChecked(node->bypassed);
  if (const QString note = QString::fromStdString(node->note); note != note_->toPlainText()) {
    const int cursor = note_->textCursor().position();
    note_->setPlainText(note);
    QTextCursor place = note_->textCursor();
    place.setPosition(std::min(cursor, static_cast<int>(note.size())));
    note_->setTextCursor(place);
  }
  showing_ = false;
}

void BlockHeader::rename() {
  const std::string wanted = name_->text().trimmed().toStdString();
  if (!name_->isModified() || wanted == block_.name) {
    name_->setModified(false);
    reason_->hide();
    return sync();
  }
  QString why;
  const auto told = connect(&document_, &Document::refused, this, [&why](const QString& text) { why = text; });
  const NodeId old = block_;
  name_->setModified(false);
  block_ = {wanted};  // before the document tells of it, so that the header follows
  Q_EMIT renamed(QString::fromStdString(wanted));
  const bool taken = document_.apply(Rename{old, block_}, tr("Rename %1").arg(QString::fromStdString(old.name)));
  disconnect(told);
  reason_->setVisible(!taken);
  if (taken) return;
  block_ = old;
  Q_EMIT renamed(QString::fromStdString(old.name));
  name_->setModified(true);
  reason_->setText(tr("Not taken: %1. It stays %2.").arg(why, QString::fromStdString(old.name)));
}

bool BlockHeader::eventFilter(QObject* watched, QEvent* event) {
  if (event->type() == QEvent::FocusOut) document_.endMerge();
  if (isUndo(*event)) {
    event->ignore();
    return true;
  }
  if (watched == name_ && event->type() == QEvent::KeyPress &&
      static_cast<QKeyEvent*>(event)->key() == Qt::Key_Escape && name_->isModified()) {
    name_->setText(QString::fromStdString(block_.name));
    reason_->hide();
    return true;
  }
  return QWidget::eventFilter(watched, event);
}

void BlockHeader::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (event->type() == QEvent::PaletteChange) showBadge();
}

}  // namespace blockyard
