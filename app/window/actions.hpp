// Actions: every command of the window by its name, with a shortcut that the user may change. Menus, tool bars, the
// shortcut table and the tests find them here.
#pragma once
#include <QtCore/QSettings>
#include <QtGui/QAction>
#include <QtWidgets/QDialog>
#include <functional>
#include <map>

class QTableWidget;

namespace blockyard {

class Actions final : public QObject {
  Q_OBJECT

 public:
  explicit Actions(QWidget* window) : QObject(window), window_(window) {}

  // Makes an action, gives it the shortcut (or the one that the user has chosen before) and adds it to the window.
  QAction* add(const QString& name, const QString& text, const QKeySequence& shortcut, std::function<void()> work);
  // Has its shortcut mean this only while the focus is inside of `place`: elsewhere the key keeps its usual meaning.
  void keepTo(QWidget* place, const QString& name);
  QAction* find(const QString& name) const;  // nullptr if there is none
  const std::vector<std::pair<QString, QAction*>>& all() const { return actions_; }
  QKeySequence usual(const QString& name) const { return usual_.at(name); }

  // Keeps the choice. Empty and changes nothing if it is free, else the text of the action that has it.
  QString setShortcut(const QString& name, const QKeySequence& shortcut);

 private:
  QWidget* window_;
  std::vector<std::pair<QString, QAction*>> actions_;  // in the order in which they were made
  std::map<QString, QKeySequence> usual_;
};

// The table of all shortcuts: double-click or Enter changes one, and says which action has a shortcut already.
class ShortcutTable final : public QDialog {
  Q_OBJECT

 public:
  ShortcutTable(Actions& actions, QWidget* parent);

 private:
  void fill();

  Actions& actions_;
  QTableWidget* table_;
};

}  // namespace blockyard
