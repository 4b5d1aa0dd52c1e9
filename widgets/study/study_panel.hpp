// StudyPanel: the studies of a project - one of them with its trials, what matters and what has no effect, how far it
// is, and what can be done with a trial. GUI thread.
#pragma once
#include <QtCore/QTimer>
#include <QtWidgets/QWidget>
#include <filesystem>
#include <memory>

#include "widgets/study/study_link.hpp"

class QComboBox;
class QLabel;
class QProgressBar;
class QPushButton;
class QSortFilterProxyModel;
class QStackedWidget;
class QTableView;

namespace blockyard {

class AnswerBars;
class Document;
class EffectPlot;
class ParallelPlot;
class StudyDialog;
class TrialsModel;

class StudyPanel final : public QWidget {
  Q_OBJECT

 public:
  explicit StudyPanel(Document& document, QWidget* parent = nullptr);

  void setFolder(std::filesystem::path project_folder);
  // Asks for a new study; nullptr if the project is not saved yet, which is told.
  StudyDialog* ask();
  void showStudy(const QString& name);
  StudyLink& link() { return link_; }
  QString message() const;  // what stands below the buttons

 Q_SIGNALS:
  void compare(const QStringList& runs);
  void failed(const QString& why);
  void ended(const QString& name);

 private:
  void build();
  QWidget* buildResults();
  void begin(const StudySpec& spec);
  void fillNames(const QString& current);
  void refresh();
  void take(const std::shared_ptr<StudyView>& view);
  void sayHowFar();
  void updateButtons();
  const TrialResult* selectedTrial() const;
  void useSettings();
  void selectTrial(qint64 trial);

  Document& document_;
  std::filesystem::path folder_{};
  StudyLink link_;
  std::shared_ptr<StudyView> view_ = std::make_shared<StudyView>();
  QTimer refresh_timer_;
  QComboBox* names_;
  QProgressBar* progress_;
  QLabel* state_;
  QPushButton *new_, *go_, *use_, *compare_;
  TrialsModel* model_;
  QSortFilterProxyModel* sorted_;
  QTableView* table_;
  QStackedWidget* pictures_;
  ParallelPlot* parallel_;
  EffectPlot* effects_;
  AnswerBars* importance_;
};

}  // namespace blockyard
