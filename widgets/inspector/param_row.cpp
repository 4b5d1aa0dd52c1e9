#include "widgets/inspector/param_row.hpp"

#include <QtGui/QContextMenuEvent>

#include "base/error.hpp"
#include "widgets/inspector/param_text.hpp"

namespace blockyard {
namespace {

constexpr int kReasonDelay = 600;  // ms

bool isCode(const Param& param) {
  return param.role == Role::Code;
}

}  // namespace

ParamRow::ParamRow(Document& document, ParamPlace place, QWidget* parent)
    : QWidget(parent), document_(document), place_(std::move(place)) {
  setObjectName(QString::fromStdString(param().name));
  buildFrame();
  makeEditor(EditorFor::Any);
  reason_timer_.setSingleShot(true);
  reason_timer_.setInterval(kReasonDelay);
  connect(&reason_timer_, &QTimer::timeout, reason_, &QWidget::show);
  sync();
}

void ParamRow::buildFrame() {
  grid_ = new QGridLayout(this);
  grid_->setContentsMargins(0, 0, 0, 0);
  grid_->setHorizontalSpacing(4);
  grid_->setVerticalSpacing(2);
  grid_->setColumnStretch(2, 1);
  mark_ = new QLabel(QStringLiteral("•"), this);
  mark_->setObjectName(QStringLiteral("mark"));
  mark_->setForegroundRole(QPalette::Link);
  mark_->setFixedWidth(fontMetrics().horizontalAdvance(u'•') + 2);
  mark_->setToolTip(tr("Set here; not the default"));
  QString name = readableName(param().name);
  const QString unit = QString::fromStdString(param().unit);
  if (!unit.isEmpty() && !name.endsWith(unit)) name = tr("%1 (%2)").arg(name, unit);
  label_ = new QLabel(name, this);
  label_->setTextFormat(Qt::PlainText);
  label_->setWordWrap(true);
  label_->setToolTip(paramToolTip(param()));
  reset_ = new QToolButton(this);
  reset_->setObjectName(QStringLiteral("reset"));
  reset_->setAutoRaise(true);
  reset_->setIcon(resetIcon(palette()));
  reset_->setIconSize({14, 14});
  reset_->setToolTip(tr("Back to the default"));
  reset_->setAccessibleName(tr("Back to the default of %1").arg(readableName(param().name)));
  QSizePolicy keep = reset_->sizePolicy();
  keep.setRetainSizeWhenHidden(true);  // so that fields do not jump
  reset_->setSizePolicy(keep);
  connect(reset_, &QToolButton::clicked, this, &ParamRow::reset);
  stands_for_ = new ToneLabel(ToneLabel::Tone::Faint, this);
  stands_for_->setObjectName(QStringLiteral("standsFor"));
  stands_for_->setTextFormat(Qt::PlainText);
  reason_ = new ToneLabel(ToneLabel::Tone::Problem, this);
  reason_->setObjectName(QStringLiteral("reason"));
  reason_->setTextFormat(Qt::PlainText);
  reason_->hide();
  problems_ = new ProblemNotes(document_, NamePlace::No, this);

  const int first = isCode(param()) ? 0 : 2;  // code takes the whole width
  grid_->addWidget(mark_, 0, 0, Qt::AlignVCenter);
  grid_->addWidget(label_, 0, 1, Qt::AlignVCenter);
  grid_->addWidget(reset_, 0, 3, Qt::AlignVCenter);
  grid_->addWidget(stands_for_, 2, first, 1, 4 - first);
  grid_->addWidget(reason_, 3, first, 1, 4 - first);
  grid_->addWidget(problems_, 4, 1, 1, 3);  // what to do has long names
}

void ParamRow::makeEditor(EditorFor what) {
  if (editor_ != nullptr) {
    editor_->field()->removeEventFilter(this);
    editor_->hide();
    editor_->deleteLater();  // its own signal may be the reason for this
  }
  editor_for_ = what;
  editor_ = makeParamEditor(param(), what, this);
  if (isCode(param()))
    grid_->addWidget(editor_, 1, 0, 1, 4);
  else
    grid_->addWidget(editor_, 0, 2, Qt::AlignVCenter);
  connect(editor_, &ParamEditor::edited, this, &ParamRow::take);
  connect(editor_, &ParamEditor::cleared, this, &ParamRow::reset);
  QWidget* field = editor_->field();
  field->installEventFilter(this);
  field->setFocusPolicy(Qt::StrongFocus);
  field->setToolTip(paramToolTip(param()));
  field->setAccessibleName(readableName(param().name));
  label_->setBuddy(field);
  // An editor that takes another's place takes its turn, too: before the button.
  setTabOrder(reset_, field);
  setTabOrder(field, reset_);
  editor_->setFolder(QString::fromStdString(document_.project().folder()));
}

int ParamRow::labelWidth() const {
  return label_->fontMetrics().horizontalAdvance(label_->text()) + 2;
}

void ParamRow::setLabelWidth(int width) {
  if (!isCode(param())) label_->setFixedWidth(width);
}

void ParamRow::sync() {
  const OrderedJson* stored = place_.stored(document_.graph());
  const std::optional<OrderedJson> now = stored == nullptr ? std::nullopt : std::optional(*stored);
  const bool line = stored != nullptr && namesVariable(param(), *stored);
  if (!ever_shown_ || now != shown_) {
    const EditorFor wanted = line ? EditorFor::Line : EditorFor::Any;
    if (wanted != editor_for_) makeEditor(wanted);
    shown_ = now;
    ever_shown_ = true;
    showStored();
  }
  const bool differs = place_.differs(document_.graph());
  mark_->setText(stored == nullptr && !differs ? QString() : QStringLiteral("•"));
  reset_->setVisible(stored != nullptr || differs);
  stands_for_->setVisible(line || differs);
  if (differs) {
    stands_for_->setText(tr("The blocks differ; shown is that of %1.").arg(QString::fromStdString(place_.owner())));
  } else if (line) {
    try {
      const OrderedJson value = document_.project().settledVariables().replaced(*stored);
      stands_for_->setText(tr("stands for %1").arg(shownText(param(), value)));
    } catch (const Error& error) {
      stands_for_->setText(QString::fromUtf8(error.what()));
    }
  }
  editor_->setColumns(columns_);
  describe();
}

void ParamRow::setColumns(const QStringList& names) {
  columns_ = names;
  editor_->setColumns(names);
}

void ParamRow::showProblems(std::vector<Problem> problems) {
  editor_->markLine(problems.empty() ? 0 : problems.front().where.line);
  problems_->showProblems(std::move(problems));
}

void ParamRow::describe() {
  QString text = QString::fromStdString(param().doc) + ". ";
  if (!isCode(param())) text += tr("Default: %1. ").arg(shownText(param().fallback));
  if (const QString limit = limitText(param()); !limit.isEmpty()) text += tr("Allowed: %1. ").arg(limit);
  text += shown_ ? tr("Set here.") : tr("Not set: the default holds.");
  if (refused_) text += u' ' + reason_->text();
  if (field()->accessibleDescription() != text) field()->setAccessibleDescription(text);
}

void ParamRow::showStored() {
  refused_ = false;
  reason_timer_.stop();
  reason_->hide();
  editor_->showText(shown_ ? std::optional(shownText(param(), *shown_)) : std::nullopt);
}

void ParamRow::take(const QString& text) {
  OrderedJson value;
  try {
    value = storedFromText(param(), text, document_.project().settledVariables());
  } catch (const Error& error) {
    const std::string hint = error.hint().empty() ? "" : " (" + error.hint() + ")";
    refuse(QString::fromStdString(error.problem() + hint));
    return;
  }
  refused_ = false;
  reason_timer_.stop();
  reason_->hide();
  if (shown_ == value && !place_.differs(document_.graph())) return describe();
  shown_ = value;  // before the document tells of it, so that the field keeps what is typed
  const QString address = QString::fromStdString(place_.address());
  if (!document_.apply(place_.set(std::move(value)), tr("Set %1").arg(address), address)) {
    ever_shown_ = false;
    sync();
  }
}

void ParamRow::refuse(const QString& reason) {
  const OrderedJson* stored = place_.stored(document_.graph());
  const QString kept = stored == nullptr ? shownText(param().fallback) : shownText(param(), *stored);
  reason_->setText(tr("Not taken: %1. It stays %2.").arg(reason, kept.isEmpty() ? tr("empty") : kept));
  refused_ = true;
  if (reason_->isHidden()) reason_timer_.start();
  describe();
}

void ParamRow::reset() {
  refused_ = false;
  reason_timer_.stop();
  reason_->hide();
  if (place_.stored(document_.graph()) != nullptr || place_.differs(document_.graph())) {
    document_.endMerge();  // taking back is an act of its own: its inverse sets the value
    document_.apply(place_.clear(document_.graph()), tr("Reset %1").arg(QString::fromStdString(place_.address())));
  }
  ever_shown_ = false;
  sync();
}

void ParamRow::leave() {
  document_.endMerge();
  if (refused_) {
    reason_timer_.stop();
    reason_->show();
  }
}

// Once nobody types there, the field shows the value in the usual notation and with the usual editor.
void ParamRow::tidy() {
  if (refused_ || field()->hasFocus()) return;
  ever_shown_ = false;
  sync();
}

bool ParamRow::eventFilter(QObject* watched, QEvent* event) {
  if (watched != field()) return QWidget::eventFilter(watched, event);
  switch (event->type()) {
    case QEvent::FocusOut:
      // A menu or a list of offers belongs to the field.
      if (static_cast<QFocusEvent*>(event)->reason() == Qt::PopupFocusReason) break;
      leave();
      QMetaObject::invokeMethod(this, &ParamRow::tidy, Qt::QueuedConnection);
      break;
    case QEvent::ShortcutOverride:
      // In code it is the text that is undone, everywhere else the act.
      if (!isCode(param()) && isUndo(*event)) {
        event->ignore();
        return true;
      }
      break;
    case QEvent::KeyPress: {
      const int key = static_cast<QKeyEvent*>(event)->key();
      if ((key == Qt::Key_Return || key == Qt::Key_Enter) && !isCode(param())) leave();
      if (key == Qt::Key_Escape && refused_) {
        showStored();
        describe();
        return true;
      }
      break;
    }
    case QEvent::Wheel:
      // Who scrolls the form does not mean the number under the pointer.
      if (!field()->hasFocus()) {
        event->ignore();
        return true;
      }
      break;
    case QEvent::ContextMenu:
      openMenu(static_cast<QContextMenuEvent*>(event)->globalPos());
      return true;
    default:
      break;
  }
  return QWidget::eventFilter(watched, event);
}

void ParamRow::contextMenuEvent(QContextMenuEvent* event) {
  openMenu(event->globalPos());
}

void ParamRow::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (event->type() == QEvent::PaletteChange) reset_->setIcon(resetIcon(palette()));
}

}  // namespace blockyard
