// ProjectCards: a list of projects, each with the picture of its pipeline, its name and what it is.
#pragma once
#include <QtWidgets/QListWidget>
#include <memory>

#include "graph/graph.hpp"

namespace blockyard {

class ProjectCards final : public QListWidget {
  Q_OBJECT

 public:
  // `empty` is shown while there is no project.
  ProjectCards(const QString& name, QString empty, QWidget* parent = nullptr);

  // Item data: the path is in Qt::UserRole.
  QListWidgetItem* add(const QString& path, const QString& title, const QString& text);
  void setPicture(QListWidgetItem& item, const std::shared_ptr<const Graph>& graph);

 Q_SIGNALS:
  void chosen(const QString& path);  // by click, double click or Enter

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  QString empty_;
};

}  // namespace blockyard
