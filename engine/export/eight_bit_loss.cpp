#include "export/eight_bit_loss.hpp"

#include "blocks/eight_bits.hpp"
#include "export/bundle.hpp"

namespace blockyard {

EightBitLoss eightBitLoss(const std::filesystem::path& bundle, const std::string& project_folder) {
  Bundle trained(bundle.string());
  EightBitLoss out{.before = trained.evaluatePart(project_folder, Part::Test)};
  const EightBits rounded;
  out.after = trained.evaluatePart(project_folder, Part::Test);
  return out;
}

}  // namespace blockyard
