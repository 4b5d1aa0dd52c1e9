// Document: the project that a window shows. Whoever wants to change it applies an Edit here; the edit goes on the undo
// stack with its inverse, the graph is checked again, and everybody who shows it hears of it. Values live in the
// project, never in a widget. GUI thread.
#pragma once
#include <QtCore/QFutureWatcher>
#include <QtCore/QObject>
#include <QtCore/QTimer>
#include <QtGui/QUndoStack>
#include <map>
#include <memory>

#include "blocks/block_type.hpp"
#include "graph/check.hpp"
#include "graph/project.hpp"

namespace blockyard {

class Document final : public QObject {
  Q_OBJECT

 public:
  explicit Document(Project project, QObject* parent = nullptr);
  ~Document() override;

  const Project& project() const { return project_; }
  // The pipeline on show: the root, or a composite in it that was opened.
  const std::string& pipeline() const { return trail_.back().pipeline; }
  // The pipeline that is trained.
  const std::string& root() const { return trail_.front().pipeline; }
  const Graph& graph() const { return project_.graph(pipeline()); }
  // Of the graph as it is now. What only a look into files can tell follows a moment later, with checked().
  const Checked& result();
  // The same of the whole root pipeline, with names such as "encoder/conv1".
  const Checked& rootResult();
  // What a block is: in the catalogue, or a composite of the project; nullptr if unknown. Valid as long as the
  // document.
  const BlockType* typeOf(const Node& node);

  // The way from the root to what is shown: each pipeline with the block that stands for it in the one before.
  struct Step {
    std::string pipeline{};
    std::string block{};
    bool operator==(const Step&) const = default;
  };
  const std::vector<Step>& trail() const { return trail_; }
  bool inComposite() const { return trail_.size() > 1; }
  // The name that a block on show has in the root: "encoder/conv1".
  std::string pathOf(const NodeId& block) const;
  // Shows the inside of a composite; false if the block is none.
  bool openComposite(const NodeId& block);
  // Goes back to a step of the trail; 0 is the root.
  void goUp(size_t step);

  QUndoStack& undoStack() { return undo_; }

  // Applies the edit as one act that undo calls `label`. Acts that follow each other with the same non-empty `merge`
  // are one (a drag, typing in a field); each must set all that those before it have set. False, with refused(), if the
  // graph does not take it; then nothing has changed.
  bool apply(const Edit& edit, const QString& label, const QString& merge = {});
  // Ends the merging: the next act is one of its own.
  void endMerge() { last_merge_.clear(); }
  // Shows another pipeline of the project.
  void showPipeline(const std::string& name);
  // Takes the place of the project shown; the undo stack starts anew.
  void setProject(Project project);
  // Writes the project durably. Throws Error.
  void save(const std::filesystem::path& file);
  // Looks into the sources' files again: they may have changed.
  void reread();
  // What others than the checks have found about the root pipeline, such as data that has changed; shown with the
  // problems until it is replaced.
  void setNotes(std::vector<Problem> notes);

 Q_SIGNALS:
  void replaced();                   // another project or root pipeline is shown
  void shown();                      // a composite was opened or left
  void changed();                    // the graph, its settings or the variables are others now
  void checked();                    // result() is new
  void refused(const QString& why);  // an edit was impossible

 private:
  friend class EditCommand;
  Edit change(const std::vector<Step>& trail, const Edit& edit);  // without the undo stack
  void show(std::vector<Step> trail);
  void checkSoon();
  void lookIntoFiles();

  Project project_;
  std::vector<Step> trail_{{}};
  QUndoStack undo_;
  QString last_merge_;
  Checked checked_, root_checked_;
  bool stale_ = true, root_stale_ = true;                         // they are of an older graph
  std::map<std::string, std::unique_ptr<BlockType>> composites_;  // by name and ports; kept, since items point to them
  QTimer check_timer_;
  PeekCache cache_;
  std::vector<Problem> notes_;
  struct Looked {
    int64_t number = 0;  // of the look: an older one does not count
    PeekCache cache{};
  };
  QFutureWatcher<std::shared_ptr<Looked>> look_;
  int64_t looks_ = 0;
  bool look_again_ = false;
};

}  // namespace blockyard
