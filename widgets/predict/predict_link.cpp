#include "widgets/predict/predict_link.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "data/csv_text.hpp"
#include "export/predict_files.hpp"

namespace blockyard {
namespace {

// More than this is of no use in a table on the screen, and has to fit into memory.
constexpr int64_t kMostLinkRows = 1'000'000;
constexpr size_t kMostScores = 20'000'000;

// Puts the answers of all calls together.
class Collector {
 public:
  void add(const Answers& part) {
    rows_ += part.table.rows();
    if (rows_ > kMostLinkRows)
      throw Error({}, "expected at most " + std::to_string(kMostLinkRows) + " rows, got more",
                  "\"blockyard predict TRAINED FILE -o answers.csv\" answers any number of them");
    tables_.push_back(part.table);
    asked_.push_back(part.rows);
    if (out_.scores.size() < part.scores.size()) out_.scores.resize(part.scores.size());
    for (size_t i = 0; i < part.scores.size(); ++i) {
      ClassScores& all = out_.scores[i];
      all.block = part.scores[i].block, all.classes = part.scores[i].classes;
      if (all.values.size() + part.scores[i].values.size() <= kMostScores)
        all.values.insert(all.values.end(), part.scores[i].values.begin(), part.scores[i].values.end());
    }
  }

  std::shared_ptr<const Answers> finish() {
    if (rows_ == 0) throw Error({}, "there are no rows");
    out_.table = Table::concat(tables_);
    // Files may differ in the classes of a column; then only the answers are shown.
    try {
      out_.rows = Table::concat(asked_);
    } catch (const Error&) {
      out_.rows = Table(rows_);
    }
    return std::make_shared<const Answers>(std::move(out_));
  }

 private:
  std::vector<Table> tables_, asked_;
  Answers out_;
  int64_t rows_ = 0;
};

}  // namespace

struct PredictLink::Work {
  std::atomic<int64_t> latest{0};
  std::atomic<bool> stop{false};
  // Of the worker thread alone.
  std::unique_ptr<Bundle> bundle{};
  std::filesystem::path file{};

  // The bundle, read if it is another one; true if it was.
  bool open(const std::filesystem::path& path) {
    if (path.empty())
      throw Error({}, "there is no trained pipeline to ask", "train the project, or choose a bundle file");
    if (bundle && file == path) return false;
    bundle.reset();
    PredictOptions options;
    options.stop = &stop;
    bundle = std::make_unique<Bundle>(path.string(), options);
    file = path;
    return true;
  }
};

PredictLink::PredictLink(QObject* parent) : QObject(parent), work_(std::make_unique<Work>()) {
  pool_.setMaxThreadCount(1);
  pool_.setExpiryTimeout(200);  // ms; a thread that has computed slows a training down as long as it is there
}

PredictLink::~PredictLink() {
  stop();
  pool_.waitForDone();
}

void PredictLink::stop() {
  work_->latest = ++latest_;
  work_->stop = true;
}

// Runs `work` on the thread, behind what runs there now.
void PredictLink::post(std::function<void()> work) {
  if (running_++ == 0) Q_EMIT busyChanged();
  pool_.start([this, work = std::move(work)] {
    work();
    QMetaObject::invokeMethod(this, [this] {
      if (--running_ == 0) Q_EMIT busyChanged();
    });
  });
}

// A question: those before it are told to stop, and what they say is not heard any more.
void PredictLink::ask(std::function<Say(Work&)> work) {
  stop();
  post([this, number = latest_, bundle = bundle_, work = std::move(work)] {
    work_->stop = false;  // before the look at `latest`, which is set before `stop` is
    if (work_->latest != number) return;
    Say say;
    try {
      if (work_->open(bundle))
        QMetaObject::invokeMethod(this, [this, bundle, inputs = work_->bundle->inputs()] {
          if (bundle == bundle_) Q_EMIT loaded(inputs);
        });
      say = work(*work_);
    } catch (const std::exception& failure) {
      const auto* known = dynamic_cast<const Error*>(&failure);
      say = [this, error = known != nullptr ? *known : Error({}, failure.what())] { Q_EMIT failed(error); };
    }
    QMetaObject::invokeMethod(this, [this, number, say = std::move(say)] {
      if (number == latest_ && say) say();
    });
  });
}

void PredictLink::open(const std::filesystem::path& bundle) {
  bundle_ = bundle;
  ask([](Work&) { return Say(); });
}

void PredictLink::askFiles(std::vector<std::string> files) {
  ask([this, files = std::move(files)](Work& work) -> Say {
    Collector all;
    predictFiles(*work.bundle, files, [&](const Answers& part) { all.add(part); });
    if (work.stop) return {};
    return [this, answers = all.finish()] { Q_EMIT answered(answers); };
  });
}

void PredictLink::askRow(std::string json) {
  ask([this, json = std::move(json)](Work& work) -> Say {
    Collector all;
    work.bundle->answer(*work.bundle->openJson(json, {}), [&](const Answers& part) { all.add(part); });
    if (work.stop) return {};
    return [this, answers = all.finish()] { Q_EMIT answered(answers); };
  });
}

void PredictLink::save(std::shared_ptr<const Answers> answers, const std::filesystem::path& file) {
  post([this, answers = std::move(answers), file] {
    try {
      std::string text;
      appendCsv(text, answers->table, CsvHeader::Yes);
      writeDurably(file, text);
      QMetaObject::invokeMethod(this, [this, file] { Q_EMIT saved(QString::fromStdString(file.string())); });
    } catch (const Error& error) {
      QMetaObject::invokeMethod(this, [this, error] { Q_EMIT failed(error); });
    }
  });
}

}  // namespace blockyard
