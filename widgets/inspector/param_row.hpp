// ParamRow: one parameter - its name, the editor that suits it, a mark and a way back if it is set, what a variable
// stands for, and what is wrong. What is typed goes into the document at once, as one act until the field is left; what
// cannot be taken stays in the field with the reason below, and the document keeps its old value.
#pragma once
#include <QtCore/QTimer>
#include <QtWidgets/QGridLayout>
#include <QtWidgets/QLabel>
#include <QtWidgets/QMenu>
#include <QtWidgets/QToolButton>
#include <QtWidgets/QWidget>

#include "widgets/common/document.hpp"
#include "widgets/inspector/marks.hpp"
#include "widgets/inspector/param_editor.hpp"
#include "widgets/inspector/param_place.hpp"
#include "widgets/inspector/problem_notes.hpp"

namespace blockyard {

struct SweepWish;

class ParamRow final : public QWidget {
  Q_OBJECT

 public:
  ParamRow(Document& document, ParamPlace place, QWidget* parent);

  const Param& param() const { return place_.param; }
  QWidget* field() const { return editor_->field(); }
  // Shows what the document holds now. Does not touch the field unless the value is another one.
  void sync();
  void showProblems(std::vector<Problem> problems);
  // Columns to offer in fields for columns.
  void setColumns(const QStringList& names);
  // The block has another name now.
  void setBlock(const NodeId& block) { place_.block = block; }
  // Rows of a form have labels of one width.
  int labelWidth() const;
  void setLabelWidth(int width);

 Q_SIGNALS:
  void helpWanted(const QString& parameter);
  void sweepWanted(const blockyard::SweepWish& wish);

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;
  void contextMenuEvent(QContextMenuEvent* event) override;
  void changeEvent(QEvent* event) override;

 private:
  void makeEditor(EditorFor what);
  void buildFrame();
  void describe();
  void showStored();
  void take(const QString& text);
  void refuse(const QString& reason);
  void reset();
  void leave();
  void tidy();
  // param_menu.cpp
  void openMenu(const QPoint& place);
  void addVariables(QMenu& menu);
  void useVariable(const std::string& name);
  void askForVariable();
  void askForSweep();
  void makeVariable(const QString& name);
  OrderedJson effective() const;

  Document& document_;
  ParamPlace place_;
  QGridLayout* grid_;
  QLabel* mark_;
  QLabel* label_;
  ParamEditor* editor_ = nullptr;
  EditorFor editor_for_ = EditorFor::Any;
  QToolButton* reset_;
  ToneLabel* stands_for_;
  ToneLabel* reason_;
  ProblemNotes* problems_;
  std::optional<OrderedJson> shown_{};  // the value that the field shows; none: not set
  bool ever_shown_ = false;
  QStringList columns_;
  bool refused_ = false;  // the field holds something that was not taken
  QTimer reason_timer_;   // half-typed input is not wrong yet
};

}  // namespace blockyard
