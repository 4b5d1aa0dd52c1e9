#include "study/progress.hpp"

#include <algorithm>
#include <cmath>

#include "runs/journal_reader.hpp"

namespace blockyard {
namespace {

namespace fs = std::filesystem;

std::string environmentOf(const RunRecord& record) {
  std::string out = record.machine.host + ", " + record.machine.cpu;
  for (const auto& [name, version] : record.versions) out += ", " + name + " " + version;
  return out;
}

bool hasCheckpoint(const fs::path& run_folder) {
  std::error_code code;
  return fs::exists(run_folder / "checkpoints", code) && !fs::is_empty(run_folder / "checkpoints", code);
}

// The run of a training that counts, where more than one was begun.
int worth(RunState state) {
  switch (state) {
    case RunState::Done:
      return 5;
    case RunState::Running:
      return 4;
    case RunState::Failed:
    case RunState::Diverged:
      return 3;
    case RunState::Stopped:
      return 2;
    case RunState::Interrupted:
      return 1;
  }
  return 0;
}

StudyRun studyRunOf(const RunEntry& entry, const std::string& metric) {
  const RunRecord& record = *entry.record;
  StudyRun out{.id = record.id,
               .state = entry.shown,
               .epochs = record.epochs,
               .results = record.results,
               .seconds = record.seconds,
               .parameters = record.parameter_count,
               .error = record.error,
               .environment = environmentOf(record),
               .data = record.data_fingerprint};
  const auto part = record.results.find("validation");
  if (out.done() && part != record.results.end())
    if (const auto it = part->second.find(metric); it != part->second.end() && std::isfinite(it->second))
      out.score = it->second;
  return out;
}

}  // namespace

StudyProgress::StudyProgress(const Study& study) : study_(&study) {
  for (const RunEntry& entry : listRuns(study.projectFolder())) {
    if (!entry.record || entry.record->study.study != study.name()) continue;
    const auto it = runs_.find(entry.record->study);
    if (it == runs_.end() || worth(entry.shown) >= worth(it->second.state))
      runs_.insert_or_assign(entry.record->study, studyRunOf(entry, study.metric()));
  }
}

void StudyProgress::refresh(const std::string& run) {
  const RunEntry entry = readRun(study_->projectFolder() / "runs" / run);
  if (entry.record && entry.record->study.study == study_->name())
    runs_.insert_or_assign(entry.record->study, studyRunOf(entry, study_->metric()));
}

const StudyRun* StudyProgress::find(const StudyPlace& place) const {
  const auto it = runs_.find(place);
  return it == runs_.end() ? nullptr : &it->second;
}

std::optional<double> StudyProgress::scoreAfter(const StudyRun& run, int64_t epochs) const {
  const auto key = std::make_pair(run.id.text, epochs);
  if (const auto it = scores_.find(key); it != scores_.end()) return it->second;
  const JournalReader journal(study_->projectFolder() / "runs" / run.id.text);
  const auto& scalars = journal.scalars();
  const auto ends = scalars.find("train/epoch"), values = scalars.find("validation/" + study_->metric());
  std::optional<double> best;
  int64_t last = -1;
  if (ends != scalars.end())
    for (const auto& point : ends->second)
      if (static_cast<int64_t>(point.value) <= epochs) last = std::max(last, point.step);
  if (values != scalars.end())
    for (const auto& point : values->second) {
      const auto value = static_cast<double>(point.value);
      if (point.step > last || !std::isfinite(value)) continue;
      if (!best || (study_->largerIsBetter() ? value > *best : value < *best)) best = value;
    }
  if (run.state != RunState::Running) scores_[key] = best;
  return best;
}

bool StudyProgress::othersTrain() const {
  return std::any_of(runs_.begin(), runs_.end(),
                     [](const auto& each) { return each.second.state == RunState::Running; });
}

std::vector<int64_t> StudyProgress::stages() const {
  std::vector<int64_t> out;
  const StudySpec& spec = study_->spec();
  if (spec.halving_factor > 1)
    for (int64_t epochs = spec.halving_epochs; epochs < study_->epochs(); epochs *= spec.halving_factor)
      out.push_back(epochs);
  out.push_back(0);
  return out;
}

// Whether nothing is to be done for it any more; `epochs` 0: to its end.
bool StudyProgress::needs(const StudyPlace& place, int64_t epochs) const {
  if (given_up_.count(place) > 0) return false;
  const StudyRun* run = find(place);
  if (run == nullptr) return true;
  if (run->done() || run->failed()) return false;
  return run->state == RunState::Running || epochs == 0 || run->epochs < epochs;
}

bool StudyProgress::settled(const Trial& trial, int64_t epochs) const {
  const auto places = study_->placesOf(trial);
  return std::none_of(places.begin(), places.end(), [&](const StudyPlace& place) { return needs(place, epochs); });
}

// The mean over its trainings; none if one of them has failed.
std::optional<double> StudyProgress::trialScore(const Trial& trial, int64_t epochs) const {
  double sum = 0;
  const auto places = study_->placesOf(trial);
  for (const StudyPlace& place : places) {
    const StudyRun* run = find(place);
    if (run == nullptr || run->failed()) return {};
    const std::optional<double> score = epochs == 0 ? run->score : scoreAfter(*run, epochs);
    if (!score) return {};
    sum += *score;
  }
  return sum / static_cast<double>(places.size());
}

std::optional<std::vector<int64_t>> StudyProgress::survivors(size_t stage) const {
  // Nobody goes on before all trials are known.
  const StudySpec& spec = study_->spec();
  if (stage > 0 && spec.search == Search::Tpe && static_cast<int64_t>(study_->trials().size()) < spec.trials) return {};
  std::vector<int64_t> alive;
  for (const Trial& trial : study_->trials()) alive.push_back(trial.number);
  const auto all = stages();
  for (size_t s = 0; s < stage; ++s) {
    std::vector<std::pair<double, int64_t>> order;
    for (const int64_t number : alive) {
      const Trial& trial = study_->trials()[static_cast<size_t>(number)];
      if (!settled(trial, all[s])) return {};
      if (const auto score = trialScore(trial, all[s]))
        order.emplace_back(study_->largerIsBetter() ? -*score : *score, number);
    }
    std::sort(order.begin(), order.end());
    const auto factor = static_cast<size_t>(spec.halving_factor);
    order.resize(std::min(order.size(), std::max<size_t>(1, alive.size() / factor)));
    alive.clear();
    for (const auto& [score, number] : order) alive.push_back(number);
    std::sort(alive.begin(), alive.end());
  }
  return alive;
}

StudyStep StudyProgress::stepFor(const StudyPlace& place, int64_t epochs) const {
  StudyStep out{.place = place, .stop_after_epochs = epochs};
  const StudyRun* run = find(place);
  if (run != nullptr && hasCheckpoint(study_->projectFolder() / "runs" / run->id.text)) out.resume = run->id.text;
  return out;
}

std::vector<StudyStep> StudyProgress::next(Study& study, const std::set<StudyPlace>& busy,
                                           const std::set<StudyPlace>& given_up, size_t wanted) {
  given_up_ = given_up;
  std::vector<StudyStep> out;
  const auto take = [&](const Trial& trial, int64_t epochs) {
    for (const StudyPlace& place : study.placesOf(trial)) {
      if (out.size() >= wanted) return;
      const StudyRun* run = find(place);
      if (busy.count(place) > 0 || !needs(place, epochs) || (run != nullptr && run->state == RunState::Running))
        continue;
      out.push_back(stepFor(place, epochs));
    }
  };
  const auto all = stages();
  for (size_t stage = 0; stage < all.size() && out.size() < wanted; ++stage) {
    const auto alive = survivors(stage);
    if (!alive) break;
    for (const int64_t number : *alive) take(study.trials()[static_cast<size_t>(number)], all[stage]);
  }
  if (study.spec().search != Search::Tpe) return out;
  while (out.size() < wanted && static_cast<int64_t>(study.trials().size()) < study.spec().trials) {
    std::vector<Scored> known;
    for (const Trial& trial : study.trials())
      if (const auto score = trialScore(trial, all.front())) known.push_back({&trial, *score});
    study.add(proposeTpe(study.spec(), static_cast<int64_t>(study.trials().size()), known, study.largerIsBetter()));
    take(study.trials().back(), all.front());
  }
  return out;
}

}  // namespace blockyard
