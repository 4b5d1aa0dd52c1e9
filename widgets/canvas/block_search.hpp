// BlockSearch: the box at the cursor that finds a block by its name or by what it does. Keyboard: type, arrows, Enter;
// Escape closes it. Not modal: it goes when it loses the focus.
#pragma once
#include <QtWidgets/QFrame>
#include <functional>
#include <string>
#include <vector>

class QLineEdit;
class QListWidget;

namespace blockyard {

class BlockSearch final : public QFrame {
  Q_OBJECT

 public:
  explicit BlockSearch(QWidget* parent);

  // Offers these types, in this order (of all blocks if the list is empty), and calls `chosen` with the one picked.
  void open(QPoint at, std::vector<std::string> types, std::function<void(const std::string&)> chosen);
  QLineEdit* field() const { return field_; }
  QListWidget* list() const { return list_; }

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void fill(const QString& text);
  void choose();

  QLineEdit* field_;
  QListWidget* list_;
  std::vector<std::string> types_;
  std::function<void(const std::string&)> chosen_;
};

// How well a block answers to a text: 0 not at all; the start of its name counts most, its description least.
int matchOf(const std::string& type_id, const QString& text);

}  // namespace blockyard
