#include "widgets/inspector/locate_file.hpp"

#include <QtCore/QCoreApplication>
#include <QtWidgets/QFileDialog>

#include "blocks/catalog.hpp"
#include "data/file_bytes.hpp"
#include "data/npz.hpp"
#include "widgets/common/allowed_paths.hpp"

namespace blockyard {
namespace {

namespace fs = std::filesystem;

const Param* fileParam(const Node& node, const std::string& name) {
  const BlockType* type = findBlockType(node.type);
  const Param* param = type == nullptr ? nullptr : type->schema.findParam(name);
  return param != nullptr && param->role == Role::File ? param : nullptr;
}

std::string nameInProject(const Project& project, const fs::path& file) {
  if (project.file.empty()) return fs::absolute(file).string();
  const fs::path folder = project.folder();
  const fs::path relative = fs::absolute(file).lexically_normal().lexically_relative(fs::absolute(folder));
  return relative.empty() || *relative.begin() == ".." ? fs::absolute(file).string() : relative.string();
}

// The file that was found in the place of the old one; of an archive, with the same array in it.
std::string nameInProject(const Project& project, const fs::path& file, const std::string& old) {
  const std::string array = npzPath(old).array;
  return nameInProject(project, file) + (array.empty() ? "" : "/" + array);
}

bool isThere(const fs::path& file) {
  std::error_code code;
  return fs::exists(file, code);
}

}  // namespace

bool namesAMissingFile(const Graph& graph, const Problem& problem) {
  const Node* node = graph.find({problem.where.block});
  if (node == nullptr || fileParam(*node, problem.where.parameter) == nullptr) return false;
  return !problem.where.file.empty() && !isThere(problem.where.file);
}

Compound relocated(const Project& project, const std::string& pipeline, const Problem& problem, const fs::path& found) {
  Compound out{"", {}};
  const Variables variables = project.settledVariables();
  for (const Node& node : project.graph(pipeline).nodes()) {
    for (const auto& [name, stored] : node.params.items()) {
      if (!stored.is_string() || fileParam(node, name) == nullptr) continue;
      const OrderedJson settled = variables.replaced(stored);
      const std::string file = settled.is_string() ? settled.get<std::string>() : std::string();
      if (node.id.name == problem.where.block && name == problem.where.parameter) {
        out.edits.emplace_back(SetParam{node.id, name, nameInProject(project, found, file)});
        continue;
      }
      if (file.empty()) continue;
      const fs::path old = npzPath(pathFrom(project.folder(), file)).file;
      const fs::path beside = found.parent_path() / old.filename();
      if (!isThere(old) && isThere(beside))
        out.edits.emplace_back(SetParam{node.id, name, nameInProject(project, beside, file)});
    }
  }
  return out;
}

void locateFile(Document& document, const Problem& problem, QWidget* parent) {
  const QString name = QString::fromStdString(fs::path(problem.where.file).filename().string());
  auto* dialog = new QFileDialog(parent, QCoreApplication::translate("LocateFile", "Where is %1 now?").arg(name));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setFileMode(QFileDialog::ExistingFile);
  QObject::connect(dialog, &QFileDialog::fileSelected, parent, [&document, problem](const QString& path) {
    allowForGood(path);
    const Compound edit = relocated(document.project(), document.pipeline(), problem, path.toStdString());
    if (!edit.edits.empty()) document.apply(edit, QCoreApplication::translate("LocateFile", "Locate the file"));
  });
  dialog->open();
}

}  // namespace blockyard
