// CanvasView: the window onto the canvas - pan, zoom, the search box at the cursor, the clipboard, drops, and every act
// on the selection as a slot, so that menus and shortcuts can call them.
#pragma once
#include <QtWidgets/QGraphicsView>
#include <QtWidgets/QLineEdit>

#include "widgets/canvas/block_search.hpp"
#include "widgets/canvas/canvas_scene.hpp"

namespace blockyard {

// What a drag of a block from the palette carries: the type's id.
constexpr const char* kBlockMime = "application/x-blockyard-block";
// The same for a block of the person's library: its file.
constexpr const char* kKeptMime = "application/x-blockyard-kept";

class CanvasView final : public QGraphicsView {
  Q_OBJECT

 public:
  explicit CanvasView(Document& document, QWidget* parent = nullptr);

  CanvasScene& canvas() { return *scene_; }
  BlockSearch& search() { return *search_; }
  QLineEdit* titleField() const { return title_; }  // nullptr unless a title is edited
  double zoom() const { return transform().m11(); }

  // Shows the block, selected, in the middle.
  void goTo(const NodeId& id);
  // Adds a block after the selected one, wired, or in the middle of the view.
  void addBlock(const std::string& type);
  // Adds a block of the person's library there.
  void addKept(const QString& file, QPointF at);
  // The composite that is selected, as the library keeps it, and its name. Throws Error if none is.
  std::pair<QString, Project> selectedComposite() const;

 public Q_SLOTS:
  void zoomIn() { zoomBy(1.25, viewport()->rect().center()); }
  void zoomOut() { zoomBy(0.8, viewport()->rect().center()); }
  // All of it in view; it stays so when the view changes its size, until somebody works on the canvas.
  void zoomToFit();
  void zoomToOne();
  void openSearch();
  void drawWire();  // from the selected block, by keyboard; see CanvasScene::startWireByKeys()
  void copy();
  void cut();
  void paste();
  void duplicate();
  void removeSelection();
  void bypassSelection();
  void selectAll();
  void selectNothing();
  void tidy();
  void align(blockyard::Side side);
  void frameSelection();
  void addNote();
  // Composites: puts the selected blocks into one, takes the selected ones apart, shows what is in one, goes back.
  void foldSelection();
  void unfoldSelection();
  void open(const QString& block);
  void openSelected();
  void leaveComposite();
  // A field over the title of the selected frame or block.
  void editTitle();
  void editFrame(int index);

 Q_SIGNALS:
  void zoomed(double factor);  // 1: texts on blocks are as large as those around the canvas
  void viewMoved();
  void filesDropped(const QStringList& paths);
  void settingsWanted();  // of the selected block, by Enter

 protected:
  void wheelEvent(QWheelEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mouseReleaseEvent(QMouseEvent* event) override;
  void mouseDoubleClickEvent(QMouseEvent* event) override;
  void dragEnterEvent(QDragEnterEvent* event) override;
  void dragMoveEvent(QDragMoveEvent* event) override;
  void dropEvent(QDropEvent* event) override;
  void scrollContentsBy(int dx, int dy) override;
  void resizeEvent(QResizeEvent* event) override;
  bool eventFilter(QObject* watched, QEvent* event) override;
  bool focusNextPrevChild(bool) override { return false; }  // Tab opens the search box

 private:
  void zoomBy(double factor, QPoint around);
  void setZoom(double factor);
  void moveSelection(int dx, int dy);
  void walk(int key);
  bool steerWire(int key);
  SizeOf boxes();
  void editText(const QRectF& where, const QString& text, std::function<void(const QString&)> done);
  void offerBlocks(const End& end, bool output, QPointF at);
  QRectF contents() const;
  QPointF cursorInScene() const;

  Document& document_;
  CanvasScene* scene_;
  BlockSearch* search_;
  QPointer<QLineEdit> title_;
  bool fitted_ = false;
  std::optional<QPoint> pan_;  // where the mouse was last while it pans
};

}  // namespace blockyard
