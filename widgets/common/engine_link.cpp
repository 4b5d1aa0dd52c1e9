#include "widgets/common/engine_link.hpp"

#include <utility>

#include "training/session.hpp"

namespace blockyard {
namespace {

constexpr int kDrainMilliseconds = 100;  // as often as the engine tells of its steps

template <class... F>
struct Each : F... {
  using F::operator()...;
};

}  // namespace

EngineLink::EngineLink(QObject* parent) : QObject(parent) {
  timer_.setInterval(kDrainMilliseconds);
  connect(&timer_, &QTimer::timeout, this, &EngineLink::drain);
}

EngineLink::~EngineLink() = default;

void EngineLink::start(Start start) {
  if (!session_) session_ = std::make_unique<Session>();
  session_->post(std::move(start));
  timer_.start();
  setState(State::Preparing);
}

void EngineLink::pause() {
  if (state_ == State::Training) session_->post(Pause{});
}

void EngineLink::resume() {
  if (state_ != State::Paused) return;
  session_->post(Continue{});
  setState(State::Training);
}

void EngineLink::stop() {
  if (!busy()) return;
  session_->post(Stop{});
  setState(State::Stopping);
}

void EngineLink::scaleLearningRate(double factor) {
  if (busy()) session_->post(SetLearningRate{factor});
}

void EngineLink::askPreview(PreviewPort look) {
  if (busy()) session_->post(std::move(look));
}

void EngineLink::setState(State state) {
  if (state_ == state) return;
  state_ = state;
  Q_EMIT stateChanged();
}

void EngineLink::drain() {
  for (const Event& event : session_->drain()) {
    std::visit(
        Each{[this](const Preparing& e) { Q_EMIT preparing(e); },
             [this](const Started& e) {
               if (state_ == State::Preparing) setState(State::Training);
               Q_EMIT started(e);
             },
             [this](const StepDone& e) { Q_EMIT stepDone(e); }, [this](const BlockTimes& e) { Q_EMIT timesTaken(e); },
             [this](const Histograms& e) { Q_EMIT histogramsTaken(e); },
             [this](const EpochDone& e) { Q_EMIT epochDone(e); }, [this](const Saved& e) { Q_EMIT saved(e); },
             [this](const Paused&) {
               if (state_ == State::Training) setState(State::Paused);
             },
             [this](const Notice& e) { Q_EMIT noticed(QString::fromStdString(e.text)); },
             [this](const Previewed& e) { Q_EMIT previewed(e); },
             [this](const Failed& e) {
               setState(State::Idle);
               Q_EMIT failed(e.error);
             },
             [this](const Finished& e) {
               setState(State::Idle);
               Q_EMIT finished(e);
             }},
        event);
  }
  if (!busy()) timer_.stop();
}

}  // namespace blockyard
