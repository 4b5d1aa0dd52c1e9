#include "export/preview_bundle.hpp"

#include "blocks/source.hpp"
#include "export/bundle.hpp"
#include "training/pipeline.hpp"

namespace blockyard {
namespace {

// The training settings may have changed: they do not matter to what has been trained.
bool sameWay(Plan trained, Plan now, const std::string& block) {
  if (trained.find(block) == nullptr || now.find(block) == nullptr) return false;
  trained = planUpTo(trained, block), now = planUpTo(now, block);
  now.training = trained.training;
  return trained.hash() == now.hash();
}

}  // namespace

std::optional<Preview> previewTrained(const std::string& bundle, const Plan& plan, const std::string& block,
                                      const std::string& port, const PreviewOptions& options) {
  Bundle trained(bundle);
  if (!sameWay(trained.plan(), plan, block)) return std::nullopt;
  const PipelineNode& node = trained.pipeline().nodes()[trained.pipeline().source()];
  std::shared_ptr<Source> source;
  guarded({.block = node.plan.id}, [&] {
    SourceSetup setup{.values = node.plan.values, .folder = plan.folder};
    setup.expected = &trained.inputs();
    setup.most_rows = options.rows + 1;  // one more tells whether there are more
    setup.stop = options.stop;
    source = node.type->open(setup);
  });
  Preview out = preview(trained.plan(), trained.pipeline(), *source, block, port, options);
  out.fitted = out.untrained = false;
  out.run = trained.run();
  return out;
}

}  // namespace blockyard
