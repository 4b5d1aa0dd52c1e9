// A shown inspector of a small project, and how a person reaches its fields.
#pragma once
#include <QtTest/QtTest>
#include <QtWidgets/QApplication>
#include <QtWidgets/QLabel>
#include <QtWidgets/QMenu>
#include <QtWidgets/QToolButton>
#include <memory>

#include "widgets/inspector/inspector.hpp"

namespace blockyard {

class InspectorFixture {
 protected:
  void start() {
    Project project{.name = "p"};
    project.variables = {{"hidden", 64}, {"curve", "tanh"}};
    project.pipelines.push_back({"main", {}});
    document_ = std::make_unique<Document>(std::move(project));
    inspector_ = std::make_unique<Inspector>(*document_);
    inspector_->resize(340, 900);
    inspector_->show();
    inspector_->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(inspector_.get()));
  }
  void end() {
    inspector_.reset();
    document_.reset();
  }
  // A block of this type with the id "b", shown.
  void showOne(const std::string& type) {
    document_->apply(AddNode{.node = {.id = {"b"}, .type = type}}, "add");
    inspector_->showBlock({"b"});
  }
  ParamRow* row(const char* name) const { return inspector_->findChild<ParamRow*>(QLatin1String(name)); }
  QWidget* field(const char* name) const { return row(name)->field(); }
  QLineEdit* line(const char* name) const { return field(name)->findChild<QLineEdit*>(); }
  QLabel* reason(const char* name) const { return row(name)->findChild<QLabel*>("reason"); }
  QToolButton* resetButton(const char* name) const { return row(name)->findChild<QToolButton*>("reset"); }
  const OrderedJson& params() const { return document_->graph().node({"b"}).params; }
  const OrderedJson& training() const { return document_->graph().training(); }
  // Types over what the field holds.
  void type(const char* name, const QString& text) {
    field(name)->setFocus();
    QTest::keyClick(field(name), Qt::Key_A, Qt::ControlModifier);
    QTest::keyClicks(field(name), text);
  }
  // The action of that text in the menu of a row, which opens.
  QAction* menuAction(const char* name, const QString& text) {
    const QPoint place(2, 2);
    QContextMenuEvent event(QContextMenuEvent::Keyboard, place, field(name)->mapToGlobal(place));
    QApplication::sendEvent(field(name), &event);
    auto* menu = qobject_cast<QMenu*>(QApplication::activePopupWidget());
    if (menu == nullptr) return nullptr;
    QList<QAction*> actions = menu->actions();
    for (QAction* action : menu->actions())
      if (action->menu() != nullptr) actions += action->menu()->actions();
    for (QAction* action : actions)
      if (action->text() == text) return action;
    return nullptr;
  }
  void closeMenu() {
    if (QWidget* menu = QApplication::activePopupWidget()) menu->close();
  }

  std::unique_ptr<Document> document_;
  std::unique_ptr<Inspector> inspector_;
};

}  // namespace blockyard
