// Palette: all blocks by their kinds, with a search field, and the composites of the person's library. Drag one onto
// the canvas, or press Enter or double-click to add it after the selected block. In the library F2 renames, Delete
// removes.
#pragma once
#include <QtWidgets/QWidget>

class QLineEdit;
class QTreeWidget;
class QTreeWidgetItem;

namespace blockyard {

class BlockLibrary;

class Palette final : public QWidget {
  Q_OBJECT

 public:
  // The library may be null; else it must outlive the palette.
  explicit Palette(BlockLibrary* library = nullptr, QWidget* parent = nullptr);
  QLineEdit* field() const { return field_; }
  QTreeWidget* tree() const { return tree_; }

 Q_SIGNALS:
  void chosen(const QString& type);       // Enter, double click
  void keptChosen(const QString& file);   // the same for a block of the library
  void keptRemoved(const QString& name);  // BlockLibrary::bringBack() undoes it
  void refused(const QString& why);
  void highlighted(const QString& type);  // for the help page

 protected:
  void changeEvent(QEvent* event) override;
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void fill();
  void addKept();
  void take(const QTreeWidgetItem* item);
  void openMenu(const QPoint& at);
  void removeKept(QTreeWidgetItem* item);
  void renameKept(QTreeWidgetItem* item);
  void filter(const QString& text);

  BlockLibrary* library_;
  bool filling_ = false;
  QLineEdit* field_;
  QTreeWidget* tree_;
};

}  // namespace blockyard
