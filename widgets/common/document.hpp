// Document: the project that a window shows. Whoever wants to change it applies an Edit here; the edit goes on the undo
// stack with its inverse, the graph is checked again, and everybody who shows it hears of it. Values live in the
// project, never in a widget. GUI thread.
#pragma once
#include <QtCore/QFutureWatcher>
#include <QtCore/QObject>
#include <QtCore/QTimer>
#include <QtGui/QUndoStack>
#include <memory>

#include "graph/check.hpp"
#include "graph/project.hpp"

namespace blockyard {

class Document final : public QObject {
  Q_OBJECT

 public:
  explicit Document(Project project, QObject* parent = nullptr);
  ~Document() override;

  const Project& project() const { return project_; }
  const std::string& pipeline() const { return pipeline_; }
  const Graph& graph() const { return project_.graph(pipeline_); }
  // Of the graph as it is now. What only a look into files can tell follows a moment later, with checked().
  const Checked& result();
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

 Q_SIGNALS:
  void replaced();                   // another project or pipeline is shown
  void changed();                    // the graph, its settings or the variables are others now
  void checked();                    // result() is new
  void refused(const QString& why);  // an edit was impossible

 private:
  friend class EditCommand;
  Edit change(const Edit& edit);  // without the undo stack
  void checkSoon();
  void lookIntoFiles();

  Project project_;
  std::string pipeline_;
  QUndoStack undo_;
  QString last_merge_;
  Checked checked_;
  bool stale_ = true;  // checked_ is of an older graph
  QTimer check_timer_;
  PeekCache cache_;
  struct Looked {
    int64_t number = 0;  // of the look: an older one does not count
    PeekCache cache{};
  };
  QFutureWatcher<std::shared_ptr<Looked>> look_;
  int64_t looks_ = 0;
  bool look_again_ = false;
};

}  // namespace blockyard
