#include "training/describe_data.hpp"

#include "blocks/catalog.hpp"
#include "blocks/inspect.hpp"
#include "blocks/source.hpp"

namespace blockyard {
namespace {

constexpr int64_t kLookedAt = 8192;  // a few hundredths of a second

std::string textIn(const Values& values, const char* name) {
  return values.has(name) ? values.text(name) : std::string();
}

}  // namespace

DataCard dataCard(const Plan& plan, Source& source) {
  DataCard card;
  for (const PlanNode& node : plan.nodes) {
    const BlockType* type = findBlockType(node.type);
    if (type == nullptr || type->schema.kind != Kind::Source) continue;
    card.source = node.type;
    card.origin = textIn(node.values, kOriginParam);
    card.licence = textIn(node.values, kLicenceParam);
  }
  const DataProfile profile = inspectHead(source, kLookedAt);
  card.fingerprint = profile.fingerprint;
  card.rows = source.rows();
  card.looked_at = profile.rows;
  for (const ColumnProfile& column : profile.columns)
    card.columns.push_back({column.name, column.type, column.missing});
  card.notes = notesOn(profile);
  return card;
}

}  // namespace blockyard
