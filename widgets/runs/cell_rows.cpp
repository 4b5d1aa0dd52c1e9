#include "widgets/runs/cell_rows.hpp"

#include <QtConcurrent/QtConcurrentRun>
#include <QtWidgets/QVBoxLayout>
#include <algorithm>
#include <numeric>

#include "base/error.hpp"
#include "graph/plan.hpp"
#include "runs/run.hpp"
#include "widgets/charts/number_text.hpp"
#include "widgets/common/shape_splitter.hpp"
#include "widgets/runs/answer_tables.hpp"
#include "widgets/runs/compared_run.hpp"
#include "widgets/runs/row_list.hpp"
#include "widgets/runs/row_pictures.hpp"

namespace blockyard {
namespace {

constexpr size_t kMostRows = 500;  // whose inputs are read; a person looks at some

std::vector<size_t> rowsOfCell(const RowAnswers& answers, int truth, int answer) {
  std::vector<size_t> out;
  for (size_t i = 0; i < answers.size(); ++i)
    if (static_cast<int>(answers.truth[i]) == truth && static_cast<int>(answers.said[i]) == answer) out.push_back(i);
  // The surest first: where the answer is wrong, these tell most.
  std::stable_sort(out.begin(), out.end(),
                   [&](size_t a, size_t b) { return answers.probability[a] > answers.probability[b]; });
  return out;
}

std::vector<size_t> rowsByError(const RowAnswers& answers) {
  std::vector<size_t> out(answers.size());
  std::iota(out.begin(), out.end(), size_t{0});
  std::stable_sort(out.begin(), out.end(), [&](size_t a, size_t b) { return answers.error(a) > answers.error(b); });
  return out;
}

QString nameOfClass(const RowAnswers& answers, int index) {
  const auto at = static_cast<size_t>(index);
  return at < answers.names.size() ? QString::fromStdString(answers.names[at]) : QString::number(index);
}

}  // namespace

CellRows::CellRows(QWidget* parent) : QWidget(parent), list_(new RowList), pictures_(new RowPictures) {
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->addWidget(new ShapeSplitter(list_, 3, pictures_, 2));
  connect(list_, &RowList::rowChosen, pictures_, &RowPictures::showRow);
  connect(list_, &RowList::rowActivated, pictures_, &RowPictures::showRow);
  connect(pictures_, &RowPictures::rowChosen, list_, &RowList::chooseRow);
  connect(&finding_, &QFutureWatcherBase::finished, this, &CellRows::take);
  connect(list_, &RowList::rowActivated, this, [this](qint64 row) { Q_EMIT rowActivated(wanted_.run, row); });
  clear();
}

CellRows::~CellRows() {
  *stop_ = true;
  finding_.disconnect(this);
}

void CellRows::clear() {
  wanted_ = known_of_ = {};
  known_.reset();
  pending_ = false;
  *stop_ = true;
  pictures_->clear();
  list_->showMessage(tr("A click on a cell shows its rows"));
}

void CellRows::showCell(const std::filesystem::path& folder, const QString& run, Part part, const QString& head,
                        int truth, int answer) {
  ask({folder, run, part, head, truth, answer});
}

void CellRows::showLargestErrors(const std::filesystem::path& folder, const QString& run, Part part,
                                 const QString& head) {
  ask({folder, run, part, head, -1, -1});
}

void CellRows::ask(Wanted wanted) {
  if (wanted == wanted_) return;
  const bool other_run = wanted.folder != wanted_.folder || wanted.run != wanted_.run || wanted.part != wanted_.part ||
                         wanted.head != wanted_.head;
  wanted_ = std::move(wanted);
  pending_ = true;
  pictures_->clear();
  list_->showMessage(tr("Asking the trained pipeline again…"));
  if (!finding_.isRunning()) return start();
  if (other_run) *stop_ = true;  // take() asks anew
}

void CellRows::start() {
  stop_ = std::make_shared<std::atomic<bool>>(false);
  const Wanted& of = wanted_;
  const bool known = known_of_.folder == of.folder && known_of_.run == of.run && known_of_.part == of.part &&
                     known_of_.head == of.head;
  finding_.setFuture(
      QtConcurrent::run([of, known = known ? known_ : nullptr, stop = stop_] { return find(of, known, stop); }));
}

std::shared_ptr<CellRows::Found> CellRows::find(Wanted wanted, std::shared_ptr<const RowAnswers> known,
                                                std::shared_ptr<std::atomic<bool>> stop) {
  auto out = std::make_shared<Found>();
  out->wanted = std::move(wanted);
  const Wanted& of = out->wanted;
  try {
    const std::filesystem::path bundle = trainedPipelineOf(of.folder, of.run);
    PredictOptions options;
    options.stop = stop.get();
    options.head = of.head.toStdString();
    out->answers =
        known
            ? known
            : std::make_shared<const RowAnswers>(answersOnPart(bundle.string(), of.folder.string(), of.part, options));
    const RowAnswers& answers = *out->answers;
    const bool cell = of.truth >= 0;
    std::vector<size_t> rows = cell ? rowsOfCell(answers, of.truth, of.answer) : rowsByError(answers);
    const size_t all = rows.size();
    if (rows.size() > kMostRows) rows.resize(kMostRows);
    for (const size_t i : rows) {
      out->numbers.push_back(answers.rows[i]);
      out->texts.push_back(answers.task == RowAnswers::Task::Numbers
                               ? answers.saidText(i)
                               : QString::number(static_cast<double>(answers.probability[i]), 'f', 3).toStdString());
    }
    const Plan plan = planFromJson(Run::open(of.folder, of.run.toStdString()).record().plan);
    RowInputs inputs = inputsOfRows(plan, of.folder.string(), out->numbers, stop.get());
    out->rows = answersTable(answers, rows, inputs.table);
    out->pictures = std::move(inputs.pictures);
    const QString count = countText(static_cast<qint64>(all));
    out->title = cell ? tr("Rows of class %1 answered as %2: %3")
                            .arg(nameOfClass(answers, of.truth), nameOfClass(answers, of.answer), count)
                      : tr("Rows with the largest errors first: %1").arg(count);
    if (all > rows.size()) out->title += tr("; the first %1 are shown").arg(rows.size());
  } catch (const Error& error) {
    out->failure = QString::fromUtf8(error.what());
  }
  return out;
}

void CellRows::take() {
  const std::shared_ptr<Found> found = finding_.result();
  if (!pending_) return;
  if (!(found->wanted == wanted_) || *stop_) return start();
  pending_ = false;
  known_ = found->answers;
  known_of_ = found->wanted;
  if (found->failure.isEmpty()) {
    list_->showRows(found->rows, found->title);
    pictures_->show(std::move(found->pictures), found->numbers, found->texts);
  } else {
    list_->showMessage(found->failure);
  }
  Q_EMIT shown();
}

}  // namespace blockyard
