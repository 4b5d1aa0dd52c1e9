// ProblemList: everything that is wrong with the pipeline, errors first. Enter or a double click goes to the place; the
// fixes of the problem under the cursor are buttons below and stand in its menu.
#pragma once
#include <QtCore/QAbstractListModel>
#include <QtWidgets/QHBoxLayout>
#include <QtWidgets/QLabel>
#include <QtWidgets/QListView>
#include <QtWidgets/QMenu>
#include <QtWidgets/QStackedWidget>
#include <QtWidgets/QWidget>

#include "widgets/common/document.hpp"

namespace blockyard {

// The problems of a check, as rows of a view.
class ProblemModel final : public QAbstractListModel {
  Q_OBJECT

 public:
  using QAbstractListModel::QAbstractListModel;

  // Errors first, otherwise in the given order. Rows stay as they are if the texts are the same. True if they changed.
  bool setProblems(std::vector<Problem> problems);
  const std::vector<Problem>& problems() const { return problems_; }
  int rowCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;

 private:
  std::vector<Problem> problems_;
};

class ProblemList final : public QWidget {
  Q_OBJECT

 public:
  // The document must outlive it.
  explicit ProblemList(Document& document, QWidget* parent = nullptr);

  int errors() const { return errors_; }
  int warnings() const { return warnings_; }
  QListView* view() const { return view_; }

 Q_SIGNALS:
  void countChanged(int errors, int warnings);
  // Block "training" for the training settings; port and parameter may be empty.
  void goTo(const QString& block, const QString& port, const QString& parameter);

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void refresh();
  void select(const std::string& text);
  const Problem* current() const;
  void activate(const QModelIndex& index);
  void showFixes();
  void openMenu(const QPoint& place);

  Document& document_;
  ProblemModel* model_;
  QStackedWidget* stack_;
  QListView* view_;
  QWidget* fixes_;
  QHBoxLayout* fixes_layout_;
  int errors_ = 0, warnings_ = 0;
};

}  // namespace blockyard
