// A saved project on made-up rows, as a document: the ground of tests that train from widgets.
#pragma once
#include <QtCore/QTemporaryDir>
#include <memory>

#include "graph/templates.hpp"
#include "training/small_plan.hpp"
#include "widgets/common/document.hpp"

namespace blockyard::testing {

constexpr int kLong = 120000;  // milliseconds; only a training that hangs takes that

struct CloudsDocument {
  QTemporaryDir folder;
  std::unique_ptr<Document> document;

  // Trained for two epochs.
  explicit CloudsDocument(int rows) {
    writeClouds(folder, rows);
    Project project = projectFromTemplate("table", {.name = "clouds", .data = "clouds.csv", .target = {"kind"}});
    project.file = folder.filePath("clouds.blockyard").toStdString();
    saveProject(project, project.file);
    document = std::make_unique<Document>(std::move(project));
    document->apply(SetTraining{"epochs", OrderedJson(2)}, "set");
  }
};

}  // namespace blockyard::testing
