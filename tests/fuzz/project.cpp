// Project files: whatever can be read is checked, planned, drawn and saved, and reads the same again.
#include "graph/project.hpp"

#include <nlohmann/json.hpp>

#include "fuzz.hpp"
#include "graph/check.hpp"
#include "graph/plan.hpp"
#include "graph/snapshot.hpp"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace blockyard;
  using namespace blockyard::fuzz;
  const std::string_view text = Input(data, size).rest();
  // A base would be a file of this machine.
  if (text.find("base") != std::string_view::npos || text.find("\\u") != std::string_view::npos) return 0;
  const std::string file = "/nowhere/a.blockyard";
  Project project;
  if (!refusal([&] { project = projectFromText(text, file); }).empty()) return 0;
  const std::string saved = projectText(project);
  if (const std::string again = projectText(projectFromText(saved, file)); again != saved)
    defect("saved:\n" + saved + "\nsaved again:\n" + again);
  for (const auto& pipeline : project.pipelines) {
    if (pipeline.composite) continue;
    Checked checked;
    refusal([&] {
      checked = check(project, pipeline.name, Peek::No);
      for (const Problem& problem : checked.problems) {
        refusal([&] { throw problem.error(); });
        for (const Fix& fix : problem.fixes) {
          Project fixed = project;
          fixed.apply(pipeline.name, fix.edit);
        }
      }
    });
    refusal([&] {
      const std::string kept = snapshotText(project, pipeline.name);
      Project other = project;
      for (const Edit& edit : restoring(project, pipeline.name, snapshotFromText(kept, file)).edits)
        other.apply(pipeline.name, edit);
    });
    refusal([&] {
      const Plan plan = makePlan(project, pipeline.name, checked);
      require(planFromJson(toJson(plan)).hash() == plan.hash(), "written and read again, it is another plan");
    });
  }
  return 0;
}
