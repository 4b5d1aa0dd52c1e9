// StudySpec: a question to many trainings - which parameters are varied and how, over which seeds and folds, by which
// score, with which means. Plain data, kept in the study's folder; torch-free.
#pragma once
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/value.hpp"

namespace blockyard {

struct Project;

// One thing that is varied. Either choices, each of them one or more settings as on the command line, or a range of one
// setting.
struct Axis {
  std::string name{};  // what is shown: "hidden.out_features"
  struct Choice {
    std::string name{};  // "64"
    Texts settings{};    // {"hidden.out_features=64"}
    bool operator==(const Choice&) const = default;
  };
  std::vector<Choice> choices{};  // empty: a range

  double from = 0, to = 0;  // both may come
  bool logarithmic = false;
  double step = 0;       // 0: none
  bool integer = false;  // whole numbers only

  bool isRange() const { return choices.empty(); }
  // The settings of a value of this axis: of choice number `value`, or of the number itself.
  Texts settings(double value) const;
  std::string valueText(double value) const;
  // Brings a number of [0, 1) to a value: evenly over the choices, or over the range in its scale.
  double value(double uniform) const;
  // Where a value lies: 0 at the first choice or the lower end, 1 at the last or the upper one, in the range's scale.
  double position(double value) const;
  bool operator==(const Axis&) const = default;
};

enum class Search {
  Grid,     // every combination of the choices
  Random,   // Bergstra and Bengio, "Random search for hyper-parameter optimization", JMLR 2012
  Tpe,      // Bergstra et al., "Algorithms for hyper-parameter optimization", NeurIPS 2011
  Ablation  // the pipeline as it is, and each choice of each axis alone against it
};
const char* nameOf(Search search);  // "grid", "random", "tpe", "ablation"

struct StudySpec {
  std::string name{};
  std::string purpose{};
  std::string pipeline{};  // of the project
  Texts settings{};        // made for all trials alike, for the record
  Search search = Search::Grid;
  std::vector<Axis> axes{};
  int64_t trials = 0;    // random and tpe: how many
  int64_t seed = 0;      // of the search itself
  Integers seeds{0};     // every trial is trained with each of them
  int64_t folds = 0;     // and with each of so many folds; 0: none
  std::string metric{};  // of the validation rows; empty: what the training monitors
  // Successive halving (Jamieson and Talwalkar, AISTATS 2016): all trials train `halving_epochs` epochs, the best
  // 1/factor of them go on to factor times as many, until the epochs of the pipeline are reached. 0: off. A search that
  // learns learns from the scores of the first stage, which all trials have (as BOHB does on its smallest budget:
  // Falkner et al., ICML 2018).
  int64_t halving_factor = 0;
  int64_t halving_epochs = 1;
  int64_t at_once = 0;  // trainings side by side; 0: as many as cores and memory allow
  int64_t threads = 0;  // of each; 0: the cores divided by at_once
  bool operator==(const StudySpec&) const = default;

  // Trainings of one trial.
  int64_t runsPerTrial() const { return static_cast<int64_t>(seeds.size()) * (folds > 0 ? folds : 1); }
};

nlohmann::json toJson(const StudySpec& spec);
StudySpec specFromJson(const nlohmann::json& json, const std::string& file);

// "hidden.out_features=16,32,64" with | instead of commas where the values themselves have some. A choice may be
// several settings: "model.block=extractor/lstm & model.hidden=64". Throws Error (Usage).
Axis choicesFromText(const std::string& text);
// "training.learning_rate=1e-4..1e-1:log", "hidden.out_features=16..256:step 16". Whole numbers at both ends: whole
// numbers between them. Throws Error (Usage).
Axis rangeFromText(const std::string& text);
// One axis of ablations: "dropout1" is bypassed; "dropout1:remove" is taken out, "pool:replace extractor/avg_pool" is
// replaced. Throws Error (Usage).
Axis ablationFromTexts(const Texts& texts);

// What is wrong with it whatever the project; looks at no file. Throws the first Error.
void checkStudyShape(const StudySpec& spec);
// Everything that is wrong with it for this project, in which its settings have been made: names, values that are
// refused, pipelines that come out wrong. Throws the first Error.
void checkSpec(const StudySpec& spec, const Project& project);
// The metric and whether more of it is better.
std::string metricOf(const StudySpec& spec, const Project& project);

}  // namespace blockyard
