// PredictPanel: tries a trained pipeline on what a person has at hand - a dropped file, a typed row, pictures - and
// shows its answers with the probabilities as bars. GUI thread; the work is done on another one.
#pragma once
#include <QtCore/QTimer>
#include <QtWidgets/QWidget>
#include <filesystem>
#include <memory>

#include "widgets/predict/predict_link.hpp"

class QLabel;
class QPushButton;
class QStackedWidget;
class QTableView;

namespace blockyard {

class AnswersModel;
class AnswerView;
class RowForm;
class ToneLabel;
class TrainedBox;

class PredictPanel final : public QWidget {
  Q_OBJECT

 public:
  explicit PredictPanel(QWidget* parent = nullptr);

  // The project whose runs are offered; empty: none.
  void setFolder(const std::filesystem::path& project_folder);
  TrainedBox& trained() { return *trained_; }
  // Takes the trained pipeline of a run of the project, or a bundle file.
  void chooseRun(const QString& run);
  void chooseBundle(const QString& file);
  void askFiles(const QStringList& files);
  // Whether the pipeline that is chosen starts with pictures; false until it is loaded.
  bool takesPictures() const;
  QString message() const;

 Q_SIGNALS:
  void answered();

 protected:
  void showEvent(QShowEvent* event) override;
  void dragEnterEvent(QDragEnterEvent* event) override;
  void dropEvent(QDropEvent* event) override;

 private:
  QWidget* buildTop();
  QWidget* buildAsk();
  void listen();
  void loadChosen();
  void showInputs(const Signatures& inputs);
  void askTyped();
  void showAnswers(std::shared_ptr<const Answers> answers);
  void tell(const Error& error);
  void openFiles();
  void saveAnswers();

  PredictLink link_;
  std::filesystem::path loaded_;  // what the link has, or was asked to have
  Signatures inputs_;
  std::shared_ptr<const Answers> answers_;
  bool typed_ = false;  // the answers are for the typed row
  QTimer typing_;
  TrainedBox* trained_ = nullptr;
  QPushButton *open_ = nullptr, *save_ = nullptr, *clear_ = nullptr;
  ToneLabel *problem_ = nullptr, *state_ = nullptr;
  QStackedWidget* ask_ = nullptr;
  RowForm* form_ = nullptr;
  QLabel* drop_ = nullptr;
  AnswerView* answer_ = nullptr;
  QTableView* table_ = nullptr;
  AnswersModel* model_ = nullptr;
};

}  // namespace blockyard
