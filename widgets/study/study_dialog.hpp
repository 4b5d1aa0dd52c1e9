// StudyDialog: asks what a study shall vary - parameters and their values or ranges, or blocks that are left out in
// turn - over how many seeds and folds. It checks what can be checked at once and starts nothing: what is wanted is
// told by a signal. GUI thread.
#pragma once
#include <QtWidgets/QDialog>

#include "study/spec.hpp"
#include "widgets/common/document.hpp"

class QComboBox;
class QFormLayout;
class QLabel;
class QLineEdit;
class QPushButton;
class QSpinBox;
class QStackedWidget;
class QTableWidget;

namespace blockyard {

class StudyDialog final : public QDialog {
  Q_OBJECT

 public:
  StudyDialog(Document& document, QWidget* parent);

  // What is asked as it stands. Throws Error with what is wrong.
  StudySpec spec() const;
  void accept() override;

 Q_SIGNALS:
  void wanted(const blockyard::StudySpec& spec);

 private:
  void addQuestion(QFormLayout& form);
  void addMeans(QFormLayout& form);
  QWidget* makeAxes();
  QWidget* makeBlocks();
  void addAxis(const QString& parameter);
  void suggestValues(int row);
  void judge();
  bool ablates() const;

  Document& document_;
  QComboBox *search_, *metric_;
  QStackedWidget* pages_;
  QTableWidget *axes_, *blocks_;
  QLineEdit *name_, *purpose_;
  QSpinBox *trials_, *seeds_, *folds_, *halving_, *at_once_;
  QLabel* summary_;
  QPushButton* start_;
};

}  // namespace blockyard
