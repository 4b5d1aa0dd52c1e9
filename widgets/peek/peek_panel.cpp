#include "widgets/peek/peek_panel.hpp"

#include <QtWidgets/QCheckBox>
#include <QtWidgets/QComboBox>
#include <QtWidgets/QHBoxLayout>
#include <QtWidgets/QLabel>
#include <QtWidgets/QProgressBar>
#include <QtWidgets/QPushButton>
#include <QtWidgets/QSpinBox>

#include "blocks/catalog.hpp"
#include "widgets/charts/number_text.hpp"
#include "widgets/common/theme.hpp"

namespace blockyard {
namespace {

constexpr int kAfterChange = 400;  // ms: many edits in a row are one
constexpr int kPeekMilliseconds = 3000;
constexpr int kPeekSteps = 1000;

QString textOf(const End& end) {
  return QString::fromStdString(end.text());
}

// Where the sample comes from, in words.
QString aboutText(const Preview& preview) {
  QStringList parts;
  parts << QString::fromStdString(preview.sample.signature.text());
  const int plural = pluralOf(preview.sample.rows);
  parts << (preview.all_rows ? PeekPanel::tr("all %1 rows", "", plural)
                             : PeekPanel::tr("the first %1 rows", "", plural))
               .arg(countText(preview.sample.rows));
  if (preview.step >= 0) parts << PeekPanel::tr("after step %1 of the training").arg(countText(preview.step));
  if (!preview.run.empty()) parts << PeekPanel::tr("as trained by run %1").arg(QString::fromStdString(preview.run));
  if (preview.fitted) parts << PeekPanel::tr("fitted on these rows");
  if (preview.untrained) parts << PeekPanel::tr("weights not trained yet");
  return parts.join(QStringLiteral(" · "));
}

// Changes with whatever changes the sample: neither a block that was moved or does not lead here, nor how long a
// training is to be.
std::string hashOf(const PortPlan& way) {
  Plan plan = way.plan;
  plan.training = {{"seed", plan.training.integer("seed")}};
  return plan.hash() + way.block + "." + way.port;
}

}  // namespace

PeekPanel::PeekPanel(Document& document, EngineLink& link, QWidget* parent)
    : QWidget(parent), document_(document), link_(link) {
  setAccessibleName(tr("Peek"));
  build();
  listen();
  fillPorts();
  forget();
}

QHBoxLayout* PeekPanel::makeControls() {
  port_ = new QComboBox;
  port_->setObjectName(QStringLiteral("port"));
  port_->setAccessibleName(tr("Output port"));
  port_->setToolTip(tr("The output to look at. A click on a wire or on an output port chooses it, too"));
  port_->setPlaceholderText(tr("Choose an output"));
  port_->setMinimumContentsLength(18);
  port_->setSizeAdjustPolicy(QComboBox::AdjustToContents);
  about_ = new QLabel;
  about_->setObjectName(QStringLiteral("about"));
  about_->setTextInteractionFlags(Qt::TextSelectableByMouse);
  about_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
  rows_ = new QSpinBox;
  rows_->setObjectName(QStringLiteral("rows_wanted"));
  rows_->setRange(1, static_cast<int>(kMostPreviewRows));
  rows_->setValue(static_cast<int>(kPreviewRows));
  rows_->setSingleStep(100);
  rows_->setSuffix(tr(" rows"));
  rows_->setKeyboardTracking(false);
  rows_->setAccessibleName(tr("Rows to look at"));
  rows_->setToolTip(
      tr("How many rows of the source to look at, from the first one on. Before a training, blocks that "
         "are fitted are fitted on these rows"));
  follow_ = new QCheckBox(tr("&Follow the training"));
  follow_->setObjectName(QStringLiteral("follow"));
  follow_->setChecked(true);
  follow_->setToolTip(tr("Looks again every few seconds while the pipeline is trained"));
  refresh_ = new QPushButton(tr("&Look again"));
  refresh_->setObjectName(QStringLiteral("refresh"));
  refresh_->setToolTip(tr("Reads the rows anew: after a file has changed, or with the weights of the moment"));
  auto* out = new QHBoxLayout;
  out->addWidget(port_);
  out->addWidget(about_, 1);
  out->addWidget(follow_);
  out->addWidget(rows_);
  out->addWidget(refresh_);
  return out;
}

void PeekPanel::build() {
  QHBoxLayout* above = makeControls();
  bar_ = new QProgressBar;
  bar_->setRange(0, kPeekSteps);
  bar_->setTextVisible(false);
  constexpr int kThin = 4;
  bar_->setFixedHeight(kThin);
  bar_->setAccessibleName(tr("Progress of the look"));
  QSizePolicy place = bar_->sizePolicy();
  place.setRetainSizeWhenHidden(true);
  bar_->setSizePolicy(place);
  message_ = new QLabel;
  message_->setObjectName(QStringLiteral("message"));
  message_->setWordWrap(true);
  message_->setTextFormat(Qt::PlainText);
  message_->setTextInteractionFlags(Qt::TextSelectableByMouse);
  view_ = new SampleView;
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(4, 4, 4, 4);
  layout->setSpacing(3);
  layout->addLayout(above);
  layout->addWidget(bar_);
  layout->addWidget(message_);
  layout->addWidget(view_, 1);
  layout->addStretch(0);
  setFocusProxy(port_);
}

void PeekPanel::listen() {
  soon_.setSingleShot(true);
  connect(&soon_, &QTimer::timeout, this, &PeekPanel::update);
  follow_timer_.setInterval(kPeekMilliseconds);
  connect(&follow_timer_, &QTimer::timeout, this, [this] {
    if (isVisible() && follow_->isChecked() && link_.state() == EngineLink::State::Training && asked_ == 0 && output_)
      askTraining();
  });
  connect(port_, &QComboBox::activated, this, [this](int index) {
    const QString text = port_->itemText(index);
    const qsizetype dot = text.lastIndexOf(u'.');
    show({{text.left(dot).toStdString()}, text.mid(dot + 1).toStdString()});
  });
  connect(rows_, &QSpinBox::valueChanged, this, &PeekPanel::refresh);
  connect(refresh_, &QPushButton::clicked, this, [this] {
    document_.reread();
    refresh();
  });
  connect(&document_, &Document::checked, this, [this] {
    // What the check has found in the way may be gone.
    if (shown_hash_.empty() && !trains()) schedule(0);
  });
  connect(&document_, &Document::changed, this, [this] {
    fillPorts();
    if (!trains()) schedule(kAfterChange);
  });
  connect(&document_, &Document::replaced, this, [this] {
    bundle_.clear();
    fillPorts();
    forget();
  });
  connect(&job_, &PreviewJob::done, this, &PeekPanel::take);
  connect(&job_, &PreviewJob::failed, this, &PeekPanel::fail);
  connect(&job_, &PreviewJob::progress, this, [this](double share) {
    bar_->setRange(0, kPeekSteps);
    bar_->setValue(static_cast<int>(share * kPeekSteps));
  });
  connect(&link_, &EngineLink::previewed, this, [this](const Previewed& event) {
    if (event.number != asked_) return;
    asked_ = 0;
    if (event.error)
      fail(*event.error);
    else
      take(event.preview);
  });
  connect(&link_, &EngineLink::stateChanged, this, [this] {
    if (trains()) {
      follow_timer_.start();
      refresh();
    } else if (!link_.busy()) {
      follow_timer_.stop();
      // What the training had no time to answer is computed; what it has answered stays until something changes.
      if (std::exchange(asked_, 0) != 0) schedule(0);
    }
  });
}

bool PeekPanel::trains() const {
  return link_.state() == EngineLink::State::Training || link_.state() == EngineLink::State::Paused;
}

// ---- what to look at

void PeekPanel::fillPorts() {
  QStringList texts;
  for (const Node& node : document_.graph().nodes())
    if (const BlockType* type = findBlockType(node.type))
      for (const Port& port : type->schema.outputs) texts << textOf({node.id, port.name});
  QStringList now;
  for (int i = 0; i < port_->count(); ++i) now << port_->itemText(i);
  if (texts != now) {
    port_->clear();
    port_->addItems(texts);
  }
  if (output_ && !texts.contains(textOf(*output_))) forget();
  port_->setCurrentIndex(output_ ? static_cast<int>(texts.indexOf(textOf(*output_))) : -1);
}

void PeekPanel::forget() {
  job_.cancel();
  asked_ = 0;
  output_.reset();
  shown_hash_.clear();
  port_->setCurrentIndex(-1);
  view_->setSample(nullptr);
  view_->hide();
  about_->clear();
  say(tr("Click a wire or an output port to see what flows there."), Tone::Plain);
  showBusy();
}

void PeekPanel::show(const End& output) {
  if (output_ == output) return schedule(0);
  output_ = output;
  shown_hash_.clear();
  port_->setCurrentIndex(port_->findText(textOf(output)));
  job_.cancel();
  asked_ = 0;
  // What is on show is of another port: it is greyed until the new one is there.
  view_->setEnabled(false);
  about_->setText(tr("Looking…"));
  say({}, Tone::Plain);
  schedule(0);
}

void PeekPanel::showBlock(const NodeId& block) {
  if (output_ && output_->node == block) return;
  const Node* node = document_.graph().find(block);
  const BlockType* type = node == nullptr ? nullptr : findBlockType(node->type);
  if (type != nullptr && !type->schema.outputs.empty()) show({block, type->schema.outputs.front().name});
}

void PeekPanel::setTrained(const QString& bundle) {
  if (bundle.toStdString() == bundle_) return;
  bundle_ = bundle.toStdString();
  shown_hash_.clear();
  schedule(0);
}

void PeekPanel::refresh() {
  shown_hash_.clear();
  schedule(0);
}

void PeekPanel::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  schedule(0);
}

// ---- looking

void PeekPanel::schedule(int milliseconds) {
  if (output_) soon_.start(milliseconds);
}

void PeekPanel::update() {
  if (!output_ || !isVisible()) return;
  if (link_.busy())
    askTraining();
  else
    compute();
}

void PeekPanel::askTraining() {
  job_.cancel();
  if (asked_ == 0 || shown_hash_.empty()) {
    asked_ = ++last_number_;
    link_.askPreview({.number = asked_, .block = output_->node.name, .port = output_->port, .rows = rows_->value()});
  }
  shown_hash_ = "training";
  if (!trains()) say(tr("The training answers after its first batch."), Tone::Plain);
  showBusy();
}

void PeekPanel::compute() {
  try {
    PortPlan way = planUpTo(document_.project(), document_.pipeline(), document_.result(), *output_);
    const std::string hash = hashOf(way);
    if (hash == shown_hash_) return;
    shown_hash_ = hash;
    job_.start({std::move(way.plan), way.block, way.port, rows_->value(), bundle_});
    showBusy();
  } catch (const Error& error) {
    job_.cancel();
    shown_hash_.clear();
    fail(error);
  }
}

void PeekPanel::take(const std::shared_ptr<const Preview>& preview) {
  say({}, Tone::Plain);
  about_->setText(aboutText(*preview));
  about_->setToolTip(about_->text());
  view_->setSample({preview, &preview->sample});
  view_->setEnabled(true);
  view_->show();
  showBusy();
}

void PeekPanel::fail(const Error& error) {
  view_->setSample(nullptr);
  view_->hide();
  about_->clear();
  say(QString::fromUtf8(error.what()), Tone::Problem);
  showBusy();
}

void PeekPanel::say(const QString& text, Tone tone) {
  QPalette colours;
  if (tone == Tone::Problem) colours.setColor(QPalette::WindowText, problemColor());
  message_->setPalette(colours);
  message_->setText(text);
  message_->setVisible(!text.isEmpty());
}

void PeekPanel::showBusy() {
  if (busy()) bar_->setRange(0, 0);
  bar_->setVisible(busy());
}

QString PeekPanel::about() const {
  return about_->text();
}

QString PeekPanel::message() const {
  return message_->isVisibleTo(this) ? message_->text() : QString();
}

}  // namespace blockyard
