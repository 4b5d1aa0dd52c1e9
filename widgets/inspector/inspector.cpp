#include "widgets/inspector/inspector.hpp"

#include <QtCore/QEvent>
#include <QtWidgets/QScrollBar>
#include <QtWidgets/QVBoxLayout>
#include <algorithm>

#include "blocks/catalog.hpp"
#include "widgets/inspector/param_text.hpp"

namespace blockyard {
namespace {

constexpr int kFormMargin = 10;

QLabel* plainLabel(const QString& text, QWidget* parent) {
  auto* out = new QLabel(text, parent);
  out->setTextFormat(Qt::PlainText);
  out->setWordWrap(true);
  return out;
}

const Signatures& signaturesOf(const std::map<NodeId, Signatures>& known, const NodeId& id) {
  static const Signatures kNone;
  const auto found = known.find(id);
  return found == known.end() ? kNone : found->second;
}

}  // namespace

Inspector::Inspector(Document& document, QWidget* parent)
    : QWidget(parent), document_(document), scroll_(new QScrollArea(this)) {
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->addWidget(scroll_);
  scroll_->setWidgetResizable(true);
  scroll_->setFrameShape(QFrame::NoFrame);
  scroll_->setFocusPolicy(Qt::NoFocus);
  connect(&document_, &Document::changed, this, &Inspector::follow);
  connect(&document_, &Document::checked, this, &Inspector::showResult);
  connect(&document_, &Document::replaced, this, &Inspector::showNothing);
  connect(&document_, &Document::shown, this, &Inspector::showNothing);
  showNothing();
}

QWidget* Inspector::freshPage() {
  header_ = nullptr;
  notes_ = nullptr;
  form_ = nullptr;
  ports_ = nullptr;
  auto* page = new QWidget;
  auto* layout = new QVBoxLayout(page);
  layout->setContentsMargins(kFormMargin, kFormMargin, kFormMargin, kFormMargin);
  layout->setSpacing(6);
  return page;
}

void Inspector::showPage(QWidget* page) {
  static_cast<QVBoxLayout*>(page->layout())->addStretch(1);
  // The old page may be the sender of the signal that leads here.
  if (QWidget* old = scroll_->takeWidget()) {
    old->hide();
    old->deleteLater();
  }
  scroll_->setWidget(page);
  fitWidth();
  page->show();
  showResult();
}

// With large texts a form needs more than its usual room; beyond that it is scrolled.
void Inspector::fitWidth() {
  constexpr int kNarrowest = 260, kWidestLetters = 60;
  const QWidget* page = scroll_->widget();
  const int needed =
      page == nullptr ? 0 : page->minimumSizeHint().width() + scroll_->verticalScrollBar()->sizeHint().width();
  setMinimumWidth(std::max(kNarrowest, std::min(needed, kWidestLetters * fontMetrics().averageCharWidth())));
}

void Inspector::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (event->type() == QEvent::FontChange) QMetaObject::invokeMethod(this, &Inspector::fitWidth, Qt::QueuedConnection);
}

void Inspector::showNothing() {
  block_.reset();
  QWidget* page = freshPage();
  if (document_.inComposite()) {
    page->layout()->addWidget(makeHeading(tr("Composite %1").arg(QString::fromStdString(document_.pipeline())), page));
    page->layout()->addWidget(plainLabel(tr("Its open ports are the wires that led out of it when it was folded, and "
                                            "every port inside that still needs a wire. "
                                            "The training is set in the pipeline around it."),
                                         page));
    return showPage(page);
  }
  page->layout()->addWidget(makeHeading(tr("Training of %1").arg(QString::fromStdString(document_.pipeline())), page));
  notes_ = new ProblemNotes(document_, NamePlace::Yes, page);
  page->layout()->addWidget(notes_);
  form_ = new ParamForm(document_, std::nullopt, trainingSections(), page);
  page->layout()->addWidget(form_);
  connect(form_, &ParamForm::helpWanted, this, [this](const QString& name) { Q_EMIT helpWanted({}, name); });
  connect(form_, &ParamForm::sweepWanted, this, &Inspector::sweepWanted);
  showPage(page);
}

void Inspector::showBlocks(const std::vector<NodeId>& blocks) {
  if (blocks.empty()) return showNothing();
  if (blocks.size() == 1) return showBlock(blocks.front());
  block_.reset();
  QWidget* page = freshPage();
  const QString title = tr("%n blocks are selected", "", static_cast<int>(blocks.size()));
  page->layout()->addWidget(makeHeading(title, page));
  QStringList names;
  for (const auto& id : blocks) names.push_back(QString::fromStdString(id.name));
  page->layout()->addWidget(plainLabel(names.join(QLatin1String(", ")), page));
  // Blocks of one type are set at once.
  const Node* first = document_.graph().find(blocks.front());
  const BlockType* type = first == nullptr ? nullptr : findBlockType(first->type);
  const bool alike = type != nullptr && std::all_of(blocks.begin(), blocks.end(), [&](const NodeId& id) {
                       const Node* node = document_.graph().find(id);
                       return node != nullptr && node->type == first->type;
                     });
  if (alike && !type->schema.params.empty()) {
    page->layout()->addWidget(
        makeHeading(tr("Parameters of all of them: %1").arg(QString::fromStdString(type->schema.title)), page));
    form_ = new ParamForm(document_, blocks.front(), {{QString(), type->schema.params}}, page,
                          {blocks.begin() + 1, blocks.end()});
    page->layout()->addWidget(form_);
    connect(form_, &ParamForm::helpWanted, this,
            [this, id = first->type](const QString& name) { Q_EMIT helpWanted(QString::fromStdString(id), name); });
  }
  showPage(page);
}

void Inspector::showBlock(const NodeId& block) {
  const Node* node = document_.graph().find(block);
  if (node == nullptr) return showNothing();
  if (block_ == block && type_ == node->type) return follow();
  buildBlock(*node);
}

void Inspector::buildBlock(const Node& node) {
  block_ = node.id;
  type_ = node.type;
  const auto& nodes = document_.graph().nodes();
  count_ = nodes.size();
  place_ = static_cast<size_t>(&node - nodes.data());
  const BlockType* type = document_.typeOf(node);
  QWidget* page = freshPage();
  auto* layout = static_cast<QVBoxLayout*>(page->layout());
  header_ = new BlockHeader(document_, node.id, type, page);
  layout->addWidget(header_);
  notes_ = new ProblemNotes(document_, NamePlace::Yes, page);
  layout->addWidget(notes_);
  connect(header_, &BlockHeader::helpWanted, this, [this] { Q_EMIT helpWanted(QString::fromStdString(type_), {}); });
  connect(header_, &BlockHeader::renamed, this, [this](const QString& name) {
    block_ = NodeId{name.toStdString()};
    if (form_ != nullptr) form_->setBlock(*block_);
  });
  if (type == nullptr) {
    buildUnknown(node, *layout);
  } else {
    const BlockSchema& schema = type->schema;
    if (!schema.params.empty()) layout->addWidget(makeHeading(tr("Parameters"), page));
    form_ = new ParamForm(document_, node.id, {{QString(), schema.params}}, page);
    layout->addWidget(form_);
    connect(form_, &ParamForm::helpWanted, this,
            [this](const QString& name) { Q_EMIT helpWanted(QString::fromStdString(type_), name); });
    connect(form_, &ParamForm::sweepWanted, this, &Inspector::sweepWanted);
    ports_ = new PortPanel(schema, page);
    layout->addWidget(ports_);
  }
  showPage(page);
}

// The settings of a block that this version does not know can be read, not changed.
void Inspector::buildUnknown(const Node& node, QVBoxLayout& layout) {
  QStringList lines;
  for (const auto& [name, value] : node.params.items())
    lines.push_back(QString::fromStdString(name + " = " + value.dump()));
  if (lines.isEmpty()) return;
  layout.addWidget(makeHeading(tr("Parameters"), layout.parentWidget()));
  layout.addWidget(plainLabel(lines.join(u'\n'), layout.parentWidget()));
}

// The block under another name: undo of a rename, or a rename elsewhere, leaves all blocks at their places.
const Node* Inspector::renamedBlock() const {
  const auto& nodes = document_.graph().nodes();
  if (nodes.size() != count_ || place_ >= nodes.size() || nodes[place_].type != type_) return nullptr;
  return &nodes[place_];
}

void Inspector::follow() {
  if (block_) {
    const Node* node = document_.graph().find(*block_);
    if (node == nullptr) node = renamedBlock();
    if (node == nullptr) return showNothing();
    if (node->type != type_) return buildBlock(*node);
    const auto& nodes = document_.graph().nodes();
    count_ = nodes.size();
    place_ = static_cast<size_t>(node - nodes.data());
    if (node->id != *block_) {
      block_ = node->id;
      header_->setBlock(*block_);
      if (form_ != nullptr) form_->setBlock(*block_);
    }
    header_->sync();
  }
  if (form_ != nullptr) form_->sync();
}

void Inspector::showResult() {
  if (notes_ == nullptr) return;
  const Checked& checked = document_.result();
  const std::string owner = block_ ? block_->name : "training";
  std::vector<Problem> own, general;
  for (const auto& problem : checked.problems) {
    if (problem.where.block != owner) continue;
    own.push_back(problem);
    const bool in_row = form_ != nullptr && form_->row(problem.where.parameter) != nullptr;
    if (!in_row) general.push_back(problem);
  }
  notes_->showProblems(std::move(general));
  if (form_ != nullptr) form_->showResult(own, columnsFor(document_.graph(), checked, block_));
  if (ports_ != nullptr && block_)
    ports_->showSignatures(signaturesOf(checked.inputs, *block_), signaturesOf(checked.outputs, *block_));
}

bool Inspector::focusFirstParameter() {
  const QList<ParamRow*> rows = form_ == nullptr ? QList<ParamRow*>() : form_->findChildren<ParamRow*>();
  for (const ParamRow* row : rows)
    if (row->isVisibleTo(form_)) return focusParameter(row->objectName());
  return false;
}

bool Inspector::focusParameter(const QString& name) {
  const ParamRow* row = form_ == nullptr ? nullptr : form_->row(name.toStdString());
  if (row == nullptr) return false;
  if (auto* find = form_->findChild<QLineEdit*>(QStringLiteral("find"))) find->clear();
  // A page that has just been made gets its size with the next turn of the event loop.
  QTimer::singleShot(0, row, [this, row] { scroll_->ensureWidgetVisible(row->field()); });
  row->field()->setFocus(Qt::OtherFocusReason);
  return true;
}

}  // namespace blockyard
