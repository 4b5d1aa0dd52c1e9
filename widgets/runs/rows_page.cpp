#include "widgets/runs/rows_page.hpp"

#include <QtConcurrent/QtConcurrentRun>
#include <QtWidgets/QComboBox>
#include <QtWidgets/QHBoxLayout>
#include <QtWidgets/QLabel>
#include <QtWidgets/QPushButton>
#include <QtWidgets/QVBoxLayout>

#include "base/error.hpp"
#include "blocks/catalog.hpp"
#include "widgets/charts/number_text.hpp"
#include "widgets/common/shape_splitter.hpp"
#include "widgets/common/theme.hpp"
#include "widgets/runs/answer_tables.hpp"
#include "widgets/runs/head_box.hpp"
#include "widgets/runs/row_list.hpp"
#include "widgets/runs/row_pictures.hpp"

namespace blockyard {
namespace {

// A table is not read a second time only to find no pictures in it.
bool givesPictures(const Plan& plan) {
  return std::any_of(plan.nodes.begin(), plan.nodes.end(), [](const PlanNode& node) {
    const BlockType* type = findBlockType(node.type);
    return type != nullptr && type->schema.kind == Kind::Source &&
           std::any_of(type->schema.outputs.begin(), type->schema.outputs.end(),
                       [](const Port& port) { return port.pattern.starts_with("image"); });
  });
}

}  // namespace

RowsPage::RowsPage(QWidget* parent)
    : QWidget(parent),
      first_(new QComboBox),
      second_(new QComboBox),
      part_(new QComboBox),
      which_(new QComboBox),
      find_(new QPushButton),
      summary_(new QLabel),
      warning_(new QLabel),
      list_(new RowList),
      pictures_(new RowPictures),
      heads_(new HeadBox) {
  first_->setAccessibleName(tr("First run"));
  second_->setAccessibleName(tr("Second run"));
  part_->setAccessibleName(tr("Rows that are asked about"));
  which_->setAccessibleName(tr("Rows that are shown"));
  part_->addItem(tr("test rows"), static_cast<int>(Part::Test));
  part_->addItem(tr("validation rows"), static_cast<int>(Part::Validation));
  which_->addItem(tr("all on which they disagree"), static_cast<int>(Which::All));
  which_->addItem(tr("only the first is right"), static_cast<int>(Which::FirstRight));
  which_->addItem(tr("only the second is right"), static_cast<int>(Which::SecondRight));
  which_->addItem(tr("both are wrong"), static_cast<int>(Which::NeitherRight));
  find_->setObjectName(QStringLiteral("find"));
  auto* strip = new QHBoxLayout;
  for (QComboBox* each : {first_, second_}) {
    each->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    strip->addWidget(new QLabel(each == first_ ? tr("First") : tr("Second")));
    strip->addWidget(each, 1);
    connect(each, &QComboBox::activated, this, &RowsPage::forget);
  }
  for (QWidget* each : std::initializer_list<QWidget*>{part_, heads_, find_, which_}) strip->addWidget(each);
  connect(part_, &QComboBox::activated, this, &RowsPage::forget);
  connect(heads_, &QComboBox::currentIndexChanged, this, &RowsPage::forget);
  connect(list_, &RowList::rowChosen, pictures_, &RowPictures::showRow);
  connect(list_, &RowList::rowActivated, pictures_, &RowPictures::showRow);
  connect(pictures_, &RowPictures::rowChosen, list_, &RowList::chooseRow);
  connect(which_, &QComboBox::activated, this, &RowsPage::showFound);
  connect(find_, &QPushButton::clicked, this, &RowsPage::find);
  connect(&asking_, &QFutureWatcherBase::finished, this, &RowsPage::take);
  connect(list_, &RowList::rowActivated, this,
          [this](qint64 row) { Q_EMIT rowActivated(first_->currentData().toString(), row); });
  summary_->setWordWrap(true);
  warning_->setWordWrap(true);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(4, 4, 4, 4);
  layout->addLayout(strip);
  layout->addWidget(summary_);
  layout->addWidget(warning_);
  layout->addWidget(new ShapeSplitter(list_, 3, pictures_, 2), 1);
  forget();
}

RowsPage::~RowsPage() {
  *stop_ = true;
  asking_.disconnect(this);
}

QString RowsPage::message() const {
  return (summary_->text() + QLatin1Char(' ') + warning_->text() + QLatin1Char(' ') + list_->title()).simplified();
}

void RowsPage::setRuns(const std::filesystem::path& folder, const std::vector<ComparedRun>& runs,
                       const std::vector<size_t>& order) {
  folder_ = folder;
  for (QComboBox* choice : {first_, second_}) {
    choice->clear();
    for (const size_t i : order) choice->addItem(runs[i].name, QString::fromStdString(runs[i].record.id.text));
    choice->setCurrentIndex(choice == first_ ? 0 : std::min(1, choice->count() - 1));
  }
  // Pipelines with one head each are compared whatever it is called.
  QStringList heads;
  bool several = false;
  for (const size_t i : order) {
    const QStringList own = runs[i].plan ? headsOf(*runs[i].plan) : QStringList();
    heads << own;
    several = several || own.size() > 1;
  }
  heads.removeDuplicates();
  heads_->setHeads(several ? heads : QStringList());
  forget();
}

// What was found is about other runs, or other rows.
void RowsPage::forget() {
  *stop_ = true;
  found_.reset();
  summary_->hide();
  warning_->hide();
  which_->setEnabled(false);
  pictures_->clear();
  find_->setText(tr("&Find the rows"));
  const bool two = first_->count() > 1 && first_->currentIndex() != second_->currentIndex();
  find_->setEnabled(two && !asking_.isRunning());
  list_->showMessage(two ? tr("Find asks both trained pipelines about the same rows")
                         : tr("Choose two runs to see where their answers differ"));
}

void RowsPage::find() {
  if (asking_.isRunning()) {
    *stop_ = true;
    return;
  }
  if (!find_->isEnabled()) return;
  forget();
  stop_ = std::make_shared<std::atomic<bool>>(false);
  list_->showMessage(tr("Asking both trained pipelines…"));
  find_->setText(tr("S&top"));
  asking_.setFuture(QtConcurrent::run([folder = folder_, first = first_->currentData().toString(),
                                       second = second_->currentData().toString(),
                                       part = static_cast<Part>(part_->currentData().toInt()), head = heads_->head(),
                                       stop = stop_] { return ask(folder, first, second, part, head, stop); }));
}

std::shared_ptr<RowsPage::Found> RowsPage::ask(const std::filesystem::path& folder, const QString& first,
                                               const QString& second, Part part, const QString& head,
                                               const std::shared_ptr<std::atomic<bool>>& stop) {
  auto out = std::make_shared<Found>();
  try {
    PredictOptions options;
    options.stop = stop.get();
    options.head = head.toStdString();
    out->what = disagreement(trainedPipelineOf(folder, first).string(), trainedPipelineOf(folder, second).string(),
                             folder.string(), part, options);
    std::vector<int64_t> rows;
    for (const size_t i : out->what.differing)
      if (rows.size() < kMostPictures) rows.push_back(out->what.first.rows[i]);
    const Plan plan = planFromJson(Run::open(folder, first.toStdString()).record().plan);
    if (givesPictures(plan)) out->pictures = inputsOfRows(plan, folder.string(), rows, stop.get()).pictures;
  } catch (const Error& error) {
    out->failure = QString::fromUtf8(error.what());
  }
  return out;
}

void RowsPage::take() {
  const bool stopped = *stop_;
  auto found = asking_.result();
  forget();
  if (stopped) return;
  if (!found->failure.isEmpty())
    list_->showMessage(found->failure);
  else
    found_ = std::move(found);
  showFound();
  Q_EMIT shown();
}

void RowsPage::showFound() {
  if (!found_) return;
  const Disagreement& what = found_->what;
  const bool numbers = what.first.task == RowAnswers::Task::Numbers;
  which_->setEnabled(!numbers);
  const auto which = numbers ? Which::All : static_cast<Which>(which_->currentData().toInt());
  // As the boxes above are called: the names of runs are too long for the head of a column.
  Table rows = disagreementTable(what, which, tr("first").toStdString(), tr("second").toStdString());
  QString text = tr("They disagree on %1 of %2 rows", "", pluralOf(static_cast<qint64>(what.first.size())))
                     .arg(countText(static_cast<qint64>(what.differing.size())),
                          countText(static_cast<qint64>(what.first.size())));
  if (!numbers) {
    qint64 first = 0, second = 0;
    for (const size_t i : what.differing) first += what.first.right(i), second += what.second.right(i);
    text += tr(": the first is right on %1 of them, the second on %2").arg(countText(first), countText(second));
  } else {
    text += tr(", the largest difference first");
  }
  summary_->setText(text);
  summary_->show();
  warning_->setVisible(what.learned_by_second > 0);
  warning_->setText(
      tr("The second run was trained on %1 of these rows, since its split is another one: there it may know "
         "the answers by heart.")
          .arg(countText(what.learned_by_second)));
  QPalette palette = warning_->palette();
  palette.setColor(QPalette::WindowText, warningColor());
  warning_->setPalette(palette);
  showPictures(rows);
  const auto count = rows.rows();
  list_->showRows(std::move(rows), tr("Rows shown: %1").arg(countText(count)));
}

// Of the rows in the list, as far as there are pictures of them.
void RowsPage::showPictures(const Table& rows) {
  const Disagreement& what = found_->what;
  std::map<int64_t, size_t> place_of;
  for (size_t place = 0; place < static_cast<size_t>(found_->pictures.count); ++place)
    place_of[what.first.rows[what.differing[place]]] = place;
  std::vector<size_t> places;
  std::vector<int64_t> numbers;
  std::vector<std::string> texts;
  for (const double number : rows.columns().front()->numbers) {
    const auto found = place_of.find(static_cast<int64_t>(number) - 1);
    if (found == place_of.end()) continue;
    const size_t i = what.differing[found->second];
    places.push_back(found->second), numbers.push_back(found->first);
    texts.push_back(what.first.saidText(i) + " / " + what.second.saidText(i));
  }
  pictures_->show(picked(found_->pictures, places), std::move(numbers), std::move(texts));
}

}  // namespace blockyard
