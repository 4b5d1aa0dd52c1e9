#include "widgets/training/sweep.hpp"

#include "graph/snapshot.hpp"
#include "widgets/inspector/param_text.hpp"

namespace blockyard {

Sweep::Sweep(EngineLink& link, Document& document, TrainingPanel& panel, QObject* parent)
    : QObject(parent), link_(link), document_(document), panel_(panel) {
  connect(&link_, &EngineLink::finished, this, &Sweep::finished);
  connect(&link_, &EngineLink::failed, this, &Sweep::failed);
}

void Sweep::start(const SweepWish& wish) {
  if (link_.busy()) throw Error({}, tr("a training is running").toStdString(), tr("stop it, or wait").toStdString());
  if (document_.project().file.empty())
    throw Error({}, tr("the project is not saved yet").toStdString(),
                tr("save it: runs are kept in its folder").toStdString());
  const std::string purpose = panel_.purpose().simplified().toStdString();
  std::deque<Start> starts;
  for (const OrderedJson& value : wish.values) {
    Project project = document_.project();
    const std::string& pipeline = document_.root();
    project.apply(document_.pipeline(), wish.place.set(value));
    const std::string text = "=" + shownText(wish.place.param, value).toStdString();
    std::vector<std::string> settings = settingNames(project, pipeline, document_.pipeline(), wish.place);
    for (std::string& setting : settings) setting += text;
    const std::string what = wish.place.address() + text;
    starts.push_back({.plan = makePlan(project, pipeline),
                      .purpose = purpose.empty() ? what : purpose + ": " + what,
                      .overrides = std::move(settings),
                      .snapshot = snapshotText(project, pipeline)});
  }
  waiting_ = std::move(starts);
  count_ = waiting_.size();
  runs_.clear(), failures_.clear();
  running_ = true;
  next();
}

void Sweep::next() {
  if (waiting_.empty()) return end();
  Start start = std::move(waiting_.front());
  waiting_.pop_front();
  current_ = QString::fromStdString(start.overrides.empty() ? start.purpose : start.overrides.front());
  Q_EMIT progressed(tr("Run %1 of %2: %3").arg(count_ - waiting_.size()).arg(count_).arg(current_));
  panel_.startRun(std::move(start));
}

void Sweep::finished(const Finished& event) {
  if (!running_) return;
  if (!event.run.empty()) runs_ << QString::fromStdString(event.run);
  if (event.state != "done") waiting_.clear();
  // The panel is to show the end of this run first.
  QMetaObject::invokeMethod(this, &Sweep::next, Qt::QueuedConnection);
}

void Sweep::failed(const Error& error) {
  if (!running_) return;
  failures_ << current_ + QStringLiteral(": ") + QString::fromUtf8(error.what());
  QMetaObject::invokeMethod(this, &Sweep::next, Qt::QueuedConnection);
}

void Sweep::end() {
  if (!std::exchange(running_, false)) return;
  Q_EMIT progressed({});
  if (!failures_.isEmpty()) Q_EMIT someFailed(failures_.join(u'\n'));
  Q_EMIT ended(runs_);
}

}  // namespace blockyard
