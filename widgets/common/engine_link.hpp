// EngineLink: the engine thread as an object of Qt. It posts commands and, 10 times a second, hands on what the engine
// has said. GUI thread; nothing here waits for the engine.
#pragma once
#include <QtCore/QObject>
#include <QtCore/QTimer>
#include <memory>

#include "training/messages.hpp"

namespace blockyard {

class Session;

class EngineLink final : public QObject {
  Q_OBJECT

 public:
  enum class State { Idle, Preparing, Training, Paused, Stopping };
  Q_ENUM(State)

  explicit EngineLink(QObject* parent = nullptr);
  ~EngineLink() override;  // stops what runs, after its batch and with a checkpoint

  State state() const { return state_; }
  bool busy() const { return state_ != State::Idle; }

  void start(Start start);
  void pause();
  void resume();
  void stop();
  void scaleLearningRate(double factor);
  // Asks the training for a look at a port; previewed() answers with the same number, unless the training ends before.
  void askPreview(PreviewPort look);

 Q_SIGNALS:
  void stateChanged();
  void preparing(const blockyard::Preparing& event);
  void started(const blockyard::Started& event);
  void stepDone(const blockyard::StepDone& event);
  void timesTaken(const blockyard::BlockTimes& event);
  void histogramsTaken(const blockyard::Histograms& event);
  void epochDone(const blockyard::EpochDone& event);
  void saved(const blockyard::Saved& event);
  void noticed(const QString& text);
  void previewed(const blockyard::Previewed& event);
  void failed(const blockyard::Error& error);
  void finished(const blockyard::Finished& event);

 private:
  void drain();
  void setState(State state);

  std::unique_ptr<Session> session_;  // made with the first start: a window that only edits has no engine thread
  QTimer timer_;
  State state_ = State::Idle;
};

}  // namespace blockyard
