// Palette: all blocks by their kinds, with a search field. Drag one onto the canvas, or press Enter or double-click to
// add it after the selected block.
#pragma once
#include <QtWidgets/QWidget>

class QLineEdit;
class QTreeWidget;

namespace blockyard {

class Palette final : public QWidget {
  Q_OBJECT

 public:
  explicit Palette(QWidget* parent = nullptr);
  QLineEdit* field() const { return field_; }
  QTreeWidget* tree() const { return tree_; }

 Q_SIGNALS:
  void chosen(const QString& type);       // Enter, double click
  void highlighted(const QString& type);  // for the help page

 protected:
  void changeEvent(QEvent* event) override;
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void fill();
  void filter(const QString& text);

  QLineEdit* field_;
  QTreeWidget* tree_;
};

}  // namespace blockyard
