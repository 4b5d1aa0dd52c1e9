#include "widgets/common/document.hpp"

#include <QtConcurrent/QtConcurrentRun>
#include <algorithm>
#include <utility>

#include "blocks/catalog.hpp"
#include "graph/composite.hpp"

namespace blockyard {

// An edit and its inverse. The first redo is skipped: the edit has been applied by then, since only that tells the
// inverse and whether the graph takes it.
class EditCommand final : public QUndoCommand {
 public:
  EditCommand(Document& document, Edit edit, Edit inverse, const QString& label, const QString& merge)
      : QUndoCommand(label),
        document_(document),
        trail_(document.trail()),
        edit_(std::move(edit)),
        inverse_(std::move(inverse)),
        merge_(merge) {}

  void undo() override { edit_ = document_.change(trail_, inverse_); }
  void redo() override {
    if (std::exchange(applied_, false)) return;
    inverse_ = document_.change(trail_, edit_);
  }
  int id() const override { return merge_.isEmpty() ? -1 : 1; }
  bool mergeWith(const QUndoCommand* next) override {
    const auto& later = static_cast<const EditCommand&>(*next);
    if (later.merge_ != merge_ || !later.joins_ || later.trail_ != trail_) return false;
    edit_ = later.edit_;  // it sets what this one has set, so that the inverse stays as it is
    return true;
  }
  void joinWithEarlier() { joins_ = true; }

 private:
  Document& document_;
  const std::vector<Document::Step> trail_;  // where it was done: undo shows that first
  Edit edit_, inverse_;
  QString merge_;
  bool applied_ = true;  // the first redo comes from QUndoStack::push
  bool joins_ = false;   // with the act before, if that has the same key
};

Document::Document(Project project, QObject* parent) : QObject(parent) {
  check_timer_.setSingleShot(true);
  connect(&check_timer_, &QTimer::timeout, this, [this] {
    Q_EMIT checked();
    lookIntoFiles();
  });
  connect(&look_, &QFutureWatcherBase::finished, this, [this] {
    const std::shared_ptr<Looked> looked = look_.result();
    if (looked->number == looks_) {
      cache_ = std::move(looked->cache);
      stale_ = root_stale_ = true;
      Q_EMIT checked();
    }
    if (std::exchange(look_again_, false)) lookIntoFiles();
  });
  setProject(std::move(project));
}

Document::~Document() {
  look_.waitForFinished();
}

void Document::setProject(Project project) {
  project_ = std::move(project);
  if (project_.pipelines.empty()) project_.pipelines.push_back({"main", {}});
  trail_ = {{project_.defaultPipeline(), {}}};
  undo_.clear();
  last_merge_.clear();
  cache_ = {};
  notes_.clear();
  checkSoon();
  Q_EMIT replaced();
}

void Document::showPipeline(const std::string& name) {
  static_cast<void>(project_.graph(name));  // throws if there is none
  if (trail_ == std::vector<Step>{{name, {}}}) return;
  trail_ = {{name, {}}};
  undo_.clear();
  notes_.clear();
  checkSoon();
  Q_EMIT replaced();
}

bool Document::apply(const Edit& edit, const QString& label, const QString& merge) {
  try {
    auto command = std::make_unique<EditCommand>(*this, edit, project_.apply(pipeline(), edit), label, merge);
    if (!merge.isEmpty() && merge == last_merge_) command->joinWithEarlier();
    last_merge_ = merge;
    undo_.push(command.release());
  } catch (const Error& error) {
    Q_EMIT refused(QString::fromUtf8(error.what()));
    return false;
  }
  checkSoon();
  Q_EMIT changed();
  return true;
}

Edit Document::change(const std::vector<Step>& trail, const Edit& edit) {
  last_merge_.clear();
  show(trail);
  Edit inverse = project_.apply(pipeline(), edit);
  checkSoon();
  Q_EMIT changed();
  return inverse;
}

void Document::save(const std::filesystem::path& file) {
  saveProject(project_, file);
  const bool moved = project_.file != file;
  project_.file = std::filesystem::absolute(file);
  undo_.setClean();
  if (moved) reread();
}

void Document::reread() {
  cache_ = {};
  checkSoon();
}

void Document::setNotes(std::vector<Problem> notes) {
  const auto same = [](const Problem& a, const Problem& b) {
    return a.text() == b.text() && a.fixes.size() == b.fixes.size();
  };
  if (std::ranges::equal(notes, notes_, same)) return;
  notes_ = std::move(notes);
  stale_ = root_stale_ = true;
  Q_EMIT checked();
}

const Checked& Document::result() {
  if (!inComposite()) return rootResult();
  if (std::exchange(stale_, false)) checked_ = checkAt(project_, root(), pathOf({}), Peek::No, &cache_);
  return checked_;
}

const Checked& Document::rootResult() {
  if (std::exchange(root_stale_, false)) {
    root_checked_ = check(project_, root(), Peek::No, &cache_);
    const auto is_there = [this](const Problem& note) {
      return note.where.block == "training" || project_.graph(root()).find({note.where.block}) != nullptr;
    };
    std::copy_if(notes_.begin(), notes_.end(), std::back_inserter(root_checked_.problems), is_there);
  }
  return root_checked_;
}

const BlockType* Document::typeOf(const Node& node) {
  if (const BlockType* type = findBlockType(node.type)) return type;
  const std::string name = compositeOf(node.type);
  if (project_.composite(name) == nullptr) return nullptr;
  BlockSchema schema = compositeSchema(project_, name);
  std::string key = name + '\n' + schema.doc;
  for (const auto* ports : {&schema.inputs, &schema.outputs})
    for (const Port& port : *ports) key += '\n' + port.name + ' ' + port.pattern;
  std::unique_ptr<BlockType>& type = composites_[key];
  if (!type) type = std::make_unique<BlockType>(BlockType{.schema = std::move(schema)});
  return type.get();
}

// ---- composites

// Of no block: of what is shown itself, without a slash at the end.
std::string Document::pathOf(const NodeId& block) const {
  std::string out;
  for (size_t i = 1; i < trail_.size(); ++i) out += (i > 1 ? "/" : "") + trail_[i].block;
  return out.empty() || block.name.empty() ? out + block.name : out + "/" + block.name;
}

void Document::show(std::vector<Step> trail) {
  if (trail == trail_) return;
  trail_ = std::move(trail);
  last_merge_.clear();
  checkSoon();
  Q_EMIT shown();
}

bool Document::openComposite(const NodeId& block) {
  const Node* node = graph().find(block);
  const std::string name = node == nullptr ? std::string() : compositeOf(node->type);
  if (project_.composite(name) == nullptr) return false;
  std::vector<Step> trail = trail_;
  trail.push_back({name, block.name});
  show(std::move(trail));
  return true;
}

void Document::goUp(size_t step) {
  if (step + 1 < trail_.size()) show({trail_.begin(), trail_.begin() + static_cast<int64_t>(step) + 1});
}

// Many edits in a row are checked once, when the event loop comes round.
void Document::checkSoon() {
  stale_ = root_stale_ = true;
  if (!check_timer_.isActive()) check_timer_.start();
}

void Document::lookIntoFiles() {
  ++looks_;
  if (look_.isRunning()) {
    look_again_ = true;
    return;
  }
  auto looked = std::make_shared<Looked>(Looked{looks_, cache_});
  look_.setFuture(QtConcurrent::run([looked, project = project_, pipeline = root()] {
    // Its problems are found again on the GUI thread; only the answers of the files are of use.
    static_cast<void>(check(project, pipeline, Peek::Yes, &looked->cache));
    return looked;
  }));
}

}  // namespace blockyard
