// NotesDialog: the tags and the note of a run, or tags for several runs at once. It only asks; whoever opened it
// writes. GUI thread.
#pragma once
#include <QtWidgets/QDialog>

#include "runs/notes.hpp"

class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;

namespace blockyard {

class NotesDialog final : public QDialog {
  Q_OBJECT

 public:
  // Of one run: what it has now can be changed.
  NotesDialog(const QString& run, const RunNotes& notes, QWidget* parent = nullptr);
  // Tags that so many runs get beside those they have.
  NotesDialog(int runs, QWidget* parent);

  Texts tags() const;
  QString note() const;
  QLineEdit& tagsEdit() { return *tags_; }
  QPlainTextEdit* noteEdit() { return note_; }  // nullptr for several runs

 private:
  void build(const QString& title, const QString& label);
  void check();
  QLineEdit* tags_;
  QPlainTextEdit* note_ = nullptr;
  QLabel* complaint_;
  QPushButton* accept_ = nullptr;
};

}  // namespace blockyard
