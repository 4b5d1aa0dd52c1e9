#include "widgets/inspector/param_editor.hpp"

#include <QtCore/QDir>
#include <QtWidgets/QCheckBox>
#include <QtWidgets/QComboBox>
#include <QtWidgets/QFileDialog>
#include <QtWidgets/QHBoxLayout>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QToolButton>
#include <algorithm>

#include "widgets/common/allowed_paths.hpp"
#include "widgets/inspector/code_edit.hpp"
#include "widgets/inspector/column_completer.hpp"
#include "widgets/inspector/integer_box.hpp"
#include "widgets/inspector/memory_slider.hpp"
#include "widgets/inspector/param_text.hpp"

namespace blockyard {
namespace {

QHBoxLayout* bareLayout(QWidget* widget) {
  auto* out = new QHBoxLayout(widget);
  out->setContentsMargins(0, 0, 0, 0);
  out->setSpacing(4);
  return out;
}

class FlagEditor final : public ParamEditor {
 public:
  FlagEditor(const Param& param, QWidget* parent) : ParamEditor(parent), fallback_(param.fallback.as<bool>()) {
    box_ = new QCheckBox(this);
    bareLayout(this)->addWidget(box_);
    connect(box_, &QCheckBox::clicked, this, [this] { Q_EMIT edited(text()); });
  }
  void showText(const std::optional<QString>& text) override {
    box_->setChecked(text ? *text == QLatin1String("true") : fallback_);
  }
  QString text() const override { return box_->isChecked() ? QStringLiteral("true") : QStringLiteral("false"); }
  QWidget* field() const override { return box_; }

 private:
  bool fallback_;
  QCheckBox* box_;
};

class ChoiceEditor final : public ParamEditor {
 public:
  ChoiceEditor(const Param& param, QWidget* parent) : ParamEditor(parent), fallback_(shownText(param.fallback)) {
    box_ = new QComboBox(this);
    for (const auto& choice : std::get<Choices>(param.limit)) box_->addItem(QString::fromStdString(choice));
    box_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    box_->setMinimumContentsLength(6);
    bareLayout(this)->addWidget(box_);
    connect(box_, &QComboBox::activated, this, [this] { Q_EMIT edited(text()); });
  }
  void showText(const std::optional<QString>& text) override {
    box_->setPlaceholderText(text.value_or(fallback_));  // read where a wrong value is none of the choices
    box_->setCurrentIndex(box_->findText(text.value_or(fallback_)));
  }
  QString text() const override { return box_->currentIndex() < 0 ? box_->placeholderText() : box_->currentText(); }
  QWidget* field() const override { return box_; }

 private:
  QString fallback_;
  QComboBox* box_;
};

class IntegerEditor final : public ParamEditor {
 public:
  IntegerEditor(const Param& param, QWidget* parent) : ParamEditor(parent), fallback_(param.fallback.as<int64_t>()) {
    const auto* range = std::get_if<Range>(&param.limit);
    box_ = new IntegerBox(fallback_, range == nullptr ? Range{} : *range, this);
    box_->setPlaceholder(shownText(param.fallback));
    auto* layout = bareLayout(this);
    layout->addWidget(box_);
    connect(box_, &IntegerBox::edited, this, [this](const QString& text) {
      moveSlider(text);
      if (text.trimmed().isEmpty())
        Q_EMIT cleared();
      else
        Q_EMIT edited(text);
    });
    if (param.unit == "MiB" && range != nullptr) addSlider(layout, param, *range);
  }
  void showText(const std::optional<QString>& text) override {
    box_->setText(text.value_or(QString()));
    moveSlider(box_->text());
  }
  QString text() const override { return box_->text(); }
  QWidget* field() const override { return box_; }

 private:
  void addSlider(QHBoxLayout* layout, const Param& param, const Range& range) {
    slider_ = new MemorySlider(range, this);
    slider_->setAccessibleName(readableName(param.name));
    layout->setDirection(QBoxLayout::TopToBottom);  // side by side neither could be used
    layout->addWidget(slider_);
    connect(slider_, &MemorySlider::chosen, this, [this](int64_t amount) {
      box_->setText(QString::number(amount));
      Q_EMIT edited(box_->text());
    });
  }
  void moveSlider(const QString& text) {
    if (slider_ == nullptr) return;
    bool is_number = false;
    const qlonglong amount = text.toLongLong(&is_number);
    slider_->setMebibytes(is_number ? amount : fallback_);
  }

  int64_t fallback_;
  IntegerBox* box_;
  MemorySlider* slider_ = nullptr;
};

// Numbers in any notation, texts, lists, names of columns and of files.
class LineEditor final : public ParamEditor {
 public:
  LineEditor(const Param& param, QWidget* parent)
      : ParamEditor(parent), blanks_count_(param.fallback.is<std::string>()) {
    line_ = new QLineEdit(this);
    const QString fallback = shownText(param.fallback);
    line_->setPlaceholderText(!fallback.isEmpty() ? fallback
                              : isList(param)     ? ParamEditor::tr("a, b, ...")
                                                  : QString());
    auto* layout = bareLayout(this);
    layout->addWidget(line_);
    if (param.role == Role::File && !isList(param)) addFileButton(layout, param.name);
    if (param.role == Role::Column) addCompleter(ColumnCompleter::Of::OneName);
    if (param.role == Role::Columns) addCompleter(ColumnCompleter::Of::List);
    connect(line_, &QLineEdit::textEdited, this, &LineEditor::send);
  }
  void showText(const std::optional<QString>& text) override {
    const QString wanted = text.value_or(QString());
    if (wanted == line_->text()) return;
    const int cursor = line_->cursorPosition();
    line_->setText(wanted);
    line_->setCursorPosition(line_->hasFocus() ? std::min(cursor, static_cast<int>(wanted.size())) : 0);
  }
  QString text() const override { return line_->text(); }
  QWidget* field() const override { return line_; }
  void setFolder(const QString& folder) override { folder_ = folder; }
  void setColumns(const QStringList& names) override {
    if (completer_ != nullptr) completer_->setColumns(names);
  }

 private:
  void send(const QString& text) {
    if (text.isEmpty() || (!blanks_count_ && text.trimmed().isEmpty()))
      Q_EMIT cleared();
    else
      Q_EMIT edited(text);
  }
  void addCompleter(ColumnCompleter::Of of) {
    completer_ = new ColumnCompleter(of, this);
    line_->setCompleter(completer_);
    // A taken offer is set into the field without its signal of typing.
    connect(completer_, qOverload<const QString&>(&QCompleter::activated), this, &LineEditor::send);
  }
  // A parameter that is called "folder" takes one.
  void addFileButton(QHBoxLayout* layout, const std::string& name) {
    const bool folder = name == "folder";
    auto* button = new QToolButton(this);
    button->setText(QStringLiteral("…"));
    button->setToolTip(folder ? ParamEditor::tr("Choose a folder") : ParamEditor::tr("Choose a file"));
    button->setAccessibleName(folder ? ParamEditor::tr("Choose a folder")
                                     : ParamEditor::tr("Choose the file for %1").arg(readableName(name)));
    layout->addWidget(button);
    connect(button, &QToolButton::clicked, this, [this, folder] { chooseFile(folder); });
  }
  void chooseFile(bool folder) {
    auto* dialog =
        new QFileDialog(this, folder ? ParamEditor::tr("Choose a folder") : ParamEditor::tr("Choose a file"), folder_);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(folder ? QFileDialog::Directory : QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& file) {
      allowForGood(file);
      const QString inside = QDir(folder_).relativeFilePath(file);
      Q_EMIT edited(inside.startsWith(QLatin1String("..")) || folder_.isEmpty() ? file : inside);
    });
    dialog->open();
  }

  QLineEdit* line_;
  bool blanks_count_;  // a text may be a blank: a delimiter, say
  ColumnCompleter* completer_ = nullptr;
  QString folder_;
};

class CodeEditor final : public ParamEditor {
 public:
  CodeEditor(const Param& param, QWidget* parent) : ParamEditor(parent), fallback_(shownText(param.fallback)) {
    edit_ = new CodeEdit(this);
    bareLayout(this)->addWidget(edit_);
    connect(edit_, &QPlainTextEdit::textChanged, this, [this] {
      if (!showing_) Q_EMIT edited(edit_->toPlainText());
    });
  }
  void showText(const std::optional<QString>& text) override {
    const QString wanted = text.value_or(fallback_);
    if (wanted == edit_->toPlainText()) return;
    const int cursor = edit_->textCursor().position();
    showing_ = true;
    edit_->setPlainText(wanted);
    showing_ = false;
    QTextCursor place = edit_->textCursor();
    place.setPosition(std::min(cursor, static_cast<int>(wanted.size())));
    edit_->setTextCursor(place);
  }
  void markLine(int64_t line) override { edit_->markLine(line); }
  QString text() const override { return edit_->toPlainText(); }
  QWidget* field() const override { return edit_; }

 private:
  QString fallback_;
  CodeEdit* edit_;
  bool showing_ = false;
};

}  // namespace

void ParamEditor::setColumns(const QStringList& /*names*/) {}
void ParamEditor::setFolder(const QString& /*folder*/) {}
void ParamEditor::markLine(int64_t /*line*/) {}

ParamEditor* makeParamEditor(const Param& param, EditorFor what, QWidget* parent) {
  if (param.role == Role::Code) return new CodeEditor(param, parent);
  if (what == EditorFor::Any) {
    if (param.fallback.is<bool>()) return new FlagEditor(param, parent);
    if (isChoice(param)) return new ChoiceEditor(param, parent);
    if (param.fallback.is<int64_t>()) return new IntegerEditor(param, parent);
  }
  return new LineEditor(param, parent);
}

}  // namespace blockyard
