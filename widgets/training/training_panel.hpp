// TrainingPanel: starts and steers a training, and shows how it goes. Buttons follow the state of the EngineLink; what
// goes wrong is said in the panel, never in a dialog. GUI thread.
#pragma once
#include <QtCore/QTimer>
#include <QtWidgets/QWidget>
#include <map>
#include <optional>

#include "widgets/common/document.hpp"
#include "widgets/common/engine_link.hpp"
#include "widgets/training/process_load.hpp"

class QCheckBox;
class QLabel;
class QLineEdit;
class QProgressBar;
class QPushButton;
class QGridLayout;

namespace blockyard {

class TrainingPanel final : public QWidget {
  Q_OBJECT

 public:
  // Both must outlive the panel.
  TrainingPanel(EngineLink& link, Document& document, QWidget* parent = nullptr);

  // As the buttons do. Where the project demands a purpose and none is given, train() asks for it instead.
  void train();
  void dryRun();
  // Trains this, as a new run that is kept.
  void startRun(Start start);
  // Goes on with a run that was stopped, with the settings it began with.
  void resumeRun(const QString& run);
  QString purpose() const;
  // What the panel says: why training is not possible, an error, the end of a run.
  QString message() const;
  QSize minimumSizeHint() const override;

 Q_SIGNALS:
  // `block` is its id in the graph, empty if the error has no place there.
  void errorAt(const QString& block, const QString& text);
  void learningRateScaled(double factor);
  void runFinished(const QString& run);

 protected:
  void changeEvent(QEvent* event) override;
  void showEvent(QShowEvent* event) override;

 private:
  static constexpr int kBarSteps = 1000;  // of the progress bar

  void fitButtons();
  enum class Tone { Plain, Good, Problem };
  QPushButton* makeButton(const QString& text, const QString& tip, void (TrainingPanel::*press)());
  QLabel* makeFigure(QGridLayout& grid, int column, const QString& name);
  void build();
  void listen();
  void begin(bool dry);
  void startWith(Start start);
  void pauseOrContinue();
  void halve();
  void twice();
  void scaleRate(double factor);
  void say(const QString& text, Tone tone);
  void tell(const Error& error);
  void updateButtons();
  void updateReadiness();
  void updateLoad();
  void clearFigures();
  void onStarted(const Started& event);
  void showFigures();
  void showStep(const StepDone& event);
  void onFinished(const Finished& event);

  EngineLink& link_;
  Document& document_;
  Started started_{};
  bool dry_ = false;
  QString blocked_;  // why training is not possible now
  QLineEdit* purpose_ = nullptr;
  QCheckBox* required_ = nullptr;
  QPushButton *train_ = nullptr, *pause_ = nullptr, *stop_ = nullptr, *dry_run_ = nullptr;
  QPushButton *halve_ = nullptr, *double_ = nullptr;
  QProgressBar* bar_ = nullptr;
  QLabel *loss_ = nullptr, *rate_ = nullptr, *speed_ = nullptr, *left_ = nullptr, *device_ = nullptr,
         *memory_ = nullptr, *cpu_ = nullptr, *score_ = nullptr;
  QLabel* message_ = nullptr;
  QTimer load_timer_, figures_timer_;
  std::optional<StepDone> latest_step_{};  // not shown yet
  std::map<std::string, double> latest_scores_{};
  ProcessLoad load_;
};

}  // namespace blockyard
