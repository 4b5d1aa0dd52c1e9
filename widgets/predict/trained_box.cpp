#include "widgets/predict/trained_box.hpp"

#include <QtConcurrent/QtConcurrentRun>
#include <QtCore/QFileInfo>
#include <QtWidgets/QFileDialog>
#include <algorithm>
#include <utility>

#include "export/trained_runs.hpp"
#include "widgets/charts/number_text.hpp"
#include "widgets/common/engine_link.hpp"
#include "widgets/runs/metric_order.hpp"

namespace blockyard {

// "20261121-114530-042a · accuracy 0.97 · wider network".
std::vector<TrainedBox::Choice> TrainedBox::choicesIn(const std::filesystem::path& folder) {
  std::vector<Choice> out;
  for (const TrainedRun& run : trainedRuns(folder)) {
    QString text = QString::fromStdString(run.record.id.text);
    if (const std::string part = bestPart(run.record.results); !part.empty()) {
      const auto& scores = run.record.results.at(part);
      if (const auto names = mainMetrics(scores); !names.empty())
        text += QStringLiteral(" · %1 %2")
                    .arg(QString::fromStdString(names.front()), shortNumber(scores.at(names.front())));
    }
    if (!run.record.purpose.empty()) text += QStringLiteral(" · ") + QString::fromStdString(run.record.purpose);
    out.push_back({text, run.bundle});
  }
  return out;
}

TrainedBox::TrainedBox(Files files, QWidget* parent) : QComboBox(parent), offered_(files) {
  setAccessibleName(tr("Trained pipeline"));
  setSizeAdjustPolicy(AdjustToMinimumContentsLengthWithIcon);
  setMinimumContentsLength(24);
  connect(&reading_, &QFutureWatcherBase::finished, this, &TrainedBox::take);
  connect(this, &QComboBox::activated, this, [this](int index) {
    if (offered_ == Files::Offered && index == count() - 1) return openDialog();
    latest_ = index == 0 && !runs_.empty();
    choose(itemData(index).toString().toStdString());
  });
  fill();
}

TrainedBox::~TrainedBox() {
  reading_.waitForFinished();
}

void TrainedBox::setFolder(const std::filesystem::path& project_folder) {
  folder_ = project_folder;
  latest_ = true;
  runs_.clear();
  files_.clear();
  choose({});
  refresh();
}

void TrainedBox::follow(EngineLink& link) {
  connect(&link, &EngineLink::finished, this, &TrainedBox::refresh);
}

void TrainedBox::refresh() {
  if (reading_.isRunning()) {
    read_again_ = true;
    return;
  }
  reading_.setFuture(QtConcurrent::run([folder = folder_]() -> std::vector<Choice> {
    try {
      return folder.empty() ? std::vector<Choice>() : choicesIn(folder);
    } catch (const std::exception&) {
      return {};  // the table of runs says what is wrong with the folder
    }
  }));
}

void TrainedBox::take() {
  if (std::exchange(read_again_, false)) return refresh();
  runs_ = reading_.result();
  const auto offers = [&](const std::vector<Choice>& list) {
    return std::any_of(list.begin(), list.end(), [&](const Choice& each) { return each.bundle == chosen_; });
  };
  const bool keep = !latest_ && (offers(runs_) || offers(files_));
  choose(keep ? chosen_ : runs_.empty() ? std::filesystem::path() : runs_.front().bundle);
}

void TrainedBox::fill() {
  const QSignalBlocker quiet(this);
  clear();
  for (size_t i = 0; i < runs_.size(); ++i)
    addItem(i == 0 ? tr("Latest: %1").arg(runs_[i].text) : runs_[i].text,
            QString::fromStdString(runs_[i].bundle.string()));
  for (const auto& file : files_) addItem(file.text, QString::fromStdString(file.bundle.string()));
  if (count() == 0) addItem(tr("None yet"), QString());
  if (offered_ == Files::Offered) addItem(tr("A bundle file…"));
  setCurrentIndex(std::max(0, findData(QString::fromStdString(chosen_.string()))));
}

void TrainedBox::choose(const std::filesystem::path& bundle) {
  const bool other = std::exchange(chosen_, bundle) != bundle;
  fill();
  if (other) Q_EMIT choiceChanged();
}

void TrainedBox::chooseRun(const QString& run) {
  latest_ = false;
  choose(bundleIn(folder_ / "runs" / run.toStdString()));
}

void TrainedBox::chooseFile(const QString& bundle) {
  const QFileInfo info(bundle);
  const std::filesystem::path path = info.absoluteFilePath().toStdString();
  if (std::none_of(files_.begin(), files_.end(), [&](const auto& known) { return known.bundle == path; }))
    files_.push_back({info.fileName(), path});
  latest_ = false;
  choose(path);
}

bool TrainedBox::chosenIsFile() const {
  return std::any_of(files_.begin(), files_.end(), [&](const auto& file) { return file.bundle == chosen_; });
}

QString TrainedBox::chosenRun() const {
  if (chosen_.empty() || chosenIsFile()) return {};
  return QString::fromStdString(chosen_.parent_path().filename().string());
}

void TrainedBox::openDialog() {
  fill();  // the list goes back to what is chosen
  auto* dialog = new QFileDialog(this, tr("A trained pipeline"), {}, tr("Bundles (*.safetensors)"));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setFileMode(QFileDialog::ExistingFile);
  connect(dialog, &QFileDialog::fileSelected, this, &TrainedBox::chooseFile);
  dialog->open();
}

}  // namespace blockyard
